/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Streams without IDR frames: see h264refresh.h. */

#include "gst/live/h264refresh.h"

/* An open GOP is recognised by its second recovery point; viewers that join
 * before that start with the IDR frame, which whepsink still has. Closed GOPs
 * with intra frames this close together are not longer than this. */
#define OPEN_MIN_US (4 * G_USEC_PER_SEC)
/* Before whepsink drops the IDR frame (max-backlog-time: 15 s). */
#define LONG_US (10 * G_USEC_PER_SEC)
/* Intra frames without a recovery point: encoders insert some at scene changes
 * soon after an IDR frame. */
#define MIN_INTRAS 3
#define MIN_INTRAS_AT_FIRST 2

static gboolean
is_without_idr (const H264Refresh *self, guint64 age_us)
{
  if (!self->has_idr)
    return self->n_points > 0 || self->n_intras >= MIN_INTRAS_AT_FIRST;
  if (self->n_points > 1 && age_us >= OPEN_MIN_US)
    return TRUE;
  if (age_us < LONG_US)
    return FALSE;
  return self->n_points > 0 || self->n_intras >= MIN_INTRAS;
}

gboolean
h264_refresh_note (H264Refresh *self, const H264Frame *frame, guint64 time_us)
{
  if (frame->is_key) {
    *self = (H264Refresh){ .has_idr = TRUE, .idr_time_us = time_us };
    return FALSE;
  }
  if (!h264_refresh_is_start (frame))
    return FALSE;
  /* A stream that has IDR frames does not use periodic intra refresh. */
  if (!frame->is_intra)
    return TRUE;
  if (frame->is_recovery_point)
    self->n_points++;
  else
    self->n_intras++;
  return is_without_idr (self,
      time_us > self->idr_time_us ? time_us - self->idr_time_us : 0);
}

gboolean
h264_refresh_is_start (const H264Frame *frame)
{
  return frame->is_key || frame->is_recovery_point || frame->is_intra;
}
