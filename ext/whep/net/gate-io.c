/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The gate: see gate-io.h. */

#include "ext/whep/net/gate-io.h"
#include "ext/whep/category.h"
#include "ext/whep/net/reply-io.h"
#include "gst/access/keysfile-io.h"

#include <string.h>

WHEP_CATEGORY ("whepgate", "Who may watch by WHEP");

#define SCHEME "Bearer "

struct _WhepGate
{
  AccessKeysFile *keys; /* nullable: everybody may watch */
};

WhepGate *
whep_gate_new (const gchar *path, GError **error)
{
  WhepGate *self = g_new0 (WhepGate, 1);

  if (path == NULL || *path == '\0')
    return self;
  self->keys = access_keysfile_new (path, error);
  if (self->keys == NULL)
    g_clear_pointer (&self, whep_gate_free);
  return self;
}

void
whep_gate_free (WhepGate *self)
{
  if (self == NULL)
    return;
  access_keysfile_free (self->keys);
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
  whep_reply_problem (message,
      has_token ? WHEP_PROBLEM_TOKEN_REFUSED : WHEP_PROBLEM_TOKEN_NEEDED,
      has_token ? "The token doesn't allow to watch this stream."
                : "To watch this stream, a token is needed.");
}

gboolean
whep_gate_pass (WhepGate *self, SoupServerMessage *message, const gchar *stream)
{
  g_autoptr (GError) error = NULL;
  g_autofree gchar *token = NULL;
  const AccessKeys *keys;

  if (self->keys == NULL)
    return TRUE;
  keys = access_keysfile_read (self->keys, &error);
  if (error != NULL)
    GST_WARNING ("nobody may watch: %s", error->message);
  token = dup_token (message);
  if (token != NULL && keys != NULL && access_keys_allow (keys, stream, token))
    return TRUE;
  GST_INFO ("%s: a viewer has %s", stream,
      token == NULL ? "no token" : "a token that isn't the stream's");
  refuse (message, token != NULL);
  return FALSE;
}
