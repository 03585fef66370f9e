/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The peer's words: an offer as Chromium writes it, cut to what it needs, and
 * what the gateway's answer says. For sessions over real HTTP. */

#pragma once

#include "tests/support/peer.h"

G_BEGIN_DECLS

/* Returns: (transfer full): the offer, recvonly video and audio. */
gchar *peer_offer_new (const Peer *peer);

/* Reads an answer; of the candidates the first IPv4 one counts. Returns FALSE
 * if there is nothing to connect to. */
gboolean peer_remote_parse (PeerRemote *self, const gchar *answer);

G_END_DECLS
