/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The queue before a decoder: see gstbacklog.h. */

#include "gst/live/gstbacklog.h"

GST_DEBUG_CATEGORY_EXTERN (gst_rtmp_webrtc_sink_debug);
#define GST_CAT_DEFAULT gst_rtmp_webrtc_sink_debug

/* 2 s at 30 frames per second, plus the frames that are kept until a stream
 * turns out to have B-frames (gstkeptframes.c), which are all queued at the
 * same time. On a machine that is too slow for the stream, a longer queue would
 * only add latency. */
#define MAX_FRAMES (120 + 60)
#define MAX_BYTES (16 * 1024 * 1024)

static gboolean
is_full (GstBacklog *self)
{
  guint n_frames, n_bytes;

  g_object_get (self->queue, "current-level-buffers", &n_frames,
      "current-level-bytes", &n_bytes, NULL);
  return n_frames >= MAX_FRAMES || n_bytes >= MAX_BYTES;
}

gboolean
gst_backlog_takes (GstBacklog *self, gboolean is_start)
{
  if (is_full (self)) {
    if (!self->has_gap)
      GST_WARNING_OBJECT (self->queue, "the decoder does not keep up");
    self->has_gap = TRUE;
    return FALSE;
  }
  self->has_gap &= !is_start;
  return !self->has_gap;
}

static GstPadProbeReturn
on_frame (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  gboolean is_key = !GST_BUFFER_FLAG_IS_SET (GST_PAD_PROBE_INFO_BUFFER (info),
      GST_BUFFER_FLAG_DELTA_UNIT);

  return gst_backlog_takes (user_data, is_key) ? GST_PAD_PROBE_OK
                                               : GST_PAD_PROBE_DROP;
}

void
gst_backlog_add (GstElement *chain, const gchar *queue)
{
  g_autoptr (GstPad) pad = gst_element_get_static_pad (chain, "sink");
  g_autoptr (GstElement) element = gst_bin_get_by_name (GST_BIN (chain), queue);
  GstBacklog *self = g_new0 (GstBacklog, 1);

  /* The chain, which owns the pad with the probe, keeps it alive. */
  self->queue = element;
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, on_frame, self, g_free);
}
