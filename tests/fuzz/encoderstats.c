/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Any tags at any times are measured, and the doctor finds words for it. Each
 * step of the input: how much later, the type and time of a tag, its size, its
 * bytes. */

#include "gst/publisher/doctor.h"
#include "gst/rtmp/encoderstats.h"
#include "gst/rtmp/flvtag.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

#define STEP_BYTES 7

static void
add (RtmpEncoderStats *self, guint8 type, guint32 time_ms, const guint8 *data,
    gsize size, gint64 now_us)
{
  RtmpMessage message;
  guint8 *tag;
  gsize n_tag;

  g_assert (rtmp_message_init (&message, type, size));
  message.time_ms = time_ms;
  memcpy (rtmp_message_payload (&message), data, size);
  tag = rtmp_flv_take_tag (&message, &n_tag);
  if (tag != NULL)
    rtmp_encoderstats_add (self, tag, n_tag, now_us);
  g_free (tag);
}

static void
examine (const RtmpEncoderStats *self)
{
  PublisherFigures figures;
  PublisherDiagnosis diagnosis;

  rtmp_encoderstats_get (self, &figures);
  g_assert (figures.n_frames >= 0 && figures.gop_us >= 0);
  g_assert (figures.max_late_us >= figures.mean_late_us);
  if (!publisher_doctor_examine (&diagnosis, &figures))
    return;
  g_assert (diagnosis.grade[0] >= 'A' && diagnosis.grade[0] <= 'F');
  for (guint i = 0; i < diagnosis.n_findings; i++)
    g_assert (g_str_has_suffix (diagnosis.findings[i].text, "."));
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  RtmpEncoderStats *self = g_new0 (RtmpEncoderStats, 1);
  gint64 now_us = 0;
  guint32 time_ms = 0;

  while (size >= STEP_BYTES) {
    gsize n = MIN (data[6], size - STEP_BYTES);

    now_us += ((gint64) data[0] << 8 | data[1]) * 1000;
    time_ms += (guint32) data[2] << 24 >> 8 | data[3] << 8 | data[4];
    add (self, data[5] & 1 ? RTMP_MESSAGE_VIDEO : RTMP_MESSAGE_AUDIO, time_ms,
        data + STEP_BYTES, n, now_us);
    data += STEP_BYTES + n;
    size -= STEP_BYTES + n;
  }
  examine (self);
  g_free (self);
  return 0;
}
