/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* H.264 to H.264: see gsth264transcoder.h. */

#include "gst/live/gsth264transcoder.h"

#include "gst/live/gstbacklog.h"
#include "gst/live/gstpicturelimit.h"
#include "gst/live/gstrecipe.h"
#include "gst/live/gstvia.h"
#include "gst/live/heap-io.h"

/* Shared by the streaming thread and the decoder's thread. */
typedef struct
{
  gint is_ready;       /* atomic: the decoder has output */
  gint has_taken_over; /* atomic: @shown does not change any more */
  GstClockTime shown;
} Handover;

struct _GstH264Transcoder
{
  GstBin *bin;
  GstPad *sink;
  GstElement *pay;
  GstElement *chain;
  GstElement *queue;
  GstBacklog backlog;
  Handover *handover; /* g_atomic_rc_box */
};

/* After the decoder: the encoder starts with the first picture that has not
 * been sent. */
static GstPadProbeReturn
drop_shown (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  Handover *handover = user_data;
  GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER (info);

  g_atomic_int_set (&handover->is_ready, TRUE);
  if (!g_atomic_int_get (&handover->has_taken_over))
    return GST_PAD_PROBE_DROP;
  if (GST_CLOCK_TIME_IS_VALID (handover->shown) &&
      GST_BUFFER_PTS_IS_VALID (buffer) &&
      GST_BUFFER_PTS (buffer) <= handover->shown)
    return GST_PAD_PROBE_DROP;
  return GST_PAD_PROBE_REMOVE;
}

static void
watch_decoder (GstH264Transcoder *self)
{
  g_autoptr (GstElement) pictures =
      gst_bin_get_by_name (GST_BIN (self->chain), GST_RECIPE_PICTURES);
  g_autoptr (GstPad) pad = gst_element_get_static_pad (pictures, "sink");

  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, drop_shown,
      g_atomic_rc_box_acquire (self->handover), g_atomic_rc_box_release);
}

static void
lead_to (GstH264Transcoder *self, GstElement *element)
{
  g_autoptr (GstPad) pad = gst_element_get_static_pad (element, "sink");

  gst_ghost_pad_set_target (GST_GHOST_PAD (self->sink), pad);
}

GstH264Transcoder *
gst_h264_transcoder_new (GstBin *bin, GstPad *sink, GstElement *pay,
    const GstCodecChoice *choice, guint64 max_area, GError **error)
{
  GstElement *chain = gst_recipe_make_transcoder (choice, error);
  GstH264Transcoder *self;

  if (chain == NULL)
    return NULL;
  self = g_new0 (GstH264Transcoder, 1);
  self->bin = bin;
  self->sink = sink;
  self->pay = pay;
  self->chain = chain;
  self->handover = g_atomic_rc_box_new0 (Handover);
  self->queue = gst_bin_get_by_name (GST_BIN (chain), GST_RECIPE_QUEUE);
  self->backlog.queue = self->queue;
  gst_bin_add (bin, chain);
  watch_decoder (self);
  gst_picture_limit_guard (GST_BIN (chain), GST_RECIPE_ENCODER, max_area);
  lead_to (self, chain);
  gst_element_sync_state_with_parent (chain);
  return self;
}

const gchar *
gst_h264_transcoder_get_via (const GstH264Transcoder *self)
{
  g_autofree gchar *codecs = gst_via_dup (self->chain);
  g_autofree gchar *via = g_strconcat (codecs, " ! h264livepay", NULL);

  return g_intern_string (via);
}

/* The decoder's caps have no codec data, so it starts with the parameter sets.
 * It accepts an intra frame as a start only with a recovery point SEI. */
GstBuffer *
gst_h264_transcoder_make_start (GstBuffer *sets, GstBuffer *frame,
    gboolean is_recovery_point)
{
  /* Section D.1.8, with recovery_frame_cnt 0. */
  static const guint8 sei[] = { 0, 0, 1, 0x06, 0x06, 0x01, 0xc4, 0x80 };
  GstBuffer *start = sets != NULL ? gst_buffer_copy (sets) : gst_buffer_new ();

  if (!is_recovery_point)
    start = gst_buffer_append (start, gst_buffer_new_memdup (sei, sizeof sei));
  start = gst_buffer_append (start, gst_buffer_ref (frame));
  gst_buffer_copy_into (start, frame, GST_BUFFER_COPY_METADATA, 0, -1);
  gst_buffer_unref (frame);
  return start;
}

gboolean
gst_h264_transcoder_takes (GstH264Transcoder *self, gboolean is_start)
{
  return gst_backlog_takes (&self->backlog, is_start);
}

gboolean
gst_h264_transcoder_is_ready (GstH264Transcoder *self)
{
  return g_atomic_int_get (&self->handover->is_ready);
}

GstFlowReturn
gst_h264_transcoder_bypass (GstH264Transcoder *self, GstBuffer *frame)
{
  g_autoptr (GstPad) pad = gst_element_get_static_pad (self->pay, "sink");

  return gst_pad_chain (pad, frame);
}

void
gst_h264_transcoder_take_over (GstH264Transcoder *self, GstClockTime shown)
{
  gst_element_link (self->chain, self->pay);
  self->handover->shown = shown;
  g_atomic_int_set (&self->handover->has_taken_over, TRUE);
}

gboolean
gst_h264_transcoder_has_taken_over (const GstH264Transcoder *self)
{
  return g_atomic_int_get (&self->handover->has_taken_over);
}

void
gst_h264_transcoder_replay (GstH264Transcoder *self, GstBuffer *frame)
{
  g_autoptr (GstProxyPad) proxy =
      gst_proxy_pad_get_internal (GST_PROXY_PAD (self->sink));

  gst_pad_push (GST_PAD (proxy), frame);
}

void
gst_h264_transcoder_free (GstH264Transcoder *self)
{
  if (self == NULL)
    return;
  gst_element_set_locked_state (self->chain, TRUE);
  gst_element_set_state (self->chain, GST_STATE_NULL);
  gst_bin_remove (self->bin, self->chain);
  lead_to (self, self->pay);
  gst_object_unref (self->queue);
  g_atomic_rc_box_release (self->handover);
  g_free (self);
  heap_trim ();
}
