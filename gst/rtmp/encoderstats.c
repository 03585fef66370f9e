/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How an encoder is set and how its frames arrive: see encoderstats.h.
 *
 * Each frame costs a few additions; sums, medians and slopes are made once a
 * second. */

#include "gst/rtmp/encoderstats.h"

#include "gst/rtmp/frameinfo.h"
#include "gst/rtmp/playtag.h"

#include <stdlib.h>
#include <string.h>

#define N_SECONDS PUBLISHER_FIGURES_SECONDS
#define N_KEYS RTMP_ENCODERSTATS_KEYS
#define N_FLOORS RTMP_ENCODERSTATS_FLOORS
#define AUDIO RTMP_ENCODERSTATS_AUDIO
#define VIDEO RTMP_ENCODERSTATS_VIDEO
#define MAX_STEP_MS RTMP_ENCODERSTATS_MAX_STEP_MS

#define UNKNOWN_LATENESS G_MAXINT64
/* ISO 14496-15: the usual size of a unit's length. */
#define DEFAULT_LENGTH_BYTES 4
/* A frame that arrives within this share of its distance to the one before has
 * waited. Shorter distances are those of a burst anyway. */
#define CLUMP_SHARE 4
#define CLUMP_STEP_MS 8
/* A distance of more than 8/5 of the usual one lacks a frame: timestamps are
 * rounded to milliseconds, at 240 frames per second to 4 or 5 of them. */
#define GAP_NUMERATOR 8
#define GAP_DENOMINATOR 5
/* Fewer seconds have no mean worth comparing with. */
#define MIN_RATES 5

typedef RtmpEncoderStatsKind Kind;

static RtmpEncoderSecond *
second_at (RtmpEncoderStats *self, gint64 index)
{
  return &self->seconds[index % N_SECONDS];
}

static void
begin_second (RtmpEncoderStats *self)
{
  *second_at (self, self->n_seconds) = (RtmpEncoderSecond){
    .min_late_us = { UNKNOWN_LATENESS, UNKNOWN_LATENESS },
  };
}

static void
begin (RtmpEncoderStats *self, gint64 now_us)
{
  gsize kept = G_STRUCT_OFFSET (RtmpEncoderStats, has_begun);

  memset ((guint8 *) self + kept, 0, sizeof (*self) - kept);
  self->has_begun = TRUE;
  self->began_us = now_us;
  self->floor_us = UNKNOWN_LATENESS;
  begin_second (self);
}

/* Video, as soon as there is any, and otherwise audio. */
static Kind
leading_kind (const RtmpEncoderStats *self)
{
  return self->clocks[VIDEO].has_begun ? VIDEO : AUDIO;
}

static void
remember (RtmpEncoderRecent *self, gint64 value)
{
  self->values[self->n++ % N_KEYS] = value;
}

static gint64
latest_max (const RtmpEncoderRecent *self)
{
  gint64 max = 0;

  for (guint i = 0; i < MIN (self->n, N_KEYS); i++)
    max = MAX (max, self->values[i]);
  return max;
}

static gint
compare_int64 (gconstpointer a, gconstpointer b)
{
  gint64 first = *(const gint64 *) a, second = *(const gint64 *) b;

  return (first > second) - (first < second);
}

static gint64
latest_median (const RtmpEncoderRecent *self)
{
  guint n = MIN (self->n, N_KEYS);
  gint64 sorted[N_KEYS];

  if (n == 0)
    return 0;
  memcpy (sorted, self->values, n * sizeof sorted[0]);
  qsort (sorted, n, sizeof sorted[0], compare_int64);
  return sorted[n / 2];
}

static gint
compare_uint16 (gconstpointer a, gconstpointer b)
{
  return *(const guint16 *) a - *(const guint16 *) b;
}

static guint
usual_step_ms (const RtmpEncoderStats *self)
{
  guint n = MIN (self->n_steps, RTMP_ENCODERSTATS_STEPS);
  guint16 sorted[RTMP_ENCODERSTATS_STEPS];

  if (n == 0)
    return 0;
  memcpy (sorted, self->steps_ms, n * sizeof sorted[0]);
  qsort (sorted, n, sizeof sorted[0], compare_uint16);
  return sorted[n / 2];
}

/* Returns: the earliest frame of the last @n seconds, or UNKNOWN_LATENESS. */
static gint64
earliest (RtmpEncoderStats *self, Kind kind, gint64 n)
{
  gint64 min = UNKNOWN_LATENESS;

  for (gint64 i = 0; i < n && i <= self->n_seconds && i < N_SECONDS; i++)
    min = MIN (min, second_at (self, self->n_seconds - i)->min_late_us[kind]);
  return min;
}

