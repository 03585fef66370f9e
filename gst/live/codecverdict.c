/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The results of trials: see codecverdict.h. */

#include "gst/live/codecverdict.h"

static gboolean
is_old (const CodecVerdict *self, gint64 now_us)
{
  return now_us - self->since_us >= CODEC_VERDICT_EXPIRY_US;
}

CodecAnswer
codec_verdict_ask (CodecVerdict *self, gint64 now_us, gboolean *begins)
{
  *begins =
      !self->is_tried && (self->last == CODEC_UNKNOWN || is_old (self, now_us));
  if (*begins) {
    self->is_tried = TRUE;
    self->trial_us = now_us;
  }
  if (self->is_tried && now_us - self->trial_us >= CODEC_VERDICT_PATIENCE_US)
    return CODEC_FAILS;
  if (self->last == CODEC_FAILS && self->is_tried)
    return CODEC_UNKNOWN;
  return self->last;
}

void
codec_verdict_note (CodecVerdict *self, gboolean works, gint64 now_us)
{
  self->last = works ? CODEC_WORKS : CODEC_FAILS;
  self->since_us = now_us;
  self->is_tried = FALSE;
}
