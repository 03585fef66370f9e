/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* B-frames, and streams without IDR frames: see gsth264trouble.h. */

#include "gst/live/gsth264trouble.h"

GST_DEBUG_CATEGORY_EXTERN (gst_h264_live_pay_debug);
#define GST_CAT_DEFAULT gst_h264_live_pay_debug

#define B_FRAMES "b-frames"
#define NO_IDR_FRAMES "no-idr-frames"

void
gst_h264_trouble_init (GstH264Trouble *self, GstElement *element)
{
  *self = (GstH264Trouble){ .element = element };
}

/* Announces the action taken about B-frames or missing IDR frames. */
static void
announce (GstH264Trouble *self, const gchar *trouble)
{
  const gchar *action = gst_rtmp_webrtc_b_frames_name (self->announced);
  GstStructure *facts = gst_structure_new_empty ("rtmp-webrtc/stream-facts");
  GstStructure *news =
      gst_structure_new (trouble, trouble, G_TYPE_STRING, action, NULL);
  g_autoptr (GstPad) src = gst_element_get_static_pad (self->element, "src");

  GST_INFO_OBJECT (self->element, "%s: %s", trouble, action);
  if (self->has_b_frames)
    gst_structure_set (facts, B_FRAMES, G_TYPE_STRING, action, NULL);
  if (self->has_no_idr)
    gst_structure_set (facts, NO_IDR_FRAMES, G_TYPE_STRING, action, NULL);
  gst_pad_push_event (src,
      gst_event_new_custom (GST_EVENT_CUSTOM_DOWNSTREAM_STICKY, facts));
  gst_element_post_message (self->element,
      gst_message_new_element (GST_OBJECT (self->element), news));
}

/* A stream that only lacks IDR frames has no frames to drop. */
static GstRtmpWebrtcBFrames
action_of (const GstH264Trouble *self, GstRtmpWebrtcBFrames action)
{
  return action == GST_RTMP_WEBRTC_B_FRAMES_DROP && !self->has_b_frames
      ? GST_RTMP_WEBRTC_B_FRAMES_PASS
      : action;
}

void
gst_h264_trouble_set_announced (GstH264Trouble *self,
    GstRtmpWebrtcBFrames action)
{
  GstRtmpWebrtcBFrames announced = action_of (self, action);

  if (announced == self->announced)
    return;
  self->announced = announced;
  announce (self, self->has_b_frames ? B_FRAMES : NO_IDR_FRAMES);
}

static void
notice (GstH264Trouble *self, gboolean *trouble, const gchar *name,
    GstRtmpWebrtcBFrames action)
{
  if (!gst_h264_trouble_exists (self)) {
    self->action = action;
    self->announced = action;
  }
  *trouble = TRUE;
  self->announced = action_of (self, self->announced);
  announce (self, name);
}

void
gst_h264_trouble_note (GstH264Trouble *self, GstBuffer *buffer,
    const H264Frame *frame, GstRtmpWebrtcBFrames action)
{
  GstClockTime time = GST_BUFFER_DTS_OR_PTS (buffer);

  if (frame->has_b_slice && !self->has_b_frames)
    notice (self, &self->has_b_frames, B_FRAMES, action);
  if (!self->has_no_idr && GST_CLOCK_TIME_IS_VALID (time) &&
      h264_refresh_note (&self->refresh, frame, time / GST_USECOND))
    notice (self, &self->has_no_idr, NO_IDR_FRAMES, action);
}

gboolean
gst_h264_trouble_exists (const GstH264Trouble *self)
{
  return self->has_b_frames || self->has_no_idr;
}
