/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a request says about its sender. For the HTTP thread. */

#pragma once

#include "ext/whep/http/clientaddress.h"

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* The number of bytes of a User-Agent that are kept. */
#define WHEP_USER_AGENT_MAX 128

/* The client it is attributed to, see clientaddress.h. @client has room for
 * NET_CLIENT_MAX + 1 characters. */
void whep_request_client (SoupServerMessage *message, gchar *client);
/* Returns: (transfer full): IP:PORT of the connection's peer. */
gchar *whep_request_dup_address (SoupServerMessage *message);
/* Returns: (transfer full) (nullable): its User-Agent, printable. */
gchar *whep_request_dup_user_agent (SoupServerMessage *message);

G_END_DECLS
