/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which client a request or a datagram counts for, where what one client may
 * have is limited. Pure. */

#pragma once

#include "ext/whep/viewer/outbox.h"

G_BEGIN_DECLS

/* "2001:db8:1:2::/64" is the longest kind that is an address. */
#define WHEP_CLIENT_MAX 63

/* @client has room for WHEP_CLIENT_MAX + 1 characters. An IPv4 address is a
 * client, and so is an IPv6 network of 64 bits: whoever has one address of it
 * has them all (RFC 6177). */
void whep_client_from_address (const WhepAddress *address, gchar *client);

/* The client behind a request from @peer. @forwarded is its X-Forwarded-For, or
 * NULL; it counts if a proxy on this machine says so, and then the last of its
 * addresses: those before it are the client's own words. */
void whep_client_from_request (const gchar *peer, const gchar *forwarded,
    gchar *client);

/* Returns: (transfer full): "192.0.2.1:5000" or "[2001:db8::1]:5000". */
gchar *whep_client_address_to_string (const WhepAddress *address);

G_END_DECLS
