/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* rtmpwebrtcsink's own settings: see gstrtmpwebrtcsinksettings.h. */

#include "gst/live/gstrtmpwebrtcsinksettings.h"

#include "gst/live/gstpicturelimit.h"
#include "gst/live/gstrtmpwebrtcsink.h"

/* AAC frames last 21 ms, and browsers ask for 20. */
#define DEFAULT_OPUS_MS 20

GType
gst_rtmp_webrtc_transcode_get_type (void)
{
  static const GEnumValue values[] = {
    { GST_RTMP_WEBRTC_TRANSCODE_AUTO,
        "Transcode what browsers cannot play to H.264", "auto" },
    { GST_RTMP_WEBRTC_TRANSCODE_NEVER,
        "Omit or reject what browsers cannot play", "never" },
    { 0, NULL, NULL },
  };
  static gsize type = 0;

  if (g_once_init_enter (&type))
    g_once_init_leave (&type,
        g_enum_register_static ("GstRtmpWebrtcTranscode", values));
  return type;
}

/* The values of opusenc that all browsers accept. */
GType
gst_rtmp_webrtc_opus_frame_size_get_type (void)
{
  static const GEnumValue values[] = {
    { 10, "10 ms: lower latency, twice the packets", "10" },
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
          "What to do with a stream that has B-frames, which browsers drop "
          "or freeze at, or that has no further IDR frames, which browsers "
          "need to start; applies to publishers that connect from then on" },
  { .name = "transcode",
      .kind = GST_SETTING_ENUM,
      .offset = AT (transcode),
      .flags = GST_SETTING_PLAYING,
      .enum_type = gst_rtmp_webrtc_transcode_get_type,
      .default_value = GST_RTMP_WEBRTC_TRANSCODE_AUTO,
      .nick = "Transcode video",
      .blurb =
          "Whether video that a browser cannot play is transcoded to H.264: "
          "always if no browser plays the codec, otherwise as a rendition "
          "while viewers need it. It is done once for all viewers. With "
          "\"never\", B-frames are not transcoded either; applies to "
          "publishers that connect from then on" },
  { .name = "opus-frame-size",
      .kind = GST_SETTING_ENUM,
      .offset = AT (opus_ms),
      .flags = GST_SETTING_PLAYING,
      .enum_type = gst_rtmp_webrtc_opus_frame_size_get_type,
      .default_value = DEFAULT_OPUS_MS,
      .nick = "Opus frame size",
      .blurb =
          "Duration of the Opus packets that other audio is transcoded to, "
          "in milliseconds. 10 instead of 20 lowers the latency by 10 ms and "
          "costs each viewer 50 more packets a second (some 25 kbit/s); "
          "applies to publishers that connect from then on" },
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
      .nick = "Maximum transcodes",
      .blurb = "The maximum number of videos that are transcoded at the same "
               "time, including renditions. Beyond that, a stream is served "
               "without transcoding, as far as browsers play it, until another "
               "one ends; 0 means the number of CPU cores, but at least 4" },
  { .name = "mp4",
      .kind = GST_SETTING_BOOLEAN,
      .offset = AT (has_mp4),
      .flags = GST_SETTING_PLAYING,
      .default_value = TRUE,
      .nick = "Fragmented MP4",
      .blurb = "Whether each stream can be read over HTTP as well, as "
               "fragmented MP4 at /live/APP/KEY.mp4, with its tracks as the "
               "publisher sent them; applies to publishers that connect from "
               "then on" },
  { NULL },
};

const GstSetting *
gst_rtmp_webrtc_sink_settings_table (void)
{
  return table;
}
