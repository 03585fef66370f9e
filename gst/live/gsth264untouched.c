/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* H.264 with its B-frames, beside the stream without: see gsth264untouched.h.
 */

#include "gst/live/gsth264untouched.h"

#include "gst/live/gsth264strip.h"
#include "gst/live/gstrecipe.h"

struct _GstH264Untouched
{
  GstElement *bin;
  GstElement *pay;
  GstPad *feed; /* leads to the payloader */
  GstPad *out;
};

static gboolean
forward_sticky (GstPad *sink, GstEvent **event, gpointer user_data)
{
  gst_h264_untouched_note (user_data, *event);
  return TRUE;
}

static void
link_feed (GstH264Untouched *self)
{
  g_autoptr (GstPad) sink = gst_element_get_static_pad (self->pay, "sink");

  gst_h264_strip_add (sink);
  self->feed = gst_object_ref_sink (gst_pad_new ("feed", GST_PAD_SRC));
  gst_pad_set_active (self->feed, TRUE);
  gst_pad_link (self->feed, sink);
}

/* The pad is linked while it is being added. */
GstH264Untouched *
gst_h264_untouched_new (GstElement *bin, GstPad *sink, GstPadTemplate *templ,
    guint mtu)
{
  GstElement *pay = gst_recipe_make_h264_pay ();
  g_autoptr (GstPad) src = NULL;
  GstH264Untouched *self = g_new0 (GstH264Untouched, 1);

  self->bin = bin;
  self->pay = pay;
  g_object_set (pay, "mtu", mtu, NULL);
  gst_bin_add (GST_BIN (bin), pay);
  link_feed (self);
  src = gst_element_get_static_pad (pay, "src");
  self->out =
      gst_ghost_pad_new_from_template (GST_H264_UNTOUCHED_PAD, src, templ);
  gst_pad_set_active (self->out, TRUE);
  gst_element_sync_state_with_parent (pay);
  gst_element_add_pad (bin, self->out);
  gst_pad_sticky_events_foreach (sink, forward_sticky, self);
  return self;
}

void
gst_h264_untouched_push (GstH264Untouched *self, GstBuffer *frame)
{
  if (gst_pad_is_linked (self->out))
    gst_pad_push (self->feed, gst_buffer_ref (frame));
}

void
gst_h264_untouched_note (GstH264Untouched *self, GstEvent *event)
{
  if (GST_EVENT_TYPE (event) == GST_EVENT_STREAM_START ||
      GST_EVENT_TYPE (event) == GST_EVENT_CAPS ||
      GST_EVENT_TYPE (event) == GST_EVENT_SEGMENT ||
      GST_EVENT_TYPE (event) == GST_EVENT_EOS)
    gst_pad_push_event (self->feed, gst_event_ref (event));
}

void
gst_h264_untouched_free (GstH264Untouched *self)
{
  if (self == NULL)
    return;
  gst_element_set_locked_state (self->pay, TRUE);
  gst_element_set_state (self->pay, GST_STATE_NULL);
  gst_pad_set_active (self->out, FALSE);
  gst_element_remove_pad (self->bin, self->out);
  gst_bin_remove (GST_BIN (self->bin), self->pay);
  gst_object_unref (self->feed);
  g_free (self);
}