/* Returns: the slope of a line through the points, in microseconds from one to
 * the next: least squares. */
static gdouble
slope_of (const gint64 *points_us, guint n)
{
  gdouble middle = (n - 1) / 2.0, sum = 0, weight = 0;

  for (guint i = 0; i < n; i++) {
    sum += (i - middle) * (points_us[i] - points_us[0]);
    weight += (i - middle) * (i - middle);
  }
  return sum / weight;
}

/* A route that has become longer shows in one half alone, a clock in both. */
static gint64
drift_ppm (const RtmpEncoderStats *self)
{
  guint half = self->n_floors / 2;
  gdouble first, second, slope_us;

  if (self->n_floors < RTMP_ENCODERSTATS_MIN_FLOORS)
    return 0;
  first = slope_of (self->floors_us, half);
  second = slope_of (self->floors_us + self->n_floors - half, half);
  if ((first < 0) != (second < 0))
    return 0;
  slope_us = ABS (first) < ABS (second) ? first : second;
  return slope_us / RTMP_ENCODERSTATS_FLOOR_SECONDS;
}

static void
note_floor (RtmpEncoderStats *self)
{
  if (self->n_seconds % RTMP_ENCODERSTATS_FLOOR_SECONDS != 0 ||
      self->floor_us == UNKNOWN_LATENESS)
    return;
  if (self->n_floors == N_FLOORS) {
    memmove (self->floors_us, self->floors_us + 1,
        (N_FLOORS - 1) * sizeof self->floors_us[0]);
    self->n_floors--;
  }
  self->floors_us[self->n_floors++] = self->floor_us;
}

static void
sum_seconds (RtmpEncoderStats *self, PublisherFigures *figures)
{
  gint64 sum_late_us = 0, sum_jitter_us = 0;

  for (gint64 i = 0; i < N_SECONDS && i <= self->n_seconds; i++) {
    const RtmpEncoderSecond *second = &self->seconds[i];

    figures->n_frames += second->n_frames;
    figures->n_reordered += second->n_reordered;
    figures->n_missing += second->n_missing;
    figures->n_clumped += second->n_clumped;
    figures->n_slices = MAX (figures->n_slices, second->n_slices);
    figures->max_late_us = MAX (figures->max_late_us, second->max_late_us);
    sum_late_us += second->sum_late_us;
    sum_jitter_us += second->sum_jitter_us;
  }
  if (figures->n_frames == 0)
    return;
  figures->mean_late_us = sum_late_us / figures->n_frames;
  figures->jitter_us = sum_jitter_us / figures->n_frames;
}

static void
sum_rates (const RtmpEncoderStats *self, PublisherFigures *figures)
{
  guint n = MIN (self->n_rates, N_SECONDS);
  gint64 sum = 0;

  if (n < MIN_RATES)
    return;
  for (guint i = 0; i < n; i++) {
    sum += self->rates[i];
    figures->peak_bits_per_second =
        MAX (figures->peak_bits_per_second, self->rates[i]);
  }
  figures->bits_per_second = sum / n;
}

/* Tracks that count from different zeros have no common time. */
static gint64
skew_us (RtmpEncoderStats *self)
{
  gint64 audio_us = earliest (self, AUDIO, N_SECONDS);
  gint64 video_us = earliest (self, VIDEO, N_SECONDS);

  if (audio_us == UNKNOWN_LATENESS || video_us == UNKNOWN_LATENESS ||
      ABS (audio_us - video_us) > MAX_STEP_MS * 1000)
    return 0;
  return audio_us - video_us;
}

static void
publish (RtmpEncoderStats *self, gint64 now_us)
{
  PublisherFigures figures = {
    .measured_us = now_us - self->began_us,
    .codec = self->codec,
    .profile = self->profile,
    .interval_us = self->usual_ms * 1000,
    .gop_us = latest_max (&self->gops_us),
    .key_bytes = latest_median (&self->keys_bytes),
    .key_late_us = latest_median (&self->keys_late_us),
    .drift_ppm = drift_ppm (self),
    .skew_us = skew_us (self),
  };

  if (self->clocks[VIDEO].has_begun)
    figures.gop_us =
        MAX (figures.gop_us, self->clocks[VIDEO].time_us - self->key_us);
  sum_seconds (self, &figures);
  sum_rates (self, &figures);
  for (const PublisherFigure *row = publisher_figures_table ();
       row->name != NULL; row++)
    __atomic_store_n (&G_STRUCT_MEMBER (gint64, &self->published, row->offset),
        G_STRUCT_MEMBER (gint64, &figures, row->offset), __ATOMIC_RELAXED);
}

