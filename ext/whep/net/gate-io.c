/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The gate: see gate-io.h. */

#include "ext/whep/net/gate-io.h"
#include "ext/whep/category.h"
#include "ext/whep/net/reply-io.h"
#include "ext/whep/net/viewkeys.h"

#include <glib/gstdio.h>
#include <string.h>

WHEP_CATEGORY ("whepgate", "Who may watch by WHEP");

#define SCHEME "Bearer "

struct _WhepGate
{
  gchar *path;        /* nullable: everybody may watch */
  WhepViewKeys *keys; /* nullable: the file can't be read */
  GStatBuf seen;      /* the file, when it was last read */
};

static WhepViewKeys *
read_keys (const gchar *path, const GStatBuf *file, GError **error)
{
  g_autofree gchar *text = NULL;
  WhepViewKeys *keys;
  guint bad_line;
  gsize size;

  if (file->st_size > WHEP_VIEWKEYS_MAX_BYTES) {
    g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
        "“%s” is longer than %d bytes", path, WHEP_VIEWKEYS_MAX_BYTES);
    return NULL;
  }
  if (!g_file_get_contents (path, &text, &size, error))
    return NULL;
  keys = whep_viewkeys_parse (text, size, &bad_line);
  if (keys == NULL)
    g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
        "“%s”, line %u: not “APP/KEY SECRET”", path, bad_line);
  return keys;
}

static gboolean
has_changed (const GStatBuf *a, const GStatBuf *b)
{
  return a->st_ino != b->st_ino || a->st_dev != b->st_dev ||
      a->st_size != b->st_size || a->st_mtim.tv_sec != b->st_mtim.tv_sec ||
      a->st_mtim.tv_nsec != b->st_mtim.tv_nsec;
}

/* Returns FALSE when the file has become bad. It is then read again once it has
 * changed; until then there are no keys. */
static gboolean
refresh (WhepGate *self, GError **error)
{
  GStatBuf now = { 0 };

  if (g_stat (self->path, &now) != 0) {
    g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (errno),
        "“%s”: %s", self->path, g_strerror (errno));
    g_clear_pointer (&self->keys, whep_viewkeys_free);
    memset (&self->seen, 0, sizeof (self->seen));
    return FALSE;
  }
  if (!has_changed (&now, &self->seen))
    return TRUE;
  self->seen = now;
  g_clear_pointer (&self->keys, whep_viewkeys_free);
  self->keys = read_keys (self->path, &now, error);
  return self->keys != NULL;
}

WhepGate *
whep_gate_new (const gchar *path, GError **error)
{
  WhepGate *self = g_new0 (WhepGate, 1);

  if (path != NULL && *path != '\0')
    self->path = g_strdup (path);
  if (self->path != NULL && !refresh (self, error)) {
    whep_gate_free (self);
    return NULL;
  }
  return self;
}

void
whep_gate_free (WhepGate *self)
{
  if (self == NULL)
    return;
  whep_viewkeys_free (self->keys);
  g_free (self->path);
  g_free (self);
}

/* Returns: (nullable): the header's token, or else the query's. */
static gchar *
dup_token (SoupServerMessage *message)
{
  const gchar *header =
      soup_message_headers_get_one (soup_server_message_get_request_headers (
                                        message),
          "Authorization");
  const gchar *query = g_uri_get_query (soup_server_message_get_uri (message));
  g_autoptr (GHashTable) form = NULL;

  if (header != NULL &&
      g_ascii_strncasecmp (header, SCHEME, strlen (SCHEME)) == 0)
    return g_strstrip (g_strdup (header + strlen (SCHEME)));
  if (query == NULL)
    return NULL;
  form = soup_form_decode (query);
  return g_strdup (g_hash_table_lookup (form, "token"));
}

/* RFC 6750 section 3: a request without a token isn't told of an error. */
static void
refuse (SoupServerMessage *message, gboolean has_token)
{
  soup_message_headers_replace (soup_server_message_get_response_headers (
                                    message),
      "WWW-Authenticate",
      has_token ? "Bearer error=\"invalid_token\"" : "Bearer");
  whep_reply_problem (message, SOUP_STATUS_UNAUTHORIZED,
      has_token ? "The token doesn't allow to watch this stream."
                : "To watch this stream, a token is needed.");
}

gboolean
whep_gate_pass (WhepGate *self, SoupServerMessage *message, const gchar *stream)
{
  g_autoptr (GError) error = NULL;
  g_autofree gchar *token = NULL;

  if (self->path == NULL)
    return TRUE;
  if (!refresh (self, &error))
    GST_WARNING ("nobody may watch: %s", error->message);
  token = dup_token (message);
  if (token != NULL && self->keys != NULL &&
      whep_viewkeys_allow (self->keys, stream, token))
    return TRUE;
  GST_INFO ("%s: a viewer has %s", stream,
      token == NULL ? "no token" : "a token that isn't the stream's");
  refuse (message, token != NULL);
  return FALSE;
}
