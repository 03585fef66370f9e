/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The client at the other end of a socket. */

#pragma once

#include "gst/net/client.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* @client has room for NET_CLIENT_MAX + 1 characters; it is empty once the peer
 * has gone. */
void whep_socket_client (GSocket *socket, gchar *client);

G_END_DECLS