void
rtmp_encoderstats_get (const RtmpEncoderStats *self, PublisherFigures *figures)
{
  for (const PublisherFigure *row = publisher_figures_table ();
       row->name != NULL; row++)
    G_STRUCT_MEMBER (gint64, figures, row->offset) =
        __atomic_load_n (&G_STRUCT_MEMBER (gint64, &self->published,
                             row->offset),
            __ATOMIC_RELAXED);
}

/* Seconds in which nothing arrived have no figures. */
static void
follow_time (RtmpEncoderStats *self, gint64 now_us)
{
  gint64 n_seconds = (now_us - self->began_us) / G_USEC_PER_SEC;

  if (n_seconds <= self->n_seconds)
    return;
  self->usual_ms = usual_step_ms (self);
  self->floor_us =
      earliest (self, leading_kind (self), RTMP_ENCODERSTATS_FLOOR_SECONDS);
  note_floor (self);
  publish (self, now_us);
  self->n_seconds = MAX (self->n_seconds, n_seconds - N_SECONDS);
  while (self->n_seconds < n_seconds) {
    self->n_seconds++;
    begin_second (self);
  }
}

static gboolean
is_warm (const RtmpEncoderStats *self, gint64 now_us)
{
  return now_us - self->began_us >= RTMP_ENCODERSTATS_WARM_UP_US;
}

/* Returns: by how much the kind's clock advanced; G_MAXINT for a jump. */
static gint
advance_clock (RtmpEncoderClock *self, guint32 time_ms, gint64 now_us)
{
  gint32 step_ms = self->has_begun ? (gint32) (time_ms - self->time_ms) : 0;

  if (step_ms > MAX_STEP_MS || step_ms < -MAX_STEP_MS)
    return G_MAXINT;
  self->time_us = self->has_begun ? self->time_us + step_ms * 1000
                                  : (gint64) time_ms * 1000;
  self->time_ms = time_ms;
  self->now_us = now_us;
  self->has_begun = TRUE;
  return step_ms;
}

/* Returns: how much later than the earliest frame this one is. */
static gint64
measure_lateness (RtmpEncoderStats *self, Kind kind)
{
  const RtmpEncoderClock *clock = &self->clocks[kind];
  RtmpEncoderSecond *second = second_at (self, self->n_seconds);
  gint64 late_us = clock->now_us - clock->time_us;

  second->min_late_us[kind] = MIN (second->min_late_us[kind], late_us);
  if (kind != leading_kind (self))
    return 0;
  self->floor_us = MIN (self->floor_us, late_us);
  return late_us - self->floor_us;
}

/* @step_ms: to the frame before, which arrived at @former_us. */
static void
count_step (RtmpEncoderStats *self, gint step_ms, gint64 gap_us)
{
  RtmpEncoderSecond *second = second_at (self, self->n_seconds);
  gint64 step_us = step_ms * 1000;

  second->sum_jitter_us += ABS (gap_us - step_us);
  if (step_ms >= CLUMP_STEP_MS && gap_us * CLUMP_SHARE < step_us)
    second->n_clumped++;
  if (self->usual_ms > 0 &&
      step_ms * GAP_DENOMINATOR > (gint) self->usual_ms * GAP_NUMERATOR)
    second->n_missing += (step_ms + self->usual_ms / 2) / self->usual_ms - 1;
}

static void
count_frame (RtmpEncoderStats *self, gint step_ms, gint64 gap_us,
    gint64 late_us)
{
  RtmpEncoderSecond *second = second_at (self, self->n_seconds);

  second->n_frames++;
  second->sum_late_us += late_us;
  second->max_late_us = MAX (second->max_late_us, late_us);
  count_step (self, step_ms, gap_us);
}

static void
count_bits (RtmpEncoderStats *self, gint64 time_us, gsize size)
{
  gint64 past_us = time_us - self->rate_from_us;

  if (past_us < 0 || past_us >= G_USEC_PER_SEC) {
    if (past_us > 0)
      self->rates[self->n_rates++ % N_SECONDS] =
          (gdouble) self->rate_bits * G_USEC_PER_SEC / past_us;
    self->rate_from_us = time_us;
    self->rate_bits = 0;
  }
  self->rate_bits += size * 8;
}

/* A key frame is complete with the next picture. */
static void
end_picture (RtmpEncoderStats *self)
{
  if (self->is_key)
    remember (&self->keys_bytes, self->picture_bytes);
  self->is_key = FALSE;
  self->picture_bytes = 0;
  self->n_slices = 0;
}

static void
begin_key (RtmpEncoderStats *self)
{
  gint64 time_us = self->clocks[VIDEO].time_us;

  if (self->has_key)
    remember (&self->gops_us, time_us - self->key_us);
  self->has_key = TRUE;
  self->is_key = TRUE;
  self->key_us = time_us;
}

