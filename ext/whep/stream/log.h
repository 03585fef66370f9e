/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The recent RTP packets of one track, shared by all of its viewers.
 *
 * Everything since the newest key frame stays, and a little before it for
 * NACKs, up to a byte and a time limit. A late viewer starts at the key frame
 * at once and a lost packet is sent again from here. Places are numbered from 0
 * for the track's first packet and never reused. Owned by one media thread;
 * holds no lock and reads no clock. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a viewer's receive buffer can still use of a frame before the newest
 * key frame: packets older than this are forgotten once a key frame came. */
#define WHEP_LOG_REPAIR_US (G_USEC_PER_SEC)
#define WHEP_LOG_DEFAULT_BYTES (16 * 1024 * 1024)
#define WHEP_LOG_DEFAULT_US (15 * G_USEC_PER_SEC)
/* The ring's limit in packets, a power of two: 64 Mbit/s for 15 s. */
#define WHEP_LOG_MAX_PACKETS (128 * 1024)

/* One packet as the stream made it, for all viewers. Never changes once it is
 * shared; counted by atomic references, so media threads share it. */
typedef struct
{
  gint ref_count;
  guint16 size;              /* of the payload, in bytes */
  gboolean is_marked;        /* the RTP marker */
  gboolean starts_key_frame; /* first packet of a frame one can start at */
  gboolean is_droppable;     /* of a frame that no other refers to */
  guint32 rtp_time;          /* in units of the track's clock rate */
  guint32 frame;             /* number of the frame, wraps */
  gint64 media_us;           /* when the frame was due, monotonic clock */
  gint64 came_us;            /* when it came to us; 0: not traced */
  guint8 payload[];
} WhepPacket;

/* Returns a packet with room for @size bytes in payload, all else zero. */
WhepPacket *whep_packet_new (gsize size);
WhepPacket *whep_packet_ref (WhepPacket *self);
void whep_packet_unref (WhepPacket *self);

typedef struct _WhepLog WhepLog;

WhepLog *whep_log_new (gsize limit_bytes, gint64 limit_us);
void whep_log_free (WhepLog *self);

/* Takes the reference to @packet and gives it the next place. */
void whep_log_add (WhepLog *self, WhepPacket *packet);

/* Returns: (nullable): the packet at @place, or NULL once it was dropped and
 * before it came. */
const WhepPacket *whep_log_get (const WhepLog *self, guint64 place);

/* The place that the next packet will have. */
guint64 whep_log_head (const WhepLog *self);
/* The oldest place that is still there; the head if there is none. */
guint64 whep_log_tail (const WhepLog *self);

/* Finds the first packet of the newest key frame. Returns FALSE if there is
 * none: before the first, or because the GOP outgrew the limits. */
gboolean whep_log_newest_key (const WhepLog *self, guint64 *place);

/* Returns: how many bytes the log has from the newest key frame on, 0 if there
 * is none: what it costs to start there. */
gsize whep_log_key_bytes (const WhepLog *self);

/* Returns: the time between the last two key frames that came, in
 * microseconds; 0 before the second. */
gint64 whep_log_gop_us (const WhepLog *self);

/* Drops all packets; places go on. For a publisher that returns. */
void whep_log_restart (WhepLog *self);

G_END_DECLS
