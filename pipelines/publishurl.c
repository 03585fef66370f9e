/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Checks the URL that the streamer publishes to: see publishurl.h. */

#include "pipelines/publishurl.h"

#include <string.h>

#define MAX_BYTES 4096
#define FORM "rtmp://HOST/APP/KEY"

/* An IPv6 address is in brackets and contains colons itself. */
static gchar *
port_fault (const gchar *host)
{
  const gchar *behind = strchr (host, ']');
  const gchar *colon = strchr (behind != NULL ? behind : host, ':');
  const gchar *port;
  guint64 number;

  if (colon == NULL)
    return NULL;
  port = colon + 1;
  if (g_ascii_string_to_unsigned (port, 10, 1, G_MAXUINT16, &number, NULL))
    return NULL;
  return g_strdup_printf ("\"%.16s\" is not a port; 1 to 65535 is allowed",
      port);
}

static gchar *
host_fault (const gchar *url, const gchar *authority)
{
  const gchar *at = strrchr (authority, '@');
  const gchar *host = at != NULL ? at + 1 : authority;

  if (*host == '[' && strchr (host, ']') == NULL)
    return g_strdup ("there is a \"[\" without its \"]\" in it");
  if (*host == '\0' || *host == ':')
    return g_strdup ("there is no host in it; it is " FORM);
  if (!g_uri_is_valid (url, G_URI_FLAGS_PARSE_RELAXED, NULL))
    return port_fault (host) ?: g_strdup ("it is not an address; it is " FORM);
  return port_fault (host);
}

static gchar *
path_fault (const gchar *path)
{
  gsize size = strcspn (path, "?");
  g_autofree gchar *name = g_strndup (path, size);
  const gchar *key = strchr (name, '/');

  if (*name == '\0' || *name == '/')
    return g_strdup ("there is no app in it; it is " FORM);
  if (key == NULL || key[1] == '\0')
    return g_strdup ("there is no key in it; it is " FORM);
  return NULL;
}

static gboolean
has_blank (const gchar *url)
{
  for (; *url != '\0'; url++)
    if (g_ascii_isspace (*url) || g_ascii_iscntrl (*url))
      return TRUE;
  return FALSE;
}

gchar *
publish_url_fault (const gchar *url)
{
  const gchar *behind = strstr (url, "://");
  g_autofree gchar *scheme = NULL;
  g_autofree gchar *authority = NULL;
  gsize host_size;
  gchar *fault;

  if (strlen (url) > MAX_BYTES || !g_utf8_validate (url, -1, NULL) ||
      has_blank (url))
    return g_strdup ("it contains blanks, is too long or is not UTF-8");
  if (behind == NULL)
    return g_strdup ("it is not an address; it is " FORM);
  scheme = g_ascii_strdown (url, behind - url);
  if (strcmp (scheme, "rtmp") != 0 && strcmp (scheme, "rtmps") != 0)
    return g_strdup_printf ("%.16s:// is not RTMP; it is " FORM
                            ", or with rtmps://",
        scheme);
  behind += strlen ("://");
  host_size = strcspn (behind, "/?#");
  authority = g_strndup (behind, host_size);
  fault = host_fault (url, authority);
  if (fault != NULL)
    return fault;
  if (behind[host_size] != '/')
    return g_strdup ("there is no app in it; it is " FORM);
  return path_fault (behind + host_size + 1);
}
