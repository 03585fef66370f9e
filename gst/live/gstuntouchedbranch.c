/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* B-frames for viewers that reorder them: see gstuntouchedbranch.h. */

#include "gst/live/gstuntouchedbranch.h"

#include "gst/live/gsth264untouched.h"
#include "gst/live/gstrecipe.h"

GST_DEBUG_CATEGORY_EXTERN (gst_rtmp_webrtc_sink_debug);
#define GST_CAT_DEFAULT gst_rtmp_webrtc_sink_debug

struct _GstUntouchedBranch
{
  GstElement *chain;
  GstElement *pay;
  GstElement *whep;
  gchar *name; /* nullable */
  gulong handler;
  GstPad *whep_pad; /* NULL before there are B-frames */
};

/* Links from the downstream end, so that the first event finds all linked. */
static void
on_pad_added (GstElement *pay, GstPad *src, GstUntouchedBranch *self)
{
  GstPad *out;

  if (self->whep_pad != NULL ||
      g_strcmp0 (GST_PAD_NAME (src), GST_H264_UNTOUCHED_PAD) != 0)
    return;
  self->whep_pad = gst_element_request_pad_simple (self->whep, "video_%u");
  if (self->whep_pad == NULL)
    return;
  g_object_set (self->whep_pad, "untouched", TRUE, NULL);
  if (self->name != NULL)
    g_object_set (self->whep_pad, "stream-name", self->name, NULL);
  out = gst_ghost_pad_new (GST_H264_UNTOUCHED_PAD, src);
  gst_pad_set_active (out, TRUE);
  gst_element_add_pad (self->chain, out);
  if (gst_pad_link (out, self->whep_pad) != GST_PAD_LINK_OK)
    GST_WARNING_OBJECT (self->chain, "the frames with B-frames are not linked");
}

GstUntouchedBranch *
gst_untouched_branch_new (GstElement *chain, GstPad *whep_pad,
    const gchar *name)
{
  GstElement *pay = gst_bin_get_by_name (GST_BIN (chain), GST_RECIPE_H264_PAY);
  GstUntouchedBranch *self;

  if (pay == NULL || whep_pad == NULL ||
      g_object_class_find_property (G_OBJECT_GET_CLASS (whep_pad),
          "untouched") == NULL) {
    gst_clear_object (&pay);
    return NULL;
  }
  self = g_new0 (GstUntouchedBranch, 1);
  self->chain = chain;
  self->pay = pay;
  self->whep = GST_ELEMENT (GST_PAD_PARENT (whep_pad));
  self->name = g_strdup (name);
  self->handler =
      g_signal_connect (pay, "pad-added", G_CALLBACK (on_pad_added), self);
  return self;
}

void
gst_untouched_branch_free (GstUntouchedBranch *self)
{
  if (self == NULL)
    return;
  g_signal_handler_disconnect (self->pay, self->handler);
  gst_object_unref (self->pay);
  if (self->whep_pad != NULL)
    gst_element_release_request_pad (self->whep, self->whep_pad);
  gst_clear_object (&self->whep_pad);
  g_free (self->name);
  g_free (self);
}
