/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a request says about its asker: see asker-io.h. */

#include "ext/whep/http/asker-io.h"
#include "gst/access/query.h"

#include <string.h>

#define SCHEME "Bearer "

/* Returns: (nullable) (transfer full): the token of the header. */
static gchar *
dup_bearer (SoupServerMessage *message)
{
  const gchar *header =
      soup_message_headers_get_one (soup_server_message_get_request_headers (
                                        message),
          "Authorization");

  if (header == NULL ||
      g_ascii_strncasecmp (header, SCHEME, strlen (SCHEME)) != 0)
    return NULL;
  return g_strstrip (g_strdup (header + strlen (SCHEME)));
}

/* Returns: (transfer full): the query, with the header's token as if it had
 * been given there, so that the hook and the application find it in one
 * place. */
static gchar *
dup_query (SoupServerMessage *message)
{
  const gchar *query = g_uri_get_query (soup_server_message_get_uri (message));
  g_autofree gchar *bearer = dup_bearer (message);
  g_autofree gchar *escaped = NULL;

  if (query == NULL)
    query = "";
  if (bearer == NULL)
    return g_strdup (query);
  escaped = g_uri_escape_string (bearer, NULL, FALSE);
  return g_strconcat ("token=", escaped, *query == '\0' ? "" : "&", query,
      NULL);
}

void
whep_asker_init (WhepAsker *self, SoupServerMessage *message)
{
  const gchar *address = soup_server_message_get_remote_host (message);

  self->query = dup_query (message);
  self->token = access_query_get (self->query, "token");
  self->address = address == NULL ? "" : address;
  self->grant = (AccessGrant){ 0 };
  self->is_admin = FALSE;
}

void
whep_asker_clear (WhepAsker *self)
{
  access_grant_clear (&self->grant);
  g_clear_pointer (&self->query, g_free);
  g_clear_pointer (&self->token, g_free);
}
