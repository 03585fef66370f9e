/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The chains that convert tracks to RTP: see gstrecipe.h. */

#include "gst/live/gstrecipe.h"

#include "gst/isolation/gstdecoderthreads.h"
#include "gst/live/encodereffort.h"
#include "gst/live/gstalternatives.h"
#include "gst/live/gstdatagramsize.h"
#include "gst/live/gsth264livepay.h"
#include "gst/live/gsth264rtppay.h"
#include "gst/live/gstvia.h"
#include "gst/live/opusframe.h"
#include "gst/live/vp8frame.h"
#include "gst/live/vp9frame.h"

GST_DEBUG_CATEGORY_EXTERN (gst_rtmp_webrtc_sink_debug);
#define GST_CAT_DEFAULT gst_rtmp_webrtc_sink_debug

#define MTU " mtu=" G_STRINGIFY (GST_DATAGRAM_SIZE_MTU) " "

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
 * queued; no other frame refers to them. */
#define DECODE                                                                 \
  "queue name=" GST_RECIPE_QUEUE " max-size-buffers=0 max-size-bytes=0"        \
  " max-size-time=0 ! "
#define ENCODER_JOB "to-h264"
#define TO_H264                                                                \
  " ! queue name=" GST_RECIPE_PICTURES                                         \
  " leaky=downstream max-size-buffers=8 max-size-bytes=33554432"               \
  " max-size-time=0 ! videoconvert ! {" ENCODER_JOB "}"
#define AND_ASIDE "tee name=" GST_RECIPE_TEE " ! "
/* This uses our own payloader, which removes what makes browsers' decoders
 * stall. */
