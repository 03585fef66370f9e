/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A listening TCP socket. */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Listens on a literal @address ("::": all of them, IPv4 as well) and @port
 * (0: any free one). On a machine without IPv6, "::" is all of IPv4.
 *
 * Returns: (transfer full) (nullable): a non-blocking socket. */
GSocket *net_tcp_listen (const gchar *address, guint16 port, GError **error);

/* Returns: the port that @socket listens on. */
guint16 net_tcp_port (GSocket *socket);

G_END_DECLS
