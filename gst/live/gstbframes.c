/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The words for what becomes of B-frames: see gstbframes.h. */

#include "gst/live/gstbframes.h"

static const GEnumValue b_frames_values[] = {
  { GST_RTMP_WEBRTC_B_FRAMES_TRANSCODE,
      "Decode such a stream and encode it without them", "transcode" },
  { GST_RTMP_WEBRTC_B_FRAMES_DROP,
      "Leave out the frames that no other refers to", "drop" },
  { GST_RTMP_WEBRTC_B_FRAMES_PASS,
      "Let them pass, though browsers show them too late", "pass" },
  { GST_RTMP_WEBRTC_B_FRAMES_REFUSE, "Refuse such a stream", "refuse" },
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
