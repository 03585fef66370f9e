/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The peer's SDP: an offer as Chromium writes it, reduced to what it needs, and
 * a parser of any server's answer. */

#pragma once

#include "whepbench/peer.h"

G_BEGIN_DECLS

/* What an offer has beyond ICE, DTLS and Opus. */
typedef struct
{
  /* As in a=rtpmap; NULL: each codec that peer_codec_at() names. */
  const gchar *video_codec;
  gboolean is_audio_only;
  gboolean has_rtx;
  /* The peer's candidates: literal addresses, NULL-terminated; nullable. */
  const gchar *const *addresses;
  guint16 port;
} PeerOfferParams;

/* Returns: (nullable): the @index-th video codec that can be offered. */
const gchar *peer_codec_at (guint index);

/* Returns: (transfer full): the offer, recvonly video and audio. */
gchar *peer_offer_new (const Peer *peer, const PeerOfferParams *params);
/* The same for H.264 of two profiles, without retransmissions. */
gchar *peer_offer_new_plain (const Peer *peer);

/* Parses an answer. Returns FALSE if there is nothing to connect to, and why is
 * in peer_remote_fault(). */
gboolean peer_remote_parse (PeerRemote *self, const gchar *answer);
/* Returns: (nullable): what an answer lacks, as a part of a sentence. */
const gchar *peer_remote_fault (const PeerRemote *self);

G_END_DECLS
