/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The recipe of each codec: a chain that can be built, and RTP with timestamps
 * that browsers accept. */

#include "gst/live/gstrecipe.h"
#include "gst/live/gstvia.h"

#include <gst/check/gstcheck.h>
#include <gst/check/gstharness.h>
#include <gst/rtp/gstrtpbuffer.h>

#define AAC_CAPS "audio/mpeg, mpegversion=4, stream-format=raw"
#define FLAC_CAPS "audio/x-flac, framed=true"

static const struct
{
  const gchar *caps, *pad, *element;
} tracks[] = {
  { "video/x-h264, stream-format=byte-stream, alignment=au", "video_%u",
      "h264livepay" },
  { AAC_CAPS, "audio_%u", "opusenc" },
  { "audio/mpeg, mpegversion=1, layer=3", "audio_%u", "opusenc" },
  { "audio/x-alaw, rate=8000, channels=1", "audio_%u", "rtppcmapay" },
  { "audio/x-mulaw, rate=8000, channels=1", "audio_%u", "rtppcmupay" },
  { "audio/x-alaw, rate=8000, channels=2", "audio_%u", "opusenc" },
  { "audio/x-mulaw, rate=16000, channels=1", "audio_%u", "opusenc" },
  { "audio/x-opus, channel-mapping-family=0", "audio_%u", "rtpopuspay" },
  { "audio/x-opus, channel-mapping-family=1", "audio_%u", "opusdec" },
  { "video/x-h264, chroma-format=4:2:2", "video_%u", "avdec_h264" },
  { "video/x-h264, chroma-format=4:2:0, bit-depth-luma=(uint)10", "video_%u",
      "avdec_h264" },
  { "video/x-h264, chroma-format=4:2:0, bit-depth-luma=(uint)8", "video_%u",
      "h264livepay" },
  { "video/x-flash-video, flvversion=1", "video_%u", "avdec_flv" },
  { "video/x-vp6-flash", "video_%u", "avdec_vp6f" },
  { "video/mpeg, mpegversion=4, systemstream=false", "video_%u",
      "avdec_mpeg4" },
  { FLAC_CAPS, "audio_%u", "avdec_flac" },
  { "audio/x-ac3, framed=true", "audio_%u", "avdec_ac3" },
  { "audio/x-eac3, framed=true", "audio_%u", "avdec_eac3" },
  { "video/x-h265, stream-format=byte-stream, alignment=au", "video_%u",
      "h265livepay" },
  { "video/x-av1, stream-format=obu-stream, alignment=tu", "video_%u",
      "av1livepay" },
  { "video/x-vp8", "video_%u", "rtpvp8pay" },
  { "video/x-vp9", "video_%u", "rtpvp9pay" },
};

static gboolean
has_element (GstElement *chain, const gchar *element)
{
  g_autofree gchar *via = gst_via_dup (chain);
  g_auto (GStrv) elements = g_strsplit (via, " ! ", 0);

  return g_strv_contains ((const gchar *const *) elements, element);
}

GST_START_TEST (each_codec_has_a_recipe_that_can_be_built)
{
  for (guint i = 0; i < G_N_ELEMENTS (tracks); i++) {
    g_autoptr (GstCaps) caps = gst_caps_from_string (tracks[i].caps);
    const GstRecipe *recipe = gst_recipe_find (caps);
    g_autoptr (GError) error = NULL;
    GstElement *chain;

    ck_assert_msg (recipe != NULL, "%s", tracks[i].caps);
    ck_assert_str_eq (recipe->pad, tracks[i].pad);
    chain = gst_recipe_make (recipe, NULL, &error);
    ck_assert_msg (chain != NULL, "%s", error ? error->message : "");
    gst_object_ref_sink (chain);
    ck_assert_msg (has_element (chain, tracks[i].element), "%s",
        tracks[i].caps);
    gst_object_unref (chain);
  }
}
GST_END_TEST;

GST_START_TEST (a_codec_without_a_payloader_has_no_recipe)
{
  g_autoptr (GstCaps) caps = gst_caps_from_string ("audio/x-speex");

  ck_assert (gst_recipe_find (caps) == NULL);
}
GST_END_TEST;

