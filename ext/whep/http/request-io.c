/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a request says: see request-io.h. */

#include "ext/whep/http/request-io.h"

#include <string.h>

#define ROUTE "whep-route"

/* A route points into its path. */
typedef struct
{
  GUri *uri;
  WhepRoute route;
} Parsed;

static SoupMessageHeaders *
headers (SoupServerMessage *message)
{
  return soup_server_message_get_request_headers (message);
}

static void
parsed_free (gpointer data)
{
  Parsed *parsed = data;

  g_uri_unref (parsed->uri);
  g_free (parsed);
}

const WhepRoute *
whep_request_route (SoupServerMessage *message)
{
  Parsed *parsed = g_object_get_data (G_OBJECT (message), ROUTE);

  if (parsed == NULL) {
    parsed = g_new (Parsed, 1);
    parsed->uri = g_uri_ref (soup_server_message_get_uri (message));
    whep_route_parse (g_uri_get_path (parsed->uri), &parsed->route);
    g_object_set_data_full (G_OBJECT (message), ROUTE, parsed, parsed_free);
  }
  return &parsed->route;
}

static const gchar *
peer_of (SoupServerMessage *message)
{
  const gchar *peer = soup_server_message_get_remote_host (message);

  return peer == NULL ? "" : peer;
}

/* Returns: (nullable) */
static const gchar *
forwarded_of (SoupServerMessage *message)
{
  return soup_message_headers_get_list (headers (message), "X-Forwarded-For");
}

void
whep_request_client (SoupServerMessage *message, gchar *client)
{
  whep_client_from_request (peer_of (message), forwarded_of (message), client);
}

static WhepAddress
address_of (SoupServerMessage *message)
{
  GInetSocketAddress *remote =
      G_INET_SOCKET_ADDRESS (soup_server_message_get_remote_address (message));
  GInetAddress *ip = g_inet_socket_address_get_address (remote);
  WhepAddress address = {
    .remote_ip = { [10] = 0xff, [11] = 0xff },
    .remote_port = g_inet_socket_address_get_port (remote),
  };
  gsize size = g_inet_address_get_native_size (ip);

  memcpy (address.remote_ip + sizeof (address.remote_ip) - size,
      g_inet_address_to_bytes (ip), size);
  return address;
}

gchar *
whep_request_dup_address (SoupServerMessage *message)
{
  WhepAddress address = address_of (message);

  return whep_client_address_to_string (&address);
}

gchar *
whep_request_dup_ip (SoupServerMessage *message, guint *port)
{
  gchar *ip =
      whep_client_dup_forwarded (peer_of (message), forwarded_of (message));
  WhepAddress address;

  *port = 0;
  if (ip != NULL)
    return ip;
  address = address_of (message);
  *port = address.remote_port;
  return whep_client_address_dup_ip (&address);
}

/* Replaces control characters, so that a log line stays a single line. */
gchar *
whep_request_dup_user_agent (SoupServerMessage *message)
{
  const gchar *said =
      soup_message_headers_get_one (headers (message), "User-Agent");
  gchar *agent;

  if (said == NULL || *said == '\0')
    return NULL;
  agent = g_strndup (said, WHEP_USER_AGENT_MAX);
  for (gchar *c = agent; *c != '\0'; c++)
    if (!g_ascii_isprint (*c))
      *c = '?';
  return agent;
}
