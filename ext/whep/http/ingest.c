/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where and how to publish: see ingest.h. */

#include "ext/whep/http/ingest.h"
#include "ext/whep/http/json.h"

#include <string.h>

#define SEPARATORS ", \t\r\n"
/* The app that the documentation uses. */
#define DEFAULT_PATH "/live"

typedef struct
{
  const gchar *scheme; /* interned */
  gchar *host;         /* nullable: the page's host */
  guint port;
  gchar *path;
} Server;

struct _WhepIngest
{
  WhepIngestAccess access;
  GPtrArray *servers; /* of Server */
};

static void
server_free (gpointer data)
{
  Server *server = data;

  g_free (server->host);
  g_free (server->path);
  g_free (server);
}

WhepIngest *
whep_ingest_new (WhepIngestAccess access)
{
  WhepIngest *self = g_new0 (WhepIngest, 1);

  self->access = access;
  self->servers = g_ptr_array_new_with_free_func (server_free);
  return self;
}

void
whep_ingest_free (WhepIngest *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->servers);
  g_free (self);
}

static void
add (WhepIngest *self, const gchar *scheme, const gchar *host, guint port,
    const gchar *path)
{
  Server *server = g_new0 (Server, 1);

  server->scheme = g_intern_string (scheme);
  server->host = g_strdup (host);
  server->port = port;
  server->path = g_strdup (*path == '\0' ? DEFAULT_PATH : path);
  g_ptr_array_add (self->servers, server);
}

static gboolean
is_any (const gchar *address)
{
  return g_str_equal (address, "::") || g_str_equal (address, "0.0.0.0");
}

void
whep_ingest_add (WhepIngest *self, const gchar *scheme, const gchar *address,
    guint port)
{
  add (self, scheme, is_any (address) ? NULL : address, port, "");
}

/* The default port of RTMPS is that of HTTPS. */
static guint
default_port (const gchar *scheme)
{
  return g_str_equal (scheme, "rtmp") ? 1935 : 443;
}

static gboolean
add_url (WhepIngest *self, const gchar *text)
{
  g_autoptr (GUri) uri = g_uri_parse (text, G_URI_FLAGS_ENCODED_PATH, NULL);
  const gchar *scheme, *host;

  if (uri == NULL || self->servers->len == WHEP_INGEST_MAX_URLS)
    return FALSE;
  scheme = g_uri_get_scheme (uri);
  host = g_uri_get_host (uri);
  if (!g_str_equal (scheme, "rtmp") && !g_str_equal (scheme, "rtmps"))
    return FALSE;
  /* The URL is shown to everyone, so it must not contain a secret. */
  if (host == NULL || *host == '\0' || g_uri_get_userinfo (uri) != NULL ||
      g_uri_get_query (uri) != NULL)
    return FALSE;
  add (self, scheme, host,
      g_uri_get_port (uri) > 0 ? g_uri_get_port (uri) : default_port (scheme),
      g_uri_get_path (uri));
  return TRUE;
}

gboolean
whep_ingest_add_urls (WhepIngest *self, const gchar *list, GError **error)
{
  g_auto (GStrv) texts = g_strsplit_set (list, SEPARATORS, -1);

  for (guint i = 0; texts[i] != NULL; i++) {
    if (*texts[i] == '\0' || add_url (self, texts[i]))
      continue;
    g_set_error (error, G_URI_ERROR, G_URI_ERROR_FAILED,
        "URL %u for publishers is not rtmp://HOST:PORT/APP or "
        "rtmps://HOST:PORT/APP, or there are more than %u",
        self->servers->len + 1, WHEP_INGEST_MAX_URLS);
    return FALSE;
  }
  return TRUE;
}

static void
add_server (JsonBuilder *json, const Server *server)
{
  gboolean is_v6 = server->host != NULL && strchr (server->host, ':') != NULL;
  g_autofree gchar *host =
      is_v6 ? g_strdup_printf ("[%s]", server->host) : g_strdup (server->host);

  json_builder_begin_object (json);
  whep_json_add_text (json, "scheme", server->scheme);
  whep_json_add_text (json, "host", host);
  whep_json_add_number (json, "port", server->port);
  whep_json_add_text (json, "path", server->path);
  json_builder_end_object (json);
}

gchar *
whep_ingest_to_json (const WhepIngest *self)
{
  static const gchar *const accesses[] = {
    [WHEP_INGEST_OPEN] = "open",
    [WHEP_INGEST_KEYS] = "keys",
    [WHEP_INGEST_ASKED] = "asked",
  };
  g_autoptr (JsonBuilder) json = json_builder_new ();

  json_builder_begin_object (json);
  json_builder_set_member_name (json, "servers");
  json_builder_begin_array (json);
  for (guint i = 0; self != NULL && i < self->servers->len; i++)
    add_server (json, self->servers->pdata[i]);
  json_builder_end_array (json);
  if (self != NULL)
    whep_json_add_text (json, "access", accesses[self->access]);
  json_builder_end_object (json);
  return whep_json_to_text (json);
}
