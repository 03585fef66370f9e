/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Many peers in one thread: each has a UDP socket of its own, and may make a
 * WHEP session over HTTP. They do ICE and DTLS as a browser does, and count the
 * packets by their headers without opening them, so that one core carries
 * hundreds. */

#pragma once

#include "tests/bench/frametimes.h"
#include "tests/bench/latencies.h"
#include "tests/support/peer.h"

G_BEGIN_DECLS

#define CROWD_MAX_PEERS 1000

typedef struct
{
  guint n_connected;
  guint n_ended;     /* were sent away: a browser would POST anew */
  guint n_playing;   /* have got media */
  guint64 n_packets; /* received */
  guint64 n_lost;    /* by sequence number */
  guint64 n_choked;  /* of these, dropped by a peer's own socket, which was
                      * full: its thread had no CPU time */
  guint64 n_bytes;   /* of payload */
  guint64 n_frames;  /* of video, whose times were known */
  guint n_starved;   /* have got no video since the last count */
} CrowdCounts;

typedef struct _Crowd Crowd;

Crowd *crowd_new (void);
/* All say goodbye. */
void crowd_free (Crowd *self);

/* Peers that come after this open and keep all packets, as a browser does. */
void crowd_open_packets (Crowd *self);
/* What the peer that came as number @index got of one track. */
const Reception *crowd_reception (const Crowd *self, guint index,
    WhepTrackKind kind);

/* A peer for the next call of crowd_add(). */
Peer *crowd_new_peer (Crowd *self);
/* Takes @peer and lets it connect; @posted_us is when it first asked. */
void crowd_add (Crowd *self, Peer *peer, const PeerRemote *remote,
    gint64 posted_us);
/* One more peer, by a POST to the WHEP endpoint at @url. */
gboolean crowd_post (Crowd *self, const gchar *url, GError **error);
/* Many more peers, without waiting for one before the next: as soon as the
 * crowd is served next, 64 ask at once, and with each answer another. The
 * program ends if one is refused. */
void crowd_storm (Crowd *self, const gchar *url, guint n_peers);
/* So many peers, one after the other, until all of them have got media. The
 * program ends if one is refused, or has none after 30 s. */
void crowd_join (Crowd *self, const gchar *url, guint n_peers);
/* The newest peer opens the last packet of each frame of video, to see when
 * that was sent. Borrows @frames. */
void crowd_follow (Crowd *self, FrameTimes *frames);

/* Each peer that has got media asks for all that a NACK can name, of both
 * tracks, and for a key frame. */
void crowd_ask_for_all (Crowd *self);

/* Those that have got media say goodbye. Returns how many there were. */
guint crowd_dismiss (Crowd *self);

/* Serves all peers for so long. */
void crowd_run_for (Crowd *self, gint64 duration_us);
/* Serves them until each has got media. Returns FALSE if it took longer. */
gboolean crowd_run_until_playing (Crowd *self, gint64 limit_us);

CrowdCounts crowd_count (Crowd *self);
/* How long after their POSTs peers had their first packet. */
Latencies *crowd_joins (Crowd *self);
/* From the last byte of a frame's RTMP message until the kernel had the last of
 * its packets for a peer; all frames and peers since these were last forgotten.
 */
Latencies *crowd_latencies (Crowd *self);
G_END_DECLS
