/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Measures how a publisher's encoder is set and how its frames arrive, from
 * their tags, for the encoder doctor (gst/publisher/doctor.h).
 *
 * One thread adds tags, and any thread may get the figures at the same time.
 * Pure; neither allocates nor locks. */

#pragma once

#include "gst/publisher/figures.h"

G_BEGIN_DECLS

/* Encoders begin with what they have buffered, all at once: how the frames of
 * this time arrive does not count. */
#define RTMP_ENCODERSTATS_WARM_UP_US (2 * G_USEC_PER_SEC)
/* A larger step of the publisher's clock, in either direction, is a jump: what
 * has been measured is forgotten. */
#define RTMP_ENCODERSTATS_MAX_STEP_MS 10000
/* Parts of one picture in tags of their own are no farther apart; at 240 frames
 * per second, pictures are 4 ms apart. */
#define RTMP_ENCODERSTATS_SPREAD_MS 3
/* Lateness is relative to the earliest frame of this time: longer, and a
 * drifting clock would be taken for lateness. */
#define RTMP_ENCODERSTATS_FLOOR_SECONDS 10
/* GOPs and key frames that are remembered. */
#define RTMP_ENCODERSTATS_KEYS 8
/* Distances between frames, whose median is the usual one. */
#define RTMP_ENCODERSTATS_STEPS 64
/* The earliest frames of so many times RTMP_ENCODERSTATS_FLOOR_SECONDS show how
 * the clock drifts: five minutes, at least two. */
#define RTMP_ENCODERSTATS_FLOORS 30
#define RTMP_ENCODERSTATS_MIN_FLOORS 12

typedef enum
{
  RTMP_ENCODERSTATS_AUDIO,
  RTMP_ENCODERSTATS_VIDEO,
  RTMP_ENCODERSTATS_N_KINDS,
} RtmpEncoderStatsKind;

/* Of one kind's newest frame. */
typedef struct
{
  gboolean has_begun;
  guint32 time_ms; /* as sent */
  gint64 time_us;  /* the same, without wraps */
  gint64 now_us;
} RtmpEncoderClock;

/* What arrived within one second. */
typedef struct
{
  gint64 min_late_us[RTMP_ENCODERSTATS_N_KINDS]; /* absolute */
  gint64 max_late_us;
  gint64 sum_late_us;
  gint64 sum_jitter_us;
  guint n_frames, n_reordered, n_missing, n_clumped, n_slices;
} RtmpEncoderSecond;

/* The newest of each; n counts all that there have been. */
typedef struct
{
  gint64 values[RTMP_ENCODERSTATS_KEYS];
  guint n;
} RtmpEncoderRecent;

/* To be embedded; starts zeroed. All but @published belongs to the thread that
 * adds. */
typedef struct
{
  PublisherFigures published; /* atomic, each member on its own */

  guint32 codec;
  guint profile, n_length_bytes;

  /* What follows is forgotten at a jump. */
  gboolean has_begun;
  gint64 began_us;
  RtmpEncoderClock clocks[RTMP_ENCODERSTATS_N_KINDS];
  gint64 newest_us; /* presentation time */
  gint64 key_us;    /* of the newest key frame, or the first frame */
  gboolean has_key;
  gboolean is_key;      /* the current picture */
  gint64 picture_bytes; /* of the current picture */
  guint n_slices;       /* of the current picture */
  gint64 floor_us;
  gint64 n_seconds; /* since it began */
  RtmpEncoderSecond seconds[PUBLISHER_FIGURES_SECONDS];
  RtmpEncoderRecent gops_us, keys_bytes, keys_late_us;
  guint16 steps_ms[RTMP_ENCODERSTATS_STEPS];
  guint n_steps;
  guint usual_ms; /* their median; 0: unknown */
  /* Of each second of the publisher's time. */
  gint64 rates[PUBLISHER_FIGURES_SECONDS];
  guint n_rates;
  gint64 rate_from_us, rate_bits;
  gint64 floors_us[RTMP_ENCODERSTATS_FLOORS];
  guint n_floors;
} RtmpEncoderStats;

/* @tag: as rtmp_flv_take_tag() makes it. */
void rtmp_encoderstats_add (RtmpEncoderStats *self, const guint8 *tag,
    gsize size, gint64 now_us);

/* From any thread: the figures, which are updated once a second. */
void rtmp_encoderstats_get (const RtmpEncoderStats *self,
    PublisherFigures *figures);

G_END_DECLS
