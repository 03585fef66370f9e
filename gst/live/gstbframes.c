/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The values of the property b-frames: see gstbframes.h. */

#include "gst/live/gstbframes.h"

static const GEnumValue b_frames_values[] = {
  { GST_RTMP_WEBRTC_B_FRAMES_TRANSCODE,
      "Transcode the stream to one without B-frames", "transcode" },
  { GST_RTMP_WEBRTC_B_FRAMES_DROP,
      "Drop the frames that no other frame refers to", "drop" },
  { GST_RTMP_WEBRTC_B_FRAMES_PASS,
      "Forward them, although browsers show them too late", "pass" },
  { GST_RTMP_WEBRTC_B_FRAMES_REFUSE, "Reject the stream", "refuse" },
  { 0, NULL, NULL },
};

GType
gst_rtmp_webrtc_b_frames_get_type (void)
{
  static gsize type = 0;

  if (g_once_init_enter (&type))
    g_once_init_leave (&type,
        g_enum_register_static ("GstRtmpWebrtcBFrames", b_frames_values));
  return type;
}

const gchar *
gst_rtmp_webrtc_b_frames_name (GstRtmpWebrtcBFrames self)
{
  return b_frames_values[self].value_nick;
}