static void
set_rank (const gchar *element, GstRank rank)
{
  g_autoptr (GstElementFactory) factory = gst_element_factory_find (element);

  ck_assert_msg (factory != NULL, "%s", element);
  gst_plugin_feature_set_rank (GST_PLUGIN_FEATURE (factory), rank);
}

static gchar *
dup_via_of (const gchar *caps_text)
{
  g_autoptr (GstCaps) caps = gst_caps_from_string (caps_text);
  g_autoptr (GError) error = NULL;
  g_autoptr (GstElement) chain =
      gst_recipe_make (gst_recipe_find (caps), NULL, &error);

  ck_assert_msg (chain != NULL, "%s", error ? error->message : "");
  gst_object_ref_sink (chain);
  return gst_via_dup (chain);
}

/* Every case is a process of its own, with ranks as they were. */
GST_START_TEST (an_element_without_a_rank_is_left_to_the_next)
{
  g_autofree gchar *first = dup_via_of (AAC_CAPS);
  g_autofree gchar *second = NULL;

  ck_assert_str_eq (first, "avdec_aac ! opusenc ! rtpopuspay");
  set_rank ("avdec_aac", GST_RANK_NONE);
  second = dup_via_of (AAC_CAPS);
  ck_assert_str_ne (second, first);
  ck_assert_msg (g_str_has_suffix (second, "! opusenc ! rtpopuspay"), "%s",
      second);
}
GST_END_TEST;

GST_START_TEST (what_is_missing_is_named_with_all_that_could_replace_it)
{
  g_autoptr (GstCaps) caps = gst_caps_from_string (FLAC_CAPS);
  g_autoptr (GError) error = NULL;

  set_rank ("avdec_flac", GST_RANK_NONE);
  set_rank ("flacdec", GST_RANK_NONE);
  ck_assert (gst_recipe_make (gst_recipe_find (caps), NULL, &error) == NULL);
  ck_assert (g_error_matches (error, GST_PARSE_ERROR,
      GST_PARSE_ERROR_NO_SUCH_ELEMENT));
  ck_assert_str_eq (error->message, "no element \"avdec_flac\" or \"flacdec\"");
}
GST_END_TEST;

GST_START_TEST (a_rendition_wants_a_decoder_and_an_encoder)
{
  g_autoptr (GstCaps) caps = gst_caps_from_string ("video/x-vp8");
  const GstRecipe *vp8 = gst_recipe_find (caps);

  ck_assert (gst_recipe_has_rendition (vp8, NULL));
  set_rank ("x264enc", GST_RANK_NONE);
  ck_assert (gst_recipe_has_rendition (vp8, NULL));
  set_rank ("openh264enc", GST_RANK_NONE);
  ck_assert (!gst_recipe_has_rendition (vp8, NULL));
  set_rank ("openh264enc", GST_RANK_MARGINAL);
  set_rank ("vp8dec", GST_RANK_NONE);
  set_rank ("avdec_vp8", GST_RANK_NONE);
  ck_assert (!gst_recipe_has_rendition (vp8, NULL));
}
GST_END_TEST;

/* Stereo at 48 kHz, in frames of AAC: 21.33 ms, which FLV rounds to 21 or
 * 22. */
#define SOUND_CAPS "audio/x-mulaw, rate=48000, channels=2"
#define SOUND_SAMPLES 1024
#define N_SOUNDS 100

static void
push_sound (GstHarness *harness, GstClockTime time)
{
  GstBuffer *sound = gst_buffer_new_allocate (NULL, 2 * SOUND_SAMPLES, NULL);

  gst_buffer_memset (sound, 0, 0xff, 2 * SOUND_SAMPLES);
  GST_BUFFER_PTS (sound) = time;
  ck_assert_int_eq (gst_harness_push (harness, sound), GST_FLOW_OK);
}

