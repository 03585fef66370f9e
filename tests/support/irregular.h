/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A publisher in virtual time without a rhythm: frames of one to many packets,
 * key frames at random, stills, bursts, and a new codec with each return.
 * Seeded; it keeps no record of its packets, because each payload describes
 * itself. */

#pragma once

#include "ext/whep/stream/stream.h"

G_BEGIN_DECLS

#define IRREGULAR_VIDEO_HZ 90000
#define IRREGULAR_AUDIO_HZ 48000

/* The beginning of each packet's payload. */
typedef struct
{
  guint32 epoch; /* of the track that it was added to */
  guint32 frame;
  guint16 index; /* in its frame */
  guint8 is_last;
  guint8 is_key; /* its frame */
  guint8 is_droppable;
  guint8 is_audio;
  guint8 padding[2];
} IrregularMark;

typedef struct
{
  guint max_packets;       /* of a frame */
  guint max_payload_bytes; /* besides the mark */
  guint key_permille;      /* of frames, on top of the first */
  guint mean_frame_us;
  guint audio_us; /* of a packet */
} IrregularParams;

typedef struct
{
  IrregularParams params;
  WhepStream *stream;
  GRand *rand;
  gboolean is_on;
  gboolean has_rendition; /* its video is VP9, with a rendition in H264 */
  guint64 publisher;
  guint32 frame;
  guint32 n_audio;
  gboolean needs_key;
  gint64 start_us;
  guint32 first_rtp_time;
  gint64 video_us; /* when the next frame is due */
  gint64 audio_us;
} Irregular;

void irregular_init (Irregular *self, const IrregularParams *params,
    WhepStream *stream, guint32 seed);
void irregular_clear (Irregular *self);

/* Begins, with a clock that starts anywhere: with H264, or with VP9 and a
 * rendition in H264. */
void irregular_begin (Irregular *self, gboolean has_rendition, gint64 now_us);
void irregular_end (Irregular *self, gint64 now_us);

/* Adds the packets that are due to the logs. */
void irregular_tick (Irregular *self, gint64 now_us);
gint64 irregular_deadline_us (const Irregular *self);

G_END_DECLS
