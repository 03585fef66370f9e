/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The origin's URL and its streams' names: see originurl.h. */

#include "gst/live/originurl.h"

#include <string.h>

#define DEFAULT_PORT 1935
#define DEFAULT_TLS_PORT 443

const gchar *
origin_url_init (OriginUrl *self, const gchar *text)
{
  g_autoptr (GUri) uri = g_uri_parse (text, G_URI_FLAGS_NONE, NULL);
  const gchar *path;

  *self = (OriginUrl){ 0 };
  if (uri == NULL)
    return "it is not a URL";
  self->is_tls = strcmp (g_uri_get_scheme (uri), "rtmps") == 0;
  if (!self->is_tls && strcmp (g_uri_get_scheme (uri), "rtmp") != 0)
    return "it begins neither with rtmp:// nor with rtmps://";
  if (g_uri_get_host (uri) == NULL || *g_uri_get_host (uri) == '\0')
    return "it has no host";
  path = g_uri_get_path (uri);
  if ((*path != '\0' && strcmp (path, "/") != 0) ||
      g_uri_get_query (uri) != NULL || g_uri_get_fragment (uri) != NULL ||
      g_uri_get_userinfo (uri) != NULL)
    return "there is more in it than a host and a port";
  self->host = g_strdup (g_uri_get_host (uri));
  self->port = g_uri_get_port (uri) > 0 ? g_uri_get_port (uri)
      : self->is_tls                    ? DEFAULT_TLS_PORT
                                        : DEFAULT_PORT;
  return NULL;
}

void
origin_url_clear (OriginUrl *self)
{
  g_clear_pointer (&self->host, g_free);
}

gboolean
origin_stream_init (OriginStream *self, const gchar *name, const gchar *token)
{
  const gchar *slash = strchr (name, '/');
  g_autofree gchar *escaped = NULL;

  *self = (OriginStream){ 0 };
  if (slash == NULL || slash == name || slash[1] == '\0')
    return FALSE;
  if (strpbrk (name, "?\\") != NULL || strlen (name) > ORIGIN_STREAM_MAX_BYTES)
    return FALSE;
  if (token != NULL)
    escaped = g_uri_escape_string (token, NULL, FALSE);
  self->app = g_strndup (name, slash - name);
  /* The edge's viewers wait for the answer: see docs/rtmp.md. */
  self->key = g_strconcat (slash + 1, "?wait=0", token != NULL ? "&token=" : "",
      escaped, NULL);
  return TRUE;
}

void
origin_stream_clear (OriginStream *self)
{
  g_clear_pointer (&self->app, g_free);
  g_clear_pointer (&self->key, g_free);
}
