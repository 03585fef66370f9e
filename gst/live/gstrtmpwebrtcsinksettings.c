/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* rtmpwebrtcsink's own settings: see gstrtmpwebrtcsinksettings.h. */

#include "gst/live/gstrtmpwebrtcsinksettings.h"

#include "gst/live/gstpicturelimit.h"
#include "gst/live/gstrtmpwebrtcsink.h"

/* AAC's frames are of 21 ms, and browsers ask for 20. */
#define DEFAULT_OPUS_MS 20

GType
gst_rtmp_webrtc_transcode_get_type (void)
{
  static const GEnumValue values[] = {
    { GST_RTMP_WEBRTC_TRANSCODE_AUTO, "Make H.264 of what browsers lack",
        "auto" },
    { GST_RTMP_WEBRTC_TRANSCODE_NEVER, "Leave out or refuse what browsers lack",
        "never" },
    { 0, NULL, NULL },
  };
  static gsize type = 0;

  if (g_once_init_enter (&type))
    g_once_init_leave (&type,
        g_enum_register_static ("GstRtmpWebrtcTranscode", values));
  return type;
}

/* Those of opusenc's that all browsers take. */
GType
gst_rtmp_webrtc_opus_frame_size_get_type (void)
{
  static const GEnumValue values[] = {
    { 10, "10 ms: less delay, twice the packets", "10" },
    { 20, "20 ms", "20" },
    { 0, NULL, NULL },
  };
  static gsize type = 0;

  if (g_once_init_enter (&type))
    g_once_init_leave (&type,
        g_enum_register_static ("GstRtmpWebrtcOpusFrameSize", values));
  return type;
}

#define AT(member) G_STRUCT_OFFSET (GstRtmpWebrtcSinkSettings, member)

static const GstSetting table[] = {
  { .name = "b-frames",
      .kind = GST_SETTING_ENUM,
      .offset = AT (b_frames),
      .flags = GST_SETTING_PLAYING,
      .enum_type = gst_rtmp_webrtc_b_frames_get_type,
      .default_value = GST_RTMP_WEBRTC_B_FRAMES_TRANSCODE,
      .nick = "B-frames",
      .blurb =
          "What is done with a stream that has B-frames, which browsers "
          "leave out or stand still at, or that goes on without IDR frames, "
          "which alone they begin with; counts for publishers that come "
          "later" },
  { .name = "transcode",
      .kind = GST_SETTING_ENUM,
      .offset = AT (transcode),
      .flags = GST_SETTING_PLAYING,
      .enum_type = gst_rtmp_webrtc_transcode_get_type,
      .default_value = GST_RTMP_WEBRTC_TRANSCODE_AUTO,
      .nick = "Transcode video",
      .blurb =
          "Whether video that a browser lacks is decoded and encoded anew as "
          "H.264: all of it where no browser plays the codec, otherwise a "
          "rendition while viewers need it. Once for all viewers; with "
          "\"never\" B-frames pass at best; counts for publishers that come "
          "later" },
  { .name = "opus-frame-size",
      .kind = GST_SETTING_ENUM,
      .offset = AT (opus_ms),
      .flags = GST_SETTING_PLAYING,
      .enum_type = gst_rtmp_webrtc_opus_frame_size_get_type,
      .default_value = DEFAULT_OPUS_MS,
      .nick = "Opus frame size",
      .blurb =
          "The length of a packet of sound that is made Opus, in milliseconds. "
          "10 instead of 20 takes 10 ms off its delay, and costs each viewer "
          "50 packets (some 25 kbit/s) a second more; counts for publishers "
          "that come later" },
  { .name = "max-picture-area",
      .kind = GST_SETTING_UINT,
      .offset = AT (max_area),
      .flags = GST_SETTING_PLAYING,
      .default_value = GST_PICTURE_DEFAULT_MAX_AREA,
      .param_spec_new = gst_picture_limit_param_spec },
  { .name = "max-transcodes",
      .kind = GST_SETTING_UINT,
      .offset = AT (max_slots),
      .flags = GST_SETTING_PLAYING,
      .max = G_MAXINT,
      .nick = "Most transcodes",
      .blurb =
          "How many videos are decoded and encoded anew at once, renditions "
          "among them. A stream that comes then is served without, as far as "
          "browsers play it, until another ends; 0: as many as there are CPU "
          "cores, but 4 at least" },
  { NULL },
};

const GstSetting *
gst_rtmp_webrtc_sink_settings_table (void)
{
  return table;
}
