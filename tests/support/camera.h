/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A publisher in virtual time: RTP packets of H.264 and Opus shape from a seed,
 * added to a stream's logs when they are due. It records all packets that it
 * made, so that a test can compare what arrives elsewhere. */

#pragma once

#include "ext/whep/stream/stream.h"

G_BEGIN_DECLS

#define CAMERA_VIDEO_HZ 90000
/* A good first timestamp: that of video wraps within two seconds. */
#define CAMERA_RTP_TIME (G_MAXUINT32 - 2 * CAMERA_VIDEO_HZ)

typedef struct
{
  guint frame_rate; /* frames a second */
  guint gop_frames;
  guint key_packets;   /* in a key frame, besides SPS and PPS */
  guint delta_packets; /* in any other frame */
  guint profile_idc;
  const gchar *video_codec; /* as in a=rtpmap */
  const gchar *audio_codec; /* NULL: no audio */
  guint audio_hz;           /* of its RTP clock */
  guint audio_us;           /* of a packet */
} CameraParams;

/* A packet as it was added to the log. */
typedef struct
{
  guint64 hash; /* of the payload */
  gsize size;
  guint32 rtp_time;
  gboolean is_marked;
  gboolean starts_key_frame;
  gint64 media_us;
} MadePacket;

typedef struct
{
  CameraParams params;
  WhepStream *stream;
  GRand *rand;
  gboolean is_on;
  guint64 publisher; /* counts them */
  gint64 start_us;
  guint32 first_rtp_time;
  guint64 n_frames; /* since the start, of each kind */
  guint64 n_audio;
  guint32 frame;               /* sequence numbers for the log */
  GArray *made[WHEP_N_TRACKS]; /* of MadePacket, all publishers' */
} Camera;

/* 30 frames a second in GOPs of two seconds, about 2.5 Mbit/s, with audio. */
extern const CameraParams camera_720p30;

void camera_init (Camera *self, const CameraParams *params, WhepStream *stream,
    guint32 seed);
void camera_clear (Camera *self);

/* A publisher begins, with a clock that starts at @first_rtp_time, or
 * leaves. */
void camera_start (Camera *self, guint32 first_rtp_time, gint64 now_us);
void camera_stop (Camera *self, gint64 now_us);

/* Adds the packets that are due to the logs. */
void camera_tick (Camera *self, gint64 now_us);
gint64 camera_deadline_us (const Camera *self);

guint camera_n_made (const Camera *self, WhepTrackKind kind);
const MadePacket *camera_made (const Camera *self, WhepTrackKind kind,
    guint index);

G_END_DECLS
