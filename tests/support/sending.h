/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One track, a publisher and a viewer's sender in virtual time; the packets
 * that leave are read back from the outbox. A fixture with one instance. */

#pragma once

#include "ext/whep/viewer/sender.h"

G_BEGIN_DECLS

#define SENDING_FRAME_US 33333
#define SENDING_FRAME_TIME 3000
#define SENDING_FIRST_SEQ 30000
#define SENDING_PAYLOAD_BYTES 1000
#define SENDING_SSRC 0x1234
#define SENDING_PT 108
#define SENDING_PLAYOUT_DELAY_ID 5

typedef struct
{
  guint16 seq;
  guint32 rtp_time;
  gboolean is_marked;
  guint8 pt;
  guint32 ssrc;
  gsize size;
  guint16 max_delay; /* 0: or none */
} Sent;

typedef struct
{
  WhepStream *stream;
  WhepTrack *track;
  WhepSender sender;
  WhepPacer pacer;
  WhepOutbox *out;
  WhepSrtp *srtp;
  GArray *sent;
  guint n_traced; /* frames */
  gint64 now_us;
  guint32 publisher_time;
  guint packets_per_frame; /* 2 at first */
  guint n_frames;
} Sending;

extern Sending sending;

void sending_setup (void);
void sending_teardown (void);

void sending_begin_publisher (guint32 first_rtp_time);
/* Begins the viewer, with or without playout-delay. */
void sending_begin_viewer (guint8 playout_delay_id);

/* Publishes the next frame, a frame's duration after the last. */
void sending_publish (gboolean is_key);
void sending_pump (void);
/* Advances the time until the pacer has released all packets. */
void sending_pump_all (void);
void sending_publish_live (guint n, guint gop);

const Sent *sending_at (guint index);
void sending_assert_same (const Sent *a, const Sent *b);
/* Fails the test unless all packets have one SSRC, contiguous sequence numbers,
 * and timestamps that never go back and repeat only within a frame. */
void sending_assert_order (void);

G_END_DECLS
