/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* rtmpwebrtcsink's own settings: see gstrtmpwebrtcsinksettings.h. */

#include "gst/live/gstrtmpwebrtcsinksettings.h"

#include "gst/live/gstdatagramsize.h"
#include "gst/live/gsth264livepaysettings.h"
#include "gst/live/gstpicturelimit.h"
#include "gst/live/gstrtmpwebrtcsink.h"

/* AAC frames last 21 ms, and browsers ask for 20. */
#define DEFAULT_OPUS_MS 20

static GType
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
static GType
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
  { .name = "max-datagram-size",
      .kind = GST_SETTING_UINT,
      .offset = AT (datagram_bytes),
      .flags = GST_SETTING_PLAYING,
      .min = GST_DATAGRAM_SIZE_MIN,
      .max = GST_DATAGRAM_SIZE_MAX,
      .default_value = GST_DATAGRAM_SIZE_DEFAULT,
      .nick = "Maximum datagram size",
      .blurb =
          "The largest UDP payload that viewers are sent, in bytes. 1200 "
          "passes every network that WebRTC is used on; 1400, on a network "
          "that passes it, costs fewer packets per picture; applies to "
          "publishers that connect from then on" },
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
  { .name = "decoder",
      .kind = GST_SETTING_STRING,
      .offset = AT (decoder),
      .flags = GST_SETTING_PLAYING,
      .nick = "Video decoder",
      .blurb = GST_H264_LIVE_PAY_DECODER_BLURB },
  { .name = "encoder",
      .kind = GST_SETTING_STRING,
      .offset = AT (encoder),
      .flags = GST_SETTING_PLAYING,
      .nick = "H.264 encoder",
      .blurb = GST_H264_LIVE_PAY_ENCODER_BLURB },
  { .name = "isolate-decoders",
      .kind = GST_SETTING_BOOLEAN,
      .offset = AT (isolates),
      .flags = GST_SETTING_PLAYING,
      .default_value = TRUE,
      .nick = "Isolate decoders",
      .blurb = GST_H264_LIVE_PAY_ISOLATE_BLURB },
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
  { .name = "record-location",
      .kind = GST_SETTING_STRING,
      .offset = AT (record_location),
      .flags = GST_SETTING_PLAYING,
      .nick = "Location of recordings",
      .blurb =
          "Where each stream is recorded, as fragmented MP4 with the "
          "publisher's own tracks: a path in which %a is the app, %k the key, "
          "and %Y, %m, %d, %H, %M and %S the local time, such as "
          "recordings/%a/%k/%Y-%m-%dT%H-%M-%S.mp4. Files are never "
          "overwritten. If it is not set, only streams are recorded for which "
          "the signal start-recording asks; applies to publishers that connect "
          "from then on" },
  { .name = "record-duration",
      .kind = GST_SETTING_UINT64,
      .offset = AT (record_duration),
      .flags = GST_SETTING_PLAYING,
      .max = G_MAXINT64,
      .nick = "Duration of a recording",
      .blurb = "After this duration, in nanoseconds, a recording continues in "
               "another file, from the next key frame on; 0 is no limit. "
               "Applies to recordings that begin from then on" },
  { .name = "record-size",
      .kind = GST_SETTING_UINT64,
      .offset = AT (record_size),
      .flags = GST_SETTING_PLAYING,
      .max = G_MAXINT64,
      .nick = "Size of a recording",
      .blurb = "The same limit in bytes" },
  { .name = "origin",
      .kind = GST_SETTING_STRING,
      .offset = AT (origin),
      .flags = GST_SETTING_READY,
      .nick = "Origin",
      .blurb = "The RTMP server, rtmp://HOST:PORT or rtmps://HOST:PORT, from "
               "which a stream is pulled that a viewer asks for and nobody "
               "publishes here: for example a rtmpserversrc with play=true" },
  { .name = "origin-key-file",
      .kind = GST_SETTING_STRING,
      .offset = AT (origin_key_file),
      .flags = GST_SETTING_READY,
      .nick = "File of the origin's key",
      .blurb = "A file with the secret that the origin is sent with each "
               "stream, as token=; it is read anew for each connection" },
  { .name = "directory",
      .kind = GST_SETTING_STRING,
      .offset = AT (directory),
      .flags = GST_SETTING_READY,
      .nick = "Directory",
      .blurb = "The Redis server, redis://[:PASSWORD@]HOST[:PORT][/DB] or "
               "rediss:// for TLS, in which servers announce the streams that "
               "are published to them, and find the origin of a stream that a "
               "viewer asks for and nobody publishes here" },
  { .name = "directory-password-file",
      .kind = GST_SETTING_STRING,
      .offset = AT (directory_password_file),
      .flags = GST_SETTING_READY,
      .nick = "File of the directory's password",
      .blurb = "A file with the password of the directory, instead of the one "
               "in its URL; it is read anew for each connection" },
  { .name = "directory-address",
      .kind = GST_SETTING_STRING,
      .offset = AT (directory_address),
      .flags = GST_SETTING_READY,
      .nick = "Address in the directory",
      .blurb = "Where other servers pull streams from this one, "
               "rtmp://HOST:PORT or rtmps://HOST:PORT. By default, the address "
               "by which this machine reaches the directory, with the port of "
               "the rtmpserversrc in the same pipeline" },
  { NULL },
};

void
gst_rtmp_webrtc_sink_settings_mark_types (void)
{
  gst_type_mark_as_plugin_api (gst_rtmp_webrtc_transcode_get_type (), 0);
  gst_type_mark_as_plugin_api (gst_rtmp_webrtc_opus_frame_size_get_type (), 0);
}

const GstSetting *
gst_rtmp_webrtc_sink_settings_table (void)
{
  return table;
}
