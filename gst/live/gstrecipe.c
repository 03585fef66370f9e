/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The chains that convert tracks to RTP: see gstrecipe.h. */

#include "gst/live/gstrecipe.h"

#include "gst/live/gstalternatives.h"
#include "gst/live/gsth264livepay.h"
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
 * fraction of a millisecond, and conceals gaps. There is no queue: 20 ms of
 * audio take 0.3 ms of the publisher's thread (stereo AAC, measured on one
 * core), so video is hardly delayed. FEC costs bits only if a viewer loses
 * packets; 128 kbit/s is transparent for stereo. */
#define TO_OPUS                                                                \
  " ! audioconvert ! audio/x-raw,channels=2 ! audioratematch"                  \
  " ! audioresample ! audio/x-raw,rate=48000,channels=2"                       \
  " ! opusenc name=" GST_RECIPE_OPUS_ENCODER " audio-type=generic"             \
  " bitrate=128000 frame-size=20 inband-fec=true perfect-timestamp=true"       \
  " ! rtpopuspay" MTU

/* Runs in its own threads, so that the publisher's thread is free for audio.
 * The first queue is never full, because gstbacklog.c bounds it. If the encoder
 * is too slow, raw frames are dropped, 8 of them or 32 MiB at most being
 * queued; no other frame refers to them. Every browser supports the baseline
 * profile. */
#define DECODE                                                                 \
  "queue name=" GST_RECIPE_QUEUE " max-size-buffers=0 max-size-bytes=0"        \
  " max-size-time=0 ! "
#define TO_H264                                                                \
  " ! queue name=" GST_RECIPE_PICTURES                                         \
  " leaky=downstream max-size-buffers=8 max-size-bytes=33554432"               \
  " max-size-time=0 ! videoconvert ! video/x-raw,format=I420"                  \
  " ! {to-h264}"                                                               \
  " ! capsfilter caps=video/x-h264,profile=constrained-baseline,"              \
  "stream-format=byte-stream,alignment=au"
#define AND_ASIDE "tee name=" GST_RECIPE_TEE " ! "
/* This uses our own payloader, which removes what makes browsers' decoders
 * stall. */
#define TO_RTP TO_H264 " ! h264livepay"
#define H264_PAY "rtph264pay aggregate-mode=zero-latency config-interval=-1" MTU

/* The first row that matches is used. The parsers are in rtmplivedemux. SPS and
 * PPS are sent with each key frame, because a viewer may start at any of them;
 * h265parse has inserted HEVC's. */