static void
count_reordering (RtmpEncoderStats *self, const RtmpFrameInfo *info)
{
  gint64 shown_us = self->clocks[VIDEO].time_us + (gint64) info->cts_ms * 1000;

  if (shown_us < self->newest_us)
    second_at (self, self->n_seconds)->n_reordered++;
  self->newest_us = MAX (self->newest_us, shown_us);
}

static void
note_step (RtmpEncoderStats *self, gint step_ms)
{
  self->steps_ms[self->n_steps++ % RTMP_ENCODERSTATS_STEPS] =
      CLAMP (step_ms, 0, G_MAXUINT16);
}

static void
begin_picture (RtmpEncoderStats *self, const RtmpFrameInfo *info, gint step_ms)
{
  end_picture (self);
  if (info->is_key)
    begin_key (self);
  count_reordering (self, info);
  note_step (self, step_ms);
}

static void
begin_video (RtmpEncoderStats *self, gint64 time_us, gint64 now_us)
{
  /* What audio did alone does not count. */
  gboolean is_late = self->n_seconds > 0;

  self->n_steps = 0;
  self->usual_ms = 0;
  self->newest_us = G_MININT64;
  self->key_us = time_us;
  self->rate_from_us = time_us;
  if (!is_late)
    return;
  self->floor_us = UNKNOWN_LATENESS;
  self->n_floors = 0;
  self->began_us = now_us;
  self->n_seconds = 0;
  begin_second (self);
}

static void
add_video (RtmpEncoderStats *self, const RtmpFrameInfo *info, gint step_ms,
    gint64 gap_us, gboolean is_first)
{
  gint64 now_us = self->clocks[VIDEO].now_us;
  gboolean continues =
      !is_first && ABS (step_ms) <= RTMP_ENCODERSTATS_SPREAD_MS;
  gint64 late_us;

  if (!continues)
    begin_picture (self, info, step_ms);
  self->n_slices += info->n_slices;
  second_at (self, self->n_seconds)->n_slices =
      MAX (second_at (self, self->n_seconds)->n_slices, self->n_slices);
  if (!is_warm (self, now_us))
    return;
  late_us = measure_lateness (self, VIDEO);
  if (continues)
    return;
  count_frame (self, step_ms, gap_us, late_us);
  if (info->is_key)
    remember (&self->keys_late_us, late_us);
}

static void
add_audio (RtmpEncoderStats *self, gint step_ms, gint64 gap_us)
{
  gint64 late_us;

  if (leading_kind (self) == AUDIO)
    note_step (self, step_ms);
  if (!is_warm (self, self->clocks[AUDIO].now_us))
    return;
  late_us = measure_lateness (self, AUDIO);
  if (leading_kind (self) == AUDIO)
    count_frame (self, step_ms, gap_us, late_us);
}

static void
take_config (RtmpEncoderStats *self, const RtmpFrameInfo *info)
{
  self->codec = info->codec;
  self->profile = info->profile;
  self->n_length_bytes = info->n_length_bytes;
}

static void
add_frame (RtmpEncoderStats *self, const RtmpFrameInfo *info, guint32 time_ms,
    gsize size, gint64 now_us)
{
  Kind kind = info->kind == RTMP_FRAMEINFO_VIDEO ? VIDEO : AUDIO;
  RtmpEncoderClock *clock = &self->clocks[kind];
  gboolean is_first = !clock->has_begun;
  gint64 gap_us = is_first ? 0 : now_us - clock->now_us;
  gint step_ms = advance_clock (clock, time_ms, now_us);

  if (step_ms == G_MAXINT) {
    begin (self, now_us);
    return;
  }
  if (kind == AUDIO) {
    add_audio (self, step_ms, gap_us);
    return;
  }
  if (is_first)
    begin_video (self, clock->time_us, now_us);
  self->codec = info->codec;
  add_video (self, info, step_ms, gap_us, is_first);
  self->picture_bytes += size;
  count_bits (self, clock->time_us, size);
}

void
rtmp_encoderstats_add (RtmpEncoderStats *self, const guint8 *tag, gsize size,
    gint64 now_us)
{
  RtmpFrameInfo info;

  rtmp_frameinfo_read (&info,
      self->n_length_bytes != 0 ? self->n_length_bytes : DEFAULT_LENGTH_BYTES,
      tag, size);
  if (info.kind == RTMP_FRAMEINFO_NONE)
    return;
  if (info.kind == RTMP_FRAMEINFO_CONFIG) {
    take_config (self, &info);
    return;
  }
  if (!self->has_begun)
    begin (self, now_us);
  follow_time (self, now_us);
  add_frame (self, &info, rtmp_playtag_time_ms (tag), size, now_us);
}
