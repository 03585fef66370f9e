/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The URL of a Redis server: see redisurl.h. */

#include "gst/directory/redisurl.h"

#include <string.h>

#define DEFAULT_PORT 6379
/* Redis has 16 unless its configuration says otherwise. */
#define MAX_DATABASE 65535

/* @path is empty, "/" or "/DB". */
static gboolean
read_database (const gchar *path, guint *database)
{
  guint64 number;

  *database = 0;
  if (*path == '\0' || strcmp (path, "/") == 0)
    return TRUE;
  if (!g_ascii_string_to_unsigned (path + 1, 10, 0, MAX_DATABASE, &number,
          NULL))
    return FALSE;
  *database = number;
  return TRUE;
}

static gchar *
dup_unless_empty (const gchar *text)
{
  return text != NULL && *text != '\0' ? g_strdup (text) : NULL;
}

const gchar *
directory_redis_url_init (DirectoryRedisUrl *self, const gchar *text)
{
  g_autoptr (GUri) uri = g_uri_parse (text, G_URI_FLAGS_HAS_PASSWORD, NULL);

  *self = (DirectoryRedisUrl){ 0 };
  if (uri == NULL)
    return "it is not a URL";
  self->is_tls = strcmp (g_uri_get_scheme (uri), "rediss") == 0;
  if (!self->is_tls && strcmp (g_uri_get_scheme (uri), "redis") != 0)
    return "it begins neither with redis:// nor with rediss://";
  if (g_uri_get_host (uri) == NULL || *g_uri_get_host (uri) == '\0')
    return "it has no host";
  if (!read_database (g_uri_get_path (uri), &self->database))
    return "its path is not the number of a database";
  if (g_uri_get_query (uri) != NULL || g_uri_get_fragment (uri) != NULL)
    return "there is more in it than a server and a database";
  self->host = g_strdup (g_uri_get_host (uri));
  self->port = g_uri_get_port (uri) > 0 ? g_uri_get_port (uri) : DEFAULT_PORT;
  self->user = dup_unless_empty (g_uri_get_user (uri));
  self->password = dup_unless_empty (g_uri_get_password (uri));
  return NULL;
}

void
directory_redis_url_clear (DirectoryRedisUrl *self)
{
  g_clear_pointer (&self->host, g_free);
  g_clear_pointer (&self->user, g_free);
  g_clear_pointer (&self->password, g_free);
}