static const GstRecipe recipes[] = {
  { "video/x-h264, chroma-format=(string){ \"4:0:0\", \"4:2:2\", \"4:4:4\" }",
      "video_%u", DECODE "{h264-any}" TO_RTP, PICTURE_H264,
      .transcodes_video = TRUE },
  { "video/x-h264, bit-depth-luma=(uint){ 9, 10, 12, 14 }", "video_%u",
      DECODE "{h264-any}" TO_RTP, PICTURE_H264, .transcodes_video = TRUE },
  { "video/x-h264", "video_%u", "h264livepay name=" GST_RECIPE_H264_PAY,
      PICTURE_H264 },
  { "video/x-flash-video", "video_%u", DECODE "{sorenson}" TO_RTP,
      PICTURE_SORENSON, .transcodes_video = TRUE },
  { "video/x-vp6-flash", "video_%u", DECODE "{vp6}" TO_RTP, PICTURE_VP6,
      .transcodes_video = TRUE },
  { "video/mpeg, mpegversion=(int)4", "video_%u", DECODE "{mpeg4}" TO_RTP,
      PICTURE_MPEG4, .transcodes_video = TRUE },
  { "video/x-h265", "video_%u",
      AND_ASIDE "rtph265pay aggregate-mode=zero-latency" MTU, PICTURE_H265,
      .decoder = "{h265}" },
  { "video/x-av1", "video_%u", AND_ASIDE "{av1-rtp}", PICTURE_AV1,
      .decoder = "{av1}" },
  { "video/x-vp8", "video_%u", AND_ASIDE "rtpvp8pay picture-id-mode=15-bit" MTU,
      PICTURE_VP8, .decoder = "{vp8}" },
  { "video/x-vp9", "video_%u", AND_ASIDE "rtpvp9pay picture-id-mode=15-bit" MTU,
      PICTURE_VP9, .decoder = "{vp9}" },
  { "audio/mpeg, mpegversion=(int){ 2, 4 }", "audio_%u", "{aac}" TO_OPUS },
  { "audio/mpeg, mpegversion=(int)1", "audio_%u", "{mp3}" TO_OPUS },
  { "audio/x-alaw, rate=(int)8000, channels=(int)1", "audio_%u",
      "rtppcmapay" MTU },
  { "audio/x-mulaw, rate=(int)8000, channels=(int)1", "audio_%u",
      "rtppcmupay" MTU },
  /* G.711 in WebRTC is mono. */
  { "audio/x-alaw", "audio_%u", "{alaw}" TO_OPUS },
  { "audio/x-mulaw", "audio_%u", "{mulaw}" TO_OPUS },
  { "audio/x-opus, channel-mapping-family=(int)0", "audio_%u",
      "rtpopuspay" MTU },
  /* More than two channels. */
  { "audio/x-opus", "audio_%u", "{opus}" TO_OPUS },
  { "audio/x-flac", "audio_%u", "{flac}" TO_OPUS },
  { "audio/x-ac3", "audio_%u", "{ac3}" TO_OPUS },
  { "audio/x-eac3", "audio_%u", "{eac3}" TO_OPUS },
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

const GstRecipe *
gst_recipe_at (guint index)
{
  return index < G_N_ELEMENTS (recipes) ? &recipes[index] : NULL;
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

static gboolean
is_worth_naming (GstElement *element)
{
  GstElementFactory *factory = gst_element_get_factory (element);

  return factory != NULL &&
      gst_element_factory_list_is_type (factory,
          GST_ELEMENT_FACTORY_TYPE_DECODER | GST_ELEMENT_FACTORY_TYPE_ENCODER |
              GST_ELEMENT_FACTORY_TYPE_PAYLOADER);
}

gchar *
gst_recipe_dup_via (GstElement *chain)
{
  g_autoptr (GstIterator) elements = gst_bin_iterate_sorted (GST_BIN (chain));
  g_autoptr (GString) via = g_string_new (NULL);
  g_auto (GValue) item = G_VALUE_INIT;

  /* The iterator begins with the last element; the bin does not change while it
   * is used. */
  while (gst_iterator_next (elements, &item) == GST_ITERATOR_OK) {
    GstElement *element = g_value_get_object (&item);

    if (is_worth_naming (element)) {
      if (via->len > 0)
        g_string_prepend (via, " ! ");
      g_string_prepend (via,
          GST_OBJECT_NAME (gst_element_get_factory (element)));
    }
    g_value_reset (&item);
  }
  return g_string_free (g_steal_pointer (&via), FALSE);
}

/* Returns: (nullable) (transfer floating) */
static GstElement *
build (const gchar *description, GError **error)
{
  g_autofree gchar *chain = gst_alternatives_fill_in (description, error);
  g_autofree gchar *via = NULL;
  GstElement *bin;

  if (chain == NULL)
    return NULL;
  bin = gst_parse_bin_from_description_full (chain, TRUE, NULL,
      GST_PARSE_FLAG_FATAL_ERRORS, error);
  if (bin == NULL)
    return NULL;
  via = gst_recipe_dup_via (bin);
  GST_INFO_OBJECT (bin, "made of %s", via);
  return bin;
}

/* Adds the field for whepsink, which shows it in its list of streams. */
static GstPadProbeReturn
say_via (GstPad *pad, GstPadProbeInfo *info, gpointer via)
{
  GstEvent *event = GST_PAD_PROBE_INFO_EVENT (info);
  g_autoptr (GstCaps) caps = NULL;
  GstCaps *old;

  if (GST_EVENT_TYPE (event) != GST_EVENT_CAPS)
    return GST_PAD_PROBE_OK;
  gst_event_parse_caps (event, &old);
  caps = gst_caps_copy (old);
  gst_caps_set_simple (caps, "via", G_TYPE_STRING, via, NULL);
  GST_PAD_PROBE_INFO_DATA (info) = gst_event_new_caps (caps);
  gst_event_unref (event);
  return GST_PAD_PROBE_OK;
}

static void
add_via (GstElement *chain)
{
  g_autoptr (GstPad) src = gst_element_get_static_pad (chain, "src");

  gst_pad_add_probe (src, GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, say_via,
      gst_recipe_dup_via (chain), g_free);
}

GstElement *
gst_recipe_make (const GstRecipe *self, GError **error)
{
  GstElement *chain = build (self->chain, error);
  g_autoptr (GstPad) sink = NULL;

  if (chain == NULL)
    return NULL;
  add_via (chain);
  if (self->picture != PICTURE_VP8 && self->picture != PICTURE_VP9)
    return chain;
  sink = gst_element_get_static_pad (chain, "sink");
  gst_pad_add_probe (sink, GST_PAD_PROBE_TYPE_BUFFER, drop_unpayable,
      (gpointer) self, NULL);
  return chain;
}

GstElement *
gst_recipe_make_transcoder (GError **error)
{
  return build (DECODE "{h264}" TO_H264, error);
}

gboolean
gst_recipe_has_rendition (const GstRecipe *self)
{
  g_autofree gchar *decoder = NULL;
  g_autofree gchar *encoder = NULL;

  if (self->decoder == NULL)
    return FALSE;
  decoder = gst_alternatives_fill_in (self->decoder, NULL);
  encoder = gst_alternatives_fill_in (TO_H264, NULL);
  return decoder != NULL && encoder != NULL;
}

GstElement *
gst_recipe_make_rendition (const GstRecipe *self, GError **error)
{
  g_autofree gchar *chain = g_strconcat (DECODE, self->decoder, TO_RTP, NULL);
  GstElement *rendition = build (chain, error);

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

void
gst_recipe_set_up (GstElement *chain, GstRtmpWebrtcBFrames b_frames,
    guint max_area, TranscodeSlots *slots, guint opus_ms)
{
  g_autoptr (GstElement) pay =
      gst_bin_get_by_name (GST_BIN (chain), GST_RECIPE_H264_PAY);
  g_autoptr (GstElement) opus =
      gst_bin_get_by_name (GST_BIN (chain), GST_RECIPE_OPUS_ENCODER);

  if (pay != NULL) {
    g_object_set (pay, "b-frames", b_frames, "max-picture-area", max_area,
        NULL);
    gst_h264_live_pay_set_slots (GST_H264_LIVE_PAY (pay), slots);
  }
  if (opus != NULL)
    g_object_set (opus, "frame-size", opus_ms, NULL);
}
