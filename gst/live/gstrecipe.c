/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The chains that convert tracks to RTP: see gstrecipe.h. */

#include "gst/live/gstrecipe.h"

#include "gst/live/vp8frame.h"
#include "gst/live/vp9frame.h"

GST_DEBUG_CATEGORY_EXTERN (gst_rtmp_webrtc_sink_debug);
#define GST_CAT_DEFAULT gst_rtmp_webrtc_sink_debug

/* The mtu of the payloader includes 12 bytes of RTP header. whepsink's header
 * takes up to 12 more for extensions and SRTP's tag up to 20, and a datagram of
 * 1200 bytes passes every network that WebRTC is used on: 1200 - 12 - 20. */
#define MTU " mtu=1168 "

/* Audio whose times follow the publisher's clock is fitted to them first,
 * because the elements after that count samples: a browser drops overlaps of a
 * part of a millisecond, and conceals gaps. There is no queue: 20 ms of audio
 * take 0.3 ms of the publisher's thread (stereo AAC, measured on one core), so
 * video is hardly delayed. FEC costs bits only where a viewer loses packets;
 * 128 kbit/s is transparent for stereo. */
#define TO_OPUS                                                                \
  " ! audioconvert ! audio/x-raw,channels=2 ! audioratematch"                  \
  " ! audioresample ! audio/x-raw,rate=48000,channels=2"                       \
  " ! opusenc name=" GST_RECIPE_OPUS_ENCODER " audio-type=generic"             \
  " bitrate=128000 frame-size=20 inband-fec=true perfect-timestamp=true"       \
  " ! rtpopuspay" MTU

/* In threads of its own, so that the publisher's thread is free for audio. The
 * first queue is never full, because gstbacklog.c bounds it. If the encoder is
 * too slow, raw frames are dropped, 8 of them or 32 MiB at most being queued;
 * no other frame refers to them. Each thread of a decoder may hold pictures, so
 * there are at most 4. A key frame every 48 frames is one per 1 to 2 s at 24 to
 * 50 frames per second. Quality is constant (CRF 23) up to 6 Mbit/s; every
 * browser supports the baseline profile. */
#define DECODE                                                                 \
  "queue name=" GST_RECIPE_QUEUE " max-size-buffers=0 max-size-bytes=0"        \
  " max-size-time=0 ! "
#define TO_H264                                                                \
  " ! queue name=" GST_RECIPE_PICTURES                                         \
  " leaky=downstream max-size-buffers=8 max-size-bytes=33554432"               \
  " max-size-time=0 ! videoconvert ! video/x-raw,format=I420"                  \
  " ! x264enc name=" GST_RECIPE_ENCODER " tune=zerolatency"                    \
  " speed-preset=superfast pass=qual quantizer=23 bitrate=6000"                \
  " vbv-buf-capacity=300 key-int-max=48 aud=false"                             \
  " ! capsfilter caps=video/x-h264,profile=constrained-baseline,"              \
  "stream-format=byte-stream,alignment=au"
#define AND_ASIDE "tee name=" GST_RECIPE_TEE " ! "
/* With our own payloader, which removes what browsers' decoders stall at. */
#define TO_RTP TO_H264 " ! h264livepay"
#define H264_DECODER                                                           \
  "avdec_h264 thread-type=slice max-threads=4 output-corrupt=false"
#define H264_PAY "rtph264pay aggregate-mode=zero-latency config-interval=-1" MTU

/* The first row that matches is used. The parsers are in rtmplivedemux. SPS and
 * PPS are sent with each key frame, because a viewer may start at any of them;
 * h265parse has inserted HEVC's. */
static const GstRecipe recipes[] = {
  { "video/x-h264, chroma-format=(string){ \"4:0:0\", \"4:2:2\", \"4:4:4\" }",
      "video_%u", DECODE H264_DECODER TO_RTP, PICTURE_H264,
      .transcodes_video = TRUE },
  { "video/x-h264, bit-depth-luma=(uint){ 9, 10, 12, 14 }", "video_%u",
      DECODE H264_DECODER TO_RTP, PICTURE_H264, .transcodes_video = TRUE },
  { "video/x-h264", "video_%u", "h264livepay name=" GST_RECIPE_H264_PAY,
      PICTURE_H264 },
  { "video/x-flash-video", "video_%u", DECODE "avdec_flv" TO_RTP,
      PICTURE_SORENSON, .transcodes_video = TRUE },
  { "video/x-vp6-flash", "video_%u", DECODE "avdec_vp6f" TO_RTP, PICTURE_VP6,
      .transcodes_video = TRUE },
  { "video/mpeg, mpegversion=(int)4", "video_%u",
      DECODE "mpeg4videoparse ! avdec_mpeg4 max-threads=4" TO_RTP,
      PICTURE_MPEG4, .transcodes_video = TRUE },
  { "video/x-h265", "video_%u",
      AND_ASIDE "rtph265pay aggregate-mode=zero-latency" MTU, PICTURE_H265,
      .decoder = "avdec_h265", .decoder_threads = "max-threads=4" },
  { "video/x-av1", "video_%u", AND_ASIDE "av1livepay" MTU, PICTURE_AV1,
      .decoder = "av1dec" },
  { "video/x-vp8", "video_%u", AND_ASIDE "rtpvp8pay picture-id-mode=15-bit" MTU,
      PICTURE_VP8, .decoder = "vp8dec", .decoder_threads = "threads=4" },
  { "video/x-vp9", "video_%u", AND_ASIDE "rtpvp9pay picture-id-mode=15-bit" MTU,
      PICTURE_VP9, .decoder = "vp9dec", .decoder_threads = "threads=4" },
  { "audio/mpeg, mpegversion=(int){ 2, 4 }", "audio_%u", "avdec_aac" TO_OPUS },
  { "audio/mpeg, mpegversion=(int)1", "audio_%u", "avdec_mp3" TO_OPUS },
  { "audio/x-alaw, rate=(int)8000, channels=(int)1", "audio_%u",
      "rtppcmapay" MTU },
  { "audio/x-mulaw, rate=(int)8000, channels=(int)1", "audio_%u",
      "rtppcmupay" MTU },
  /* G.711 in WebRTC is mono. */
  { "audio/x-alaw", "audio_%u", "alawdec" TO_OPUS },
  { "audio/x-mulaw", "audio_%u", "mulawdec" TO_OPUS },
  { "audio/x-opus, channel-mapping-family=(int)0", "audio_%u",
      "rtpopuspay" MTU },
  /* More than two channels. */
  { "audio/x-opus", "audio_%u", "opusdec" TO_OPUS },
  { "audio/x-flac", "audio_%u", "avdec_flac" TO_OPUS },
  { "audio/x-ac3", "audio_%u", "ac3parse ! avdec_ac3" TO_OPUS },
  { "audio/x-eac3", "audio_%u", "ac3parse ! avdec_eac3" TO_OPUS },
};

