/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The recent RTP packets of one track, shared by all of its viewers.
 *
 * Keeps everything since the newest key frame, and a little before it for
 * NACKs, or more for viewers that are behind live, up to a limit in bytes and
 * in time. A viewer that joins late starts at
 * the key frame immediately, and lost packets are sent again from here. Places
 * are numbered from 0 for the track's first packet and never reused. Owned by
 * one media thread; holds no lock and reads no clock. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How long a viewer's receive buffer can still use a frame from before the
 * newest key frame: once there is a newer key frame, packets older than this
 * are dropped. */
#define WHEP_LOG_REPAIR_US (G_USEC_PER_SEC)
#define WHEP_LOG_DEFAULT_BYTES (16 * 1024 * 1024)
#define WHEP_LOG_DEFAULT_US (15 * G_USEC_PER_SEC)
/* The ring's limit in packets, a power of two: 64 Mbit/s for 15 s. */
#define WHEP_LOG_MAX_PACKETS (128 * 1024)

/* One packet of the stream, shared by all viewers. Never changes once it is
 * shared; its references are counted atomically, so media threads share it. */
typedef struct
{
  gint ref_count;
  guint16 size;              /* of the payload with its padding, in bytes */
  guint8 n_padding;          /* RTP padding (RFC 3550 section 5.1) */
  gboolean is_marked;        /* the RTP marker */
  gboolean starts_key_frame; /* first packet of a frame to start at */
  gboolean is_droppable;     /* of a frame that no other refers to */
  guint32 rtp_time;          /* in units of the track's clock rate */
  guint32 frame;             /* number of the frame, wraps */
  gint64 media_us;           /* when the frame was due, monotonic clock */
  gint64 came_us;            /* when it was pushed; 0: not traced */
  guint8 payload[];
} WhepPacket;

/* Returns a packet with room for @size bytes of payload, everything else
 * zero. */
WhepPacket *whep_packet_new (gsize size);
WhepPacket *whep_packet_ref (WhepPacket *self);
void whep_packet_unref (WhepPacket *self);

typedef struct _WhepLog WhepLog;

WhepLog *whep_log_new (gsize limit_bytes, gint64 limit_us);
void whep_log_free (WhepLog *self);
/* Keeps whole GOPs that reach back by @rewind_us, for viewers that are behind
 * live, within @rewind_bytes beside the limits above. */
void whep_log_set_rewind (WhepLog *self, gsize rewind_bytes, gint64 rewind_us);

/* Takes the reference to @packet and assigns it the next place. */
void whep_log_add (WhepLog *self, WhepPacket *packet);

/* Returns: (nullable): the packet at @place, or NULL if it has been dropped or
 * has not arrived yet. */
const WhepPacket *whep_log_get (const WhepLog *self, guint64 place);

/* The place that the next packet will have. */
guint64 whep_log_head (const WhepLog *self);
/* The oldest place in the log; the head if the log is empty. */
guint64 whep_log_tail (const WhepLog *self);

/* Returns: whether there has been a key frame, which may have been dropped. */
gboolean whep_log_has_begun (const WhepLog *self);
/* Finds the first packet of the newest key frame. Returns FALSE if there is
 * none: before the first one, or because the GOP has outgrown the limits. */
gboolean whep_log_newest_key (const WhepLog *self, guint64 *place);

/* Finds the first packet of the newest key frame before @place. Returns FALSE
 * if there is none in the log. */
gboolean whep_log_key_before (const WhepLog *self, guint64 place, guint64 *key);
/* Whether the limits have dropped packets of this publisher that a viewer
 * behind live could have needed. */
gboolean whep_log_is_cut (const WhepLog *self);
/* Returns: how far behind live a viewer can stay, in microseconds, if what the
 * limits allow does not become less; G_MAXINT64 if the log is not cut: it
 * reaches back as far as that, or will. */
gint64 whep_log_reach_us (const WhepLog *self);

/* Returns: the number of bytes from the newest key frame on, which is the cost
 * of starting there; 0 if there is no key frame. */
gsize whep_log_key_bytes (const WhepLog *self);

/* Returns: the time between the last two key frames, in microseconds; 0 before
 * the second one. */
gint64 whep_log_gop_us (const WhepLog *self);

/* Drops all packets; places continue. For a publisher that returns. */
void whep_log_restart (WhepLog *self);

G_END_DECLS
