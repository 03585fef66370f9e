/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The client that an address belongs to, for limits per client: an IPv4 address
 * or a 64-bit IPv6 network, because the holder of one address of such a network
 * has all of them (RFC 6177). Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The size of an IPv6 address. */
#define NET_IP_BYTES 16
/* Addresses are shorter: "2001:db8:1:2::/64" is the longest kind. */
#define NET_CLIENT_MAX 63

/* Reads a literal address into NET_IP_BYTES; IPv4 becomes v4-mapped. */
gboolean net_client_read_ip (const gchar *text, guint8 *ip);

/* In both, @client has room for NET_CLIENT_MAX + 1 characters. */
void net_client_from_ip (const guint8 *ip, gchar *client);
/* A text that is not an address (one with a scope id, on this link) is a client
 * of its own. */
void net_client_from_text (const gchar *text, gchar *client);

G_END_DECLS