static guint32
pull_rtp_time (GstHarness *harness)
{
  g_autoptr (GstBuffer) packet = gst_harness_pull (harness);
  GstRTPBuffer rtp = GST_RTP_BUFFER_INIT;
  guint32 rtp_time;

  ck_assert (gst_rtp_buffer_map (packet, GST_MAP_READ, &rtp));
  rtp_time = gst_rtp_buffer_get_timestamp (&rtp);
  gst_rtp_buffer_unmap (&rtp);
  return rtp_time;
}

static GstHarness *
new_sound_harness (const gchar *sound_caps)
{
  g_autoptr (GstCaps) caps = gst_caps_from_string (sound_caps);
  g_autoptr (GstElement) chain = gst_object_ref_sink (
      gst_recipe_make (gst_recipe_find (caps), NULL, NULL));
  GstHarness *harness = gst_harness_new_with_element (chain, "sink", "src");

  gst_harness_set_src_caps_str (harness, sound_caps);
  return harness;
}

GST_START_TEST (the_caps_of_a_track_say_what_converts_it)
{
  GstHarness *harness = new_sound_harness (SOUND_CAPS);
  g_autoptr (GstCaps) caps = NULL;

  push_sound (harness, 0);
  push_sound (harness, SOUND_SAMPLES * GST_SECOND / 48000);
  caps = gst_pad_get_current_caps (harness->sinkpad);
  ck_assert_str_eq (gst_structure_get_string (gst_caps_get_structure (caps, 0),
                        "via"),
      "mulawdec ! opusenc ! rtpopuspay");
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* Returns: the number of packets. */
static guint
pull_even_sound (GstHarness *harness)
{
  guint n_packets = 2;
  guint32 before;

  /* The encoder's delay is subtracted from the first. */
  pull_rtp_time (harness);
  before = pull_rtp_time (harness);
  while (gst_harness_buffers_in_queue (harness) > 0) {
    guint32 rtp_time = pull_rtp_time (harness);

    ck_assert_uint_eq (rtp_time - before, 960);
    before = rtp_time;
    n_packets++;
  }
  return n_packets;
}

/* A browser drops audio that overlaps and conceals what is missing. */
GST_START_TEST (audio_has_no_gaps_although_flv_rounds_its_timestamps)
{
  GstHarness *harness = new_sound_harness (SOUND_CAPS);

  for (guint i = 0; i < N_SOUNDS; i++)
    push_sound (harness, i * SOUND_SAMPLES * 1000 / 48000 * GST_MSECOND);
  ck_assert_uint_gt (pull_even_sound (harness), N_SOUNDS);
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* Sound that is forwarded as it is, in frames of 20 ms. */
static const struct
{
  const gchar *caps;
  guint8 first; /* byte, which describes an Opus packet */
  gsize size;
  guint step; /* in RTP time */
} forwarded[] = {
  { "audio/x-opus, channel-mapping-family=0", 31 << 3, 100, 960 },
  { "audio/x-alaw, rate=8000, channels=1", 0xd5, 160, 160 },
  { "audio/x-mulaw, rate=8000, channels=1", 0xff, 160, 160 },
};

GST_START_TEST (forwarded_sound_is_even_although_its_tags_are_not)
{
  GstHarness *harness = new_sound_harness (forwarded[__i__].caps);
  guint32 before;

  for (guint i = 0; i < N_SOUNDS; i++) {
    GstBuffer *sound =
        gst_buffer_new_allocate (NULL, forwarded[__i__].size, NULL);

    gst_buffer_memset (sound, 0, forwarded[__i__].first, -1);
    GST_BUFFER_PTS (sound) = (1000 + 20 * i + i * 7 % 5) * GST_MSECOND;
    ck_assert_int_eq (gst_harness_push (harness, sound), GST_FLOW_OK);
  }
  ck_assert_uint_eq (gst_harness_buffers_in_queue (harness), N_SOUNDS);
  before = pull_rtp_time (harness);
  for (guint i = 1; i < N_SOUNDS; i++) {
    guint32 rtp_time = pull_rtp_time (harness);

    ck_assert_uint_eq (rtp_time - before, forwarded[__i__].step);
    before = rtp_time;
  }
  gst_harness_teardown (harness);
}
GST_END_TEST;

static const struct
{
  const gchar *caps;
  guint rate;
  gint ppm; /* that its clock is faster by */
} cards[] = {
  { SOUND_CAPS, 48000, 5000 },
  { SOUND_CAPS, 48000, -5000 },
  { SOUND_CAPS, 48000, 100 },
  { "audio/x-mulaw, rate=44100, channels=2", 44100, 5000 },
  { "audio/x-mulaw, rate=44100, channels=2", 44100, -5000 },
};

#define DRIFT_SOUNDS 3000
#define PACKET_NS (20 * GST_MSECOND)

/* One minute: the clock differs by 300 ms of it, which would be sixteen packets
 * too many or too few, or seven gaps or overlaps. */
GST_START_TEST (audio_is_even_and_as_long_as_its_publishers_clock_says)
{
  for (guint i = 0; i < G_N_ELEMENTS (cards); i++) {
    GstHarness *harness = new_sound_harness (cards[i].caps);
    GstClockTimeDiff heard, apart;
    GstClockTime time = 0;

    for (gint64 j = 1; j <= DRIFT_SOUNDS; j++) {
      push_sound (harness, time);
      time = gst_util_uint64_scale (j * SOUND_SAMPLES,
          GST_SECOND * (1000000 + cards[i].ppm) / 1000000, cards[i].rate);
    }
    heard = pull_even_sound (harness) * PACKET_NS;
    apart = heard - (GstClockTimeDiff) time;
    /* A packet that is not full, and the encoder's delay. */
    ck_assert_msg (ABS (apart) <= 30 * (GstClockTimeDiff) GST_MSECOND,
        "card %u: %" G_GINT64_FORMAT " us apart", i, apart / 1000);
    gst_harness_teardown (harness);
  }
}
GST_END_TEST;

/* A publisher that is silent sends nothing. */
GST_START_TEST (a_gap_in_audio_keeps_its_length)
{
  GstHarness *harness = new_sound_harness (SOUND_CAPS);
  guint32 first, last = 0;
  guint n_packets = 0;

  for (guint i = 0; i < N_SOUNDS; i++)
    push_sound (harness,
        i * SOUND_SAMPLES * GST_SECOND / 48000 +
            (i < N_SOUNDS / 2 ? 0 : 10 * GST_SECOND));
  first = pull_rtp_time (harness);
  while (gst_harness_buffers_in_queue (harness) > 0) {
    last = pull_rtp_time (harness);
    n_packets++;
  }
  ck_assert_uint_le (n_packets, N_SOUNDS * 16 / 15 + 2);
  ck_assert_uint_ge (last - first, 10 * 48000 + (N_SOUNDS - 2) * SOUND_SAMPLES);
  ck_assert_uint_le (last - first, 10 * 48000 + N_SOUNDS * SOUND_SAMPLES);
  gst_harness_teardown (harness);
}
GST_END_TEST;

static Suite *
recipe_suite (void)
{
  Suite *suite = suite_create ("recipe");
  TCase *tcase = tcase_create ("recipe");

  gst_object_unref (gst_plugin_load_by_name ("rtmpwebrtc"));
  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, each_codec_has_a_recipe_that_can_be_built);
  tcase_add_test (tcase, a_codec_without_a_payloader_has_no_recipe);
  tcase_add_test (tcase, an_element_without_a_rank_is_left_to_the_next);
  tcase_add_test (tcase,
      what_is_missing_is_named_with_all_that_could_replace_it);
  tcase_add_test (tcase, a_rendition_wants_a_decoder_and_an_encoder);
  tcase_add_test (tcase, the_caps_of_a_track_say_what_converts_it);
  tcase_add_test (tcase, audio_has_no_gaps_although_flv_rounds_its_timestamps);
  tcase_add_test (tcase,
      audio_is_even_and_as_long_as_its_publishers_clock_says);
  tcase_add_test (tcase, a_gap_in_audio_keeps_its_length);
  tcase_add_loop_test (tcase, forwarded_sound_is_even_although_its_tags_are_not,
      0, G_N_ELEMENTS (forwarded));
  return suite;
}

GST_CHECK_MAIN (recipe);
