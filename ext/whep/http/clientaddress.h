/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The client that a request or a datagram is attributed to, for limits per
 * client. Pure. */

#pragma once

#include "ext/whep/viewer/address.h"
#include "gst/net/client.h"

G_BEGIN_DECLS

/* The client behind a request from @peer; @client is as in client.h. @forwarded
 * is its X-Forwarded-For, or NULL; it is only used if @peer is a proxy on this
 * machine, and then only the last address in it, because the client can write
 * the others itself. */
void whep_client_from_request (const gchar *peer, const gchar *forwarded,
    gchar *client);

/* Returns: (transfer full) (nullable): the client's address according to the
 * proxy that @peer is, under the same conditions; NULL if there is no such
 * proxy, or it doesn't say. */
gchar *whep_client_dup_forwarded (const gchar *peer, const gchar *forwarded);

/* Returns: (transfer full) (nullable): the scheme, such as "https", of the
 * client's request to the proxy that @peer is, by its X-Forwarded-Proto,
 * @forwarded, under the same conditions; NULL if there is no such proxy, or it
 * doesn't say. */
gchar *whep_client_dup_scheme (const gchar *peer, const gchar *forwarded);

/* Returns: (transfer full): "192.0.2.1:5000" or "[2001:db8::1]:5000". */
gchar *whep_client_address_to_string (const WhepAddress *address);
/* Returns: (transfer full): "192.0.2.1" or "2001:db8::1". */
gchar *whep_client_address_dup_ip (const WhepAddress *address);

G_END_DECLS
