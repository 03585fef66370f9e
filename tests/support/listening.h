/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Accepts the connections of a SoupServer on 127.0.0.1, because libsoup 3.2
 * would leak a socket object with each connection that it accepts itself. */

#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* In the thread-default main context. @port: 0 for any, and set to what it is.
 */
GSocketService *listening_start (SoupServer *server, guint *port);

/* Also disconnects the clients of @server. */
void listening_stop (GSocketService *service, SoupServer *server);

G_END_DECLS
