/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sends requests without TLS to HTTPS: see httpsredirect-io.h. */

#include "ext/whep/http/httpsredirect-io.h"
#include "ext/whep/http/clientaddress.h"
#include "ext/whep/http/connections-io.h"
#include "ext/whep/http/reply-io.h"
#include "ext/whep/http/request-io.h"

#define HTTP_PORT 80

/* Returns: (transfer full) (nullable): see whep_client_dup_scheme(). */
static gchar *
scheme_at_proxy (SoupServerMessage *message)
{
  const gchar *peer = soup_server_message_get_remote_host (message);

  return whep_client_dup_scheme (peer == NULL ? "" : peer,
      soup_message_headers_get_list (soup_server_message_get_request_headers (
                                         message),
          "X-Forwarded-Proto"));
}

/* The port is named even if it is HTTP's own, because HTTPS has another one
 * by default, and ours serves both. A proxy's two ports differ: -1 stands for
 * that of HTTPS. */
static gint
port_of (GUri *uri, gboolean is_proxied)
{
  if (is_proxied)
    return -1;
  return g_uri_get_port (uri) > 0 ? g_uri_get_port (uri) : HTTP_PORT;
}

void
whep_https_redirect_check (SoupServerMessage *message)
{
  GUri *uri = soup_server_message_get_uri (message);
  g_autofree gchar *scheme = scheme_at_proxy (message);
  gboolean is_secure = scheme != NULL ? g_str_equal (scheme, "https")
                                      : whep_connections_is_secure (message);
  g_autofree gchar *location = NULL;

  if (is_secure || soup_server_message_get_status (message) != 0)
    return;
  if (whep_request_route (message)->kind == WHEP_ROUTE_HEALTH)
    return;
  location = g_uri_join (SOUP_HTTP_URI_FLAGS, "https", NULL,
      g_uri_get_host (uri), port_of (uri, scheme != NULL), g_uri_get_path (uri),
      g_uri_get_query (uri), NULL);
  whep_reply_moved_for_good (message, location);
}