const GstRecipe *
gst_recipe_find (const GstCaps *caps)
{
  for (guint i = 0; i < G_N_ELEMENTS (recipes); i++) {
    g_autoptr (GstCaps) wanted = gst_caps_from_string (recipes[i].caps);

    if (gst_caps_is_subset (caps, wanted))
      return &recipes[i];
  }
  return NULL;
}

static gboolean
is_payable (PictureCodec codec, const guint8 *data, gsize size)
{
  Vp8Frame vp8;
  Vp9Frame vp9;

  if (codec == PICTURE_VP8)
    return vp8_frame_read (&vp8, data, size);
  return vp9_frame_read (&vp9, data, size) && !vp9.shows_existing;
}

/* rtpvp8pay and rtpvp9pay (1.22) fail permanently on a frame that they can't
 * parse, and leak its memory; rtpvp9pay also leaks a frame that only shows an
 * existing one, which no other refers to. */
static GstPadProbeReturn
drop_unpayable (GstPad *pad, GstPadProbeInfo *info, gpointer recipe)
{
  GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER (info);
  GstPadProbeReturn result = GST_PAD_PROBE_OK;
  GstMapInfo map;

  if (!gst_buffer_map (buffer, &map, GST_MAP_READ))
    return GST_PAD_PROBE_DROP;
  if (!is_payable (((const GstRecipe *) recipe)->picture, map.data, map.size)) {
    GST_DEBUG_OBJECT (pad, "malformed frame of %" G_GSIZE_FORMAT " bytes",
        map.size);
    result = GST_PAD_PROBE_DROP;
  }
  gst_buffer_unmap (buffer, &map);
  return result;
}

GstElement *
gst_recipe_make (const GstRecipe *self, GError **error)
{
  GstElement *chain = gst_parse_bin_from_description (self->chain, TRUE, error);
  g_autoptr (GstPad) sink = NULL;

  if (chain == NULL ||
      (self->picture != PICTURE_VP8 && self->picture != PICTURE_VP9))
    return chain;
  sink = gst_element_get_static_pad (chain, "sink");
  gst_pad_add_probe (sink, GST_PAD_PROBE_TYPE_BUFFER, drop_unpayable,
      (gpointer) self, NULL);
  return chain;
}

GstElement *
gst_recipe_make_transcoder (GError **error)
{
  return gst_parse_bin_from_description_full (DECODE H264_DECODER TO_H264, TRUE,
      NULL, GST_PARSE_FLAG_FATAL_ERRORS, error);
}

static gboolean
has_element (const gchar *name)
{
  g_autoptr (GstElementFactory) factory = gst_element_factory_find (name);

  return factory != NULL;
}

gboolean
gst_recipe_has_rendition (const GstRecipe *self)
{
  return self->decoder != NULL && has_element (self->decoder) &&
      has_element ("x264enc");
}

GstElement *
gst_recipe_make_rendition (const GstRecipe *self, GError **error)
{
  g_autofree gchar *chain = g_strconcat (DECODE, self->decoder, " ",
      self->decoder_threads != NULL ? self->decoder_threads : "", TO_RTP, NULL);
  GstElement *rendition;

  rendition = gst_parse_bin_from_description_full (chain, TRUE, NULL,
      GST_PARSE_FLAG_FATAL_ERRORS, error);
  if (rendition != NULL)
    gst_object_set_name (GST_OBJECT (rendition), GST_RECIPE_RENDITION);
  return rendition;
}

GstElement *
gst_recipe_make_h264_pay (void)
{
  return gst_parse_launch_full (H264_PAY, NULL,
      GST_PARSE_FLAG_FATAL_ERRORS | GST_PARSE_FLAG_NO_SINGLE_ELEMENT_BINS,
      NULL);
}
