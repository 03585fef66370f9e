/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sends requests without TLS to HTTPS: see httpsredirect-io.h. */

#include "ext/whep/http/httpsredirect-io.h"
#include "ext/whep/http/connections-io.h"
#include "ext/whep/http/reply-io.h"
#include "ext/whep/http/route.h"

#define HTTP_PORT 80

/* The port is named even if it is HTTP's own, because HTTPS has another one
 * by default, and ours serves both. */
static gchar *
location_of (GUri *uri)
{
  gint port = g_uri_get_port (uri);

  return g_uri_join (SOUP_HTTP_URI_FLAGS, "https", NULL, g_uri_get_host (uri),
      port > 0 ? port : HTTP_PORT, g_uri_get_path (uri), g_uri_get_query (uri),
      NULL);
}

void
whep_https_redirect_check (SoupServerMessage *message)
{
  GUri *uri = soup_server_message_get_uri (message);
  g_autofree gchar *location = NULL;
  WhepRoute route;

  if (whep_connections_is_secure (message) ||
      soup_server_message_get_status (message) != 0)
    return;
  whep_route_parse (g_uri_get_path (uri), &route);
  if (route.kind == WHEP_ROUTE_HEALTH)
    return;
  location = location_of (uri);
  whep_reply_moved_for_good (message, location);
}
