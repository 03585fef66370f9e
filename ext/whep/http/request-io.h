/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a request asks for, and what it says about its sender. For the HTTP
 * thread. */

#pragma once

#include "ext/whep/http/clientaddress.h"
#include "ext/whep/http/route.h"

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* The number of bytes of a User-Agent that are kept. */
#define WHEP_USER_AGENT_MAX 128

/* Returns: (transfer none): its path, parsed at the first call; valid as long
 * as @message. */
const WhepRoute *whep_request_route (SoupServerMessage *message);

/* The client it is attributed to, see clientaddress.h. @client has room for
 * NET_CLIENT_MAX + 1 characters. */
void whep_request_client (SoupServerMessage *message, gchar *client);
/* Returns: (transfer full): IP:PORT of the connection's peer. */
gchar *whep_request_dup_address (SoupServerMessage *message);
/* Returns: (transfer full): the IP address alone; behind a proxy on this
 * machine, the one that it names. @port is (out); 0: only the proxy knows. */
gchar *whep_request_dup_ip (SoupServerMessage *message, guint *port);
/* Returns: (transfer full) (nullable): its User-Agent, printable. */
gchar *whep_request_dup_user_agent (SoupServerMessage *message);

G_END_DECLS
