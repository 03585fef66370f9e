/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The peer's SDP: an offer as Chromium writes it, reduced to what it needs, and
 * a parser of the gateway's answer. For sessions over real HTTP. */

#pragma once

#include "tests/support/peer.h"

G_BEGIN_DECLS

/* Returns: (transfer full): the offer, recvonly video and audio. */
gchar *peer_offer_new (const Peer *peer);

/* Parses an answer; the first IPv4 candidate is used. Returns FALSE if there is
 * nothing to connect to. */
gboolean peer_remote_parse (PeerRemote *self, const gchar *answer);

G_END_DECLS