#define TO_RTP TO_H264 " ! h264livepay"

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
  { "video/x-h265", "video_%u", AND_ASIDE "h265livepay" MTU, PICTURE_H265,
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
  { "audio/x-opus, channel-mapping-family=(int)0", "audio_%u", "rtpopuspay" MTU,
      .samples = opus_frame_samples, .sample_rate = OPUS_FRAME_RATE },
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

static void
set_up_codecs (GstBin *bin, const GstCodecChoice *choice)
{
  g_autoptr (GstElement) encoder =
      gst_bin_get_by_name (bin, GST_RECIPE_ENCODER);
  guint n_cores = g_get_num_processors ();

  gst_decoder_threads_limit (bin, encoder_effort (n_cores).decoder_threads);
  if (encoder == NULL)
    return;
  gst_h264_encoders_set_up (encoder, n_cores);
  if (choice->set_up != NULL)
    choice->set_up (NULL, encoder, choice->user_data);
}

/* Returns: (nullable) (transfer floating) */
static GstElement *
build (const gchar *description, const GstCodecChoice *choice, GError **error)
{
  static const GstCodecChoice any = { 0 };
  g_autofree gchar *chain = NULL;
  g_autofree gchar *via = NULL;
  GstElement *bin;

  if (choice == NULL)
    choice = &any;
  chain = gst_alternatives_fill_in (description, choice, error);
  if (chain == NULL)
    return NULL;
  bin = gst_parse_bin_from_description_full (chain, TRUE, NULL,
      GST_PARSE_FLAG_FATAL_ERRORS, error);
  if (bin == NULL)
    return NULL;
  set_up_codecs (GST_BIN (bin), choice);
  via = gst_via_dup (bin);
  GST_INFO_OBJECT (bin, "made of %s", via);
  return bin;
}

/* Data on a chain: see gst_recipe_note_rendition(). */
#define VIA "rtmp-webrtc-via"

/* h264livepay says it itself while it transcodes. */
static GstPadProbeReturn
say_via (GstPad *pad, GstPadProbeInfo *info, gpointer chain)
{
  gst_via_say (info, g_object_get_data (chain, VIA));
  return GST_PAD_PROBE_OK;
}

static void
add_via (GstElement *chain)
{
  g_autoptr (GstPad) src = gst_element_get_static_pad (chain, "src");

  g_object_set_data_full (G_OBJECT (chain), VIA, gst_via_dup (chain), g_free);
  gst_pad_add_probe (src, GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, say_via, chain,
      NULL);
}

void
gst_recipe_note_rendition (GstElement *chain, GstElement *rendition)
{
  g_autoptr (GstPad) src = gst_element_get_static_pad (chain, "src");
  g_autoptr (GstCaps) old = gst_pad_get_current_caps (src);
  g_autoptr (GstCaps) caps = NULL;
  gchar *via = gst_via_dup (chain);

  if (rendition != NULL) {
    g_autofree gchar *own = via;
    g_autofree gchar *other = gst_via_dup (rendition);

    via = g_strdup_printf ("%s, %s", own, other);
  }
  g_object_set_data_full (G_OBJECT (chain), VIA, via, g_free);
  if (old == NULL)
    return;
  caps = gst_caps_copy (old);
  gst_structure_remove_field (gst_caps_get_structure (caps, 0), "via");
  gst_pad_push_event (src, gst_event_new_caps (caps));
}

GstElement *
gst_recipe_make (const GstRecipe *self, const GstCodecChoice *choice,
    GError **error)
{
  GstElement *chain = build (self->chain, choice, error);
  g_autoptr (GstPad) sink = NULL;

  if (chain == NULL)
    return NULL;
  add_via (chain);
  sink = gst_element_get_static_pad (chain, "sink");
  if (self->samples != NULL)
    gst_even_sound_add (sink, self->samples, self->sample_rate);
  if (self->picture == PICTURE_VP8 || self->picture == PICTURE_VP9)
    gst_pad_add_probe (sink, GST_PAD_PROBE_TYPE_BUFFER, drop_unpayable,
        (gpointer) self, NULL);
  return chain;
}

GstElement *
gst_recipe_make_transcoder (const GstCodecChoice *choice, GError **error)
{
  return build (DECODE "{h264}" TO_H264, choice, error);
}

void
gst_recipe_try_encoders (const GstCodecChoice *choice)
{
  gst_alternatives_prepare (ENCODER_JOB, choice);
}

gboolean
gst_recipe_has_rendition (const GstRecipe *self, const GstCodecChoice *choice)
{
  static const GstCodecChoice any = { 0 };

  if (choice == NULL)
    choice = &any;
  return self->decoder != NULL &&
      gst_alternatives_exist (self->decoder, choice) &&
      gst_alternatives_exist (TO_H264, choice);
}

GstElement *
gst_recipe_make_rendition (const GstRecipe *self, const GstCodecChoice *choice,
    GError **error)
{
  g_autofree gchar *chain = g_strconcat (DECODE, self->decoder, TO_RTP, NULL);
  GstElement *rendition = build (chain, choice, error);

  if (rendition != NULL)
    gst_object_set_name (GST_OBJECT (rendition), GST_RECIPE_RENDITION);
  return rendition;
}

GstElement *
gst_recipe_make_h264_pay (void)
{
  return g_object_new (GST_TYPE_H264_RTP_PAY, "mtu", GST_DATAGRAM_SIZE_MTU,
      NULL);
}

void
gst_recipe_set_up (GstElement *chain, const GstRecipeSettings *settings)
{
  const GstCodecChoice *choice = &settings->choice;
  g_autoptr (GstElement) pay =
      gst_bin_get_by_name (GST_BIN (chain), GST_RECIPE_H264_PAY);
  g_autoptr (GstElement) opus =
      gst_bin_get_by_name (GST_BIN (chain), GST_RECIPE_OPUS_ENCODER);

  if (pay != NULL) {
    g_object_set (pay, "b-frames", settings->b_frames, "max-picture-area",
        settings->max_area, "decoder", choice->decoder, "encoder",
        choice->encoder, "isolate-decoders", choice->isolates, NULL);
    gst_h264_live_pay_set_slots (GST_H264_LIVE_PAY (pay), settings->slots);
    if (choice->set_up != NULL)
      g_signal_connect (pay, "encoder-setup", G_CALLBACK (choice->set_up),
          choice->user_data);
  }
  if (opus != NULL)
    g_object_set (opus, "frame-size", settings->opus_ms, NULL);
  gst_datagram_size_set (GST_BIN (chain), settings->datagram_bytes);
}

void
gst_recipe_settings_clear (GstRecipeSettings *self)
{
  gst_codec_choice_clear (&self->choice);
}
