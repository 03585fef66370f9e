/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a request says about its sender: see request-io.h. */

#include "ext/whep/http/request-io.h"

#include <string.h>

static SoupMessageHeaders *
headers (SoupServerMessage *message)
{
  return soup_server_message_get_request_headers (message);
}

void
whep_request_client (SoupServerMessage *message, gchar *client)
{
  const gchar *peer = soup_server_message_get_remote_host (message);

  whep_client_from_request (peer == NULL ? "" : peer,
      soup_message_headers_get_list (headers (message), "X-Forwarded-For"),
      client);
}

gchar *
whep_request_dup_address (SoupServerMessage *message)
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
  return whep_client_address_to_string (&address);
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
