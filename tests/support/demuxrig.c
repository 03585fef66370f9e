/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A demuxer between harnesses: see demuxrig.h. */

#include "tests/support/demuxrig.h"

#include <gst/check/gstcheck.h>

static void
on_pad_added (GstElement *element, GstPad *pad, DemuxRig *self)
{
  gboolean is_video = g_str_equal (GST_PAD_NAME (pad), "video");
  GstHarness *out = gst_harness_new_with_element (element, NULL, NULL);

  self->has_caps &= gst_pad_has_current_caps (pad);
  gst_harness_add_element_src_pad (out, pad);
  /* Tests look at the pad of a former codec, which has been removed. */
  if (self->outs[is_video ? 0 : 1] != NULL)
    g_ptr_array_add (self->former, self->outs[is_video ? 0 : 1]);
  self->outs[is_video ? 0 : 1] = out;
}

void
demux_rig_open (DemuxRig *self, const gchar *factory)
{
  *self = (DemuxRig){ .has_caps = TRUE };
  self->former =
      g_ptr_array_new_with_free_func ((GDestroyNotify) gst_harness_teardown);
  self->in = gst_harness_new_with_padnames (factory, "sink", NULL);
  g_signal_connect (self->in->element, "pad-added", G_CALLBACK (on_pad_added),
      self);
  gst_harness_set_src_caps_str (self->in, "video/x-flv");
}

void
demux_rig_close (DemuxRig *self)
{
  for (guint i = 0; i < 2; i++)
    g_clear_pointer (&self->outs[i], gst_harness_teardown);
  g_ptr_array_unref (self->former);
  gst_harness_teardown (self->in);
}

guint
demux_rig_n_frames (const DemuxRig *self, guint track)
{
  return self->outs[track] == NULL
      ? 0
      : gst_harness_buffers_received (self->outs[track]);
}

void
demux_rig_push (DemuxRig *self, GstBuffer *buffer)
{
  ck_assert_int_eq (gst_harness_push (self->in, buffer), GST_FLOW_OK);
}
