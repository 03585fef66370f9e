/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Many peers in one thread: each has a UDP socket of its own, and can create a
 * WHEP session over HTTP. They do ICE and DTLS as a browser does, and count
 * packets by their headers without decrypting them, so that one core carries
 * hundreds. */

#pragma once

#include "whepbench/latencies.h"
#include "whepbench/peer.h"

G_BEGIN_DECLS

/* Each has a socket. */
#define CROWD_MAX_PEERS 10000

typedef struct
{
  guint n_connected;
  guint n_ended;      /* closed by the server: a browser would POST anew */
  guint n_playing;    /* have received media */
  guint64 n_packets;  /* received */
  guint64 n_lost;     /* by sequence number */
  guint64 n_choked;   /* of these, dropped by a peer's own socket, which was
                      * full: its thread had no CPU time */
  guint64 n_asked;    /* for lost packets, each time */
  guint64 n_repaired; /* lost packets that arrived after that */
  guint64 n_bytes;    /* of payload */
  guint64 n_frames;   /* video frames whose times were known */
  guint n_starved;    /* have received no video since the last count */
} CrowdCounts;

/* Returns: the wall clock time at which the frame that ends in this payload was
 * sent, or 0. */
typedef gint64 (
    *CrowdSentTime) (gpointer times, const guint8 *payload, gsize size);

typedef struct _Crowd Crowd;

Crowd *crowd_new (void);
/* Every peer says goodbye. */
void crowd_free (Crowd *self);

/* Peers that are added after this call decrypt and keep all packets, as a
 * browser does. */
void crowd_open_packets (Crowd *self);
/* What peer number @index, in order of arrival, has received of one track. */
const Reception *crowd_reception (const Crowd *self, guint index,
    WhepTrackKind kind);

/* For a peer's seed. */
guint64 crowd_random (void);
/* Creates a peer for the next call of crowd_add(). */
Peer *crowd_new_peer (Crowd *self);
/* Takes @peer unless it fails, and gives it a socket. Returns: its index, or
 * -1. */
gint crowd_enter (Crowd *self, Peer *peer, GError **error);
Peer *crowd_peer (const Crowd *self, guint index);
guint16 crowd_port (const Crowd *self, guint index);
/* Lets a peer that has entered connect; @posted_us is when it first posted an
 * offer. */
void crowd_connect (Crowd *self, guint index, const PeerRemote *remote,
    gint64 posted_us);
/* Returns: when its first packet arrived, or 0. */
gint64 crowd_first_packet_us (const Crowd *self, guint index);
/* It says goodbye. */
void crowd_leave (Crowd *self, guint index);
/* Both in one; the program ends if there is no socket. */
void crowd_add (Crowd *self, Peer *peer, const PeerRemote *remote,
    gint64 posted_us);
/* Adds one peer, by a POST to the WHEP endpoint at @url. */
gboolean crowd_post (Crowd *self, const gchar *url, GError **error);
/* Adds many peers that do not wait for each other: when the crowd is next
 * served, 64 post at once, and another with each answer. The program ends if
 * one is rejected. */
void crowd_storm (Crowd *self, const gchar *url, guint n_peers);
/* Adds @n_peers, one after another, and waits until all of them receive media.
 * The program ends if one is rejected, or has received nothing after 30 s. */
void crowd_join (Crowd *self, const gchar *url, guint n_peers);
/* The newest peer decrypts the last packet of each video frame, to learn when
 * that frame was sent. */
void crowd_follow (Crowd *self, CrowdSentTime sent_time, gpointer times);

/* Each peer that has received media requests all packets that a NACK can name,
 * of both tracks, and a key frame. */
void crowd_ask_for_all (Crowd *self);

/* The peers that have received media say goodbye. Returns their number. */
guint crowd_dismiss (Crowd *self);

/* Serves all peers once: for a few milliseconds at most if none has a packet.
 */
void crowd_serve (Crowd *self);
/* Serves all peers for @duration_us. */
void crowd_run_for (Crowd *self, gint64 duration_us);
/* Serves all peers until each has received media. Returns FALSE if the limit is
 * reached first. */
gboolean crowd_run_until_playing (Crowd *self, gint64 limit_us);

CrowdCounts crowd_count (Crowd *self);
/* How long after its POST each peer received its first packet. */
Latencies *crowd_joins (Crowd *self);
/* From the last byte of a frame's RTMP message until the kernel received the
 * last of its packets for a peer; of all frames and peers since the latencies
 * were last cleared. */
Latencies *crowd_latencies (Crowd *self);
G_END_DECLS
