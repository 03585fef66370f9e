/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Pictures in FLV leave as one access unit each, with one marker, and can be
 * decoded, whichever way the encoder wrote them. */

#include "ext/whep/stream/keyframe.h"
#include "gst/flv/accessunit.h"
#include "gst/live/gstrecipe.h"
#include "tests/support/demuxrig.h"
#include "tests/support/flvfile.h"
#include "tests/support/nalustyle.h"

#include <gst/check/gstcheck.h>
#include <gst/check/gstharness.h>
#include <gst/rtp/gstrtpbuffer.h>
#include <gst/video/video.h>

/* The output of the payloader and of a decoder. */
typedef struct
{
  guint n_pictures; /* by their times */
  guint n_markers;
  guint n_misplaced; /* markers before the last packet of a picture */
  guint n_keys;      /* pictures that whepsink takes for key frames */
  guint n_decoded;
  gchar *shown; /* digest of the decoded pictures, without those sent again */
} Outcome;

static void
outcome_clear (Outcome *self)
{
  g_free (self->shown);
}

static const gchar *
decoder_for (GstCaps *caps)
{
  return gst_structure_has_name (gst_caps_get_structure (caps, 0),
             "video/x-h265")
      ? "avdec_h265 max-threads=1 output-corrupt=false"
      : "avdec_h264 max-threads=1 output-corrupt=false";
}

static void
count_packet (Outcome *outcome, GstBuffer *packet, WhepKeyframeTest is_key,
    guint32 *last, gboolean *was_marked)
{
  GstRTPBuffer rtp = GST_RTP_BUFFER_INIT;
  gboolean is_marked, is_first, starts_key;
  guint32 time;

  ck_assert (gst_rtp_buffer_map (packet, GST_MAP_READ, &rtp));
  time = gst_rtp_buffer_get_timestamp (&rtp);
  is_marked = gst_rtp_buffer_get_marker (&rtp);
  starts_key = is_key != NULL
      ? is_key (gst_rtp_buffer_get_payload (&rtp),
            gst_rtp_buffer_get_payload_len (&rtp))
      : !GST_BUFFER_FLAG_IS_SET (packet, GST_BUFFER_FLAG_DELTA_UNIT);
  gst_rtp_buffer_unmap (&rtp);

  is_first = outcome->n_pictures == 0 || time != *last;
  outcome->n_misplaced += !is_first && *was_marked;
  outcome->n_pictures += is_first;
  outcome->n_markers += is_marked;
  outcome->n_keys += is_first && starts_key;
  *last = time;
  *was_marked = is_marked;
}

static void
count_packets (Outcome *outcome, GstHarness *pay)
{
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (pay->sinkpad);
  WhepKeyframeTest is_key = whep_keyframe_test (
      gst_structure_get_string (gst_caps_get_structure (caps, 0),
          "encoding-name"));
  guint32 last = 0;
  gboolean was_marked = FALSE;
  GstBuffer *packet;

  while ((packet = gst_harness_try_pull (pay)) != NULL) {
    count_packet (outcome, packet, is_key, &last, &was_marked);
    gst_buffer_unref (packet);
  }
}

/* Returns: (transfer full): the digest of the pictures from @first on. */
static gchar *
digest (GstHarness *decoder, guint first)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_MD5);
  guint n = gst_harness_buffers_received (decoder);

  for (guint i = 0; i < n; i++) {
    g_autoptr (GstBuffer) picture = gst_harness_pull (decoder);
    GstMapInfo map;

    ck_assert (gst_buffer_map (picture, &map, GST_MAP_READ));
    if (i >= first)
      g_checksum_update (checksum, map.data, map.size);
    gst_buffer_unmap (picture, &map);
  }
  return g_strdup (g_checksum_get_string (checksum));
}

/* Passes the output of the demuxer's pad through both; the first @n_again
 * pictures are those that are sent again. */
static Outcome
receive (DemuxRig *rig, guint n_again)
{
  GstCaps *caps = gst_pad_get_current_caps (rig->outs[0]->sinkpad);
  const GstRecipe *recipe = gst_recipe_find (caps);
  GstElement *chain = gst_recipe_make (recipe, NULL, NULL);
  GstHarness *pay = gst_harness_new_with_element (chain, "sink", "src");
  GstHarness *decoder = gst_harness_new_parse (decoder_for (caps));
  Outcome outcome = { 0 };

  gst_object_unref (chain);
  gst_harness_set_src_caps (pay, gst_caps_ref (caps));
  gst_harness_set_src_caps (decoder, caps);
  for (guint n = demux_rig_n_frames (rig, 0); n > 0; n--) {
    GstBuffer *picture = gst_harness_pull (rig->outs[0]);

    gst_harness_push (pay, gst_buffer_ref (picture));
    gst_harness_push (decoder, picture);
  }
  gst_harness_push_event (decoder, gst_event_new_eos ());
  count_packets (&outcome, pay);
  outcome.n_decoded = gst_harness_buffers_received (decoder) - n_again;
  outcome.shown = digest (decoder, n_again);
  gst_harness_teardown (pay);
  gst_harness_teardown (decoder);
  return outcome;
}

/* MD5 of the decoded pictures, as "ffmpeg -i FILE -f md5 -" prints it for the
 * files that it understands. */
#define FILM "3ef280160510f381e02eefd27f971271"
#define SLICED_FILM "b3dcca5697838538b93679e57627ac6b"
#define TURNED_FILM "653fcca72ffe76be887a6472d686b2eb"

/* Modelled on streams of real encoders; each has the same number of
 * pictures. */
static const struct
{
  const gchar *file;
  const gchar *shown;
  guint n_again; /* of the first picture, known too late to be one of many */
} files[] = {
  { "split-slices.flv", SLICED_FILM, 1 },
  { "split-sets.flv", FILM, 0 },
  { "annexb.flv", FILM, 0 },
  { "one-len-sei.flv", FILM, 0 },
  { "no-cfg.flv", FILM, 0 },
  { "len3.flv", FILM, 0 },
  { "mixed-3byte.flv", SLICED_FILM, 0 },
  { "mixed-4byte.flv", FILM, 0 },
  { "one-len-sets.flv", FILM, 0 },
  { "len-0001xx.flv", FILM, 0 },
  { "two-sps.flv", TURNED_FILM, 0 },
};
#define FILE_PICTURES 32
#define FILE_KEYS 2

GST_START_TEST (each_known_encoder_style_yields_one_access_unit_per_picture)
{
  g_autoptr (GBytes) file = flv_file_load (files[__i__].file);
  gsize offset = 0;
  Outcome outcome;
  GstBuffer *tag;
  DemuxRig rig;

  demux_rig_open (&rig, "rtmplivedemux");
  while ((tag = flv_file_next_tag (file, &offset)) != NULL)
    demux_rig_push (&rig, tag);
  gst_harness_push_event (rig.in, gst_event_new_eos ());
  ck_assert_msg (rig.outs[0] != NULL, "%s", files[__i__].file);
  outcome = receive (&rig, files[__i__].n_again);

  ck_assert_msg (outcome.n_pictures == FILE_PICTURES + files[__i__].n_again,
      "%s: %u pictures", files[__i__].file, outcome.n_pictures);
  ck_assert_uint_eq (outcome.n_markers, outcome.n_pictures);
  ck_assert_uint_eq (outcome.n_misplaced, 0);
  ck_assert_uint_eq (outcome.n_keys, FILE_KEYS + files[__i__].n_again);
  ck_assert_msg (outcome.n_decoded == FILE_PICTURES, "%s: %u decoded",
      files[__i__].file, outcome.n_decoded);
  ck_assert_str_eq (outcome.shown, files[__i__].shown);
  outcome_clear (&outcome);
  demux_rig_close (&rig);
}
GST_END_TEST;

/* Returns: the number of pictures of that width among the next. */
static guint
count_width (GstHarness *decoder, guint n_pictures, gint width)
{
  guint n = 0;

  for (guint i = 0; i < n_pictures; i++) {
    g_autoptr (GstBuffer) picture = gst_harness_pull (decoder);
    const GstVideoMeta *meta = gst_buffer_get_video_meta (picture);

    ck_assert (meta != NULL);
    n += (gint) meta->width == width;
  }
  return n;
}

GST_START_TEST (the_size_may_change_without_a_new_sequence_header)
{
  g_autoptr (GBytes) file = flv_file_load ("res-inband.flv");
  GstHarness *decoder = gst_harness_new ("avdec_h264");
  DemuxRig rig;

  gst_harness_add_propose_allocation_meta (decoder, GST_VIDEO_META_API_TYPE,
      NULL);
  demux_rig_open (&rig, "rtmplivedemux");
  demux_rig_push (&rig, flv_file_cut (file, 0, G_MAXINT));
  ck_assert_uint_eq (demux_rig_n_frames (&rig, 0), 18);
  gst_harness_set_src_caps (decoder,
      gst_pad_get_current_caps (rig.outs[0]->sinkpad));
  for (guint i = 0; i < 18; i++)
    gst_harness_push (decoder, gst_harness_pull (rig.outs[0]));
  gst_harness_push_event (decoder, gst_event_new_eos ());
  ck_assert_uint_eq (gst_harness_buffers_received (decoder), 18);
  ck_assert_uint_eq (count_width (decoder, 9, 320), 9);
  ck_assert_uint_eq (count_width (decoder, 9, 320), 0);
  gst_harness_teardown (decoder);
  demux_rig_close (&rig);
}
GST_END_TEST;

/* The styles, each with its name. */
static NaluFilm *films[2];
static gchar *looks[2];

/* Takes @tags. */
static void
push_tags (DemuxRig *rig, GPtrArray *tags)
{
  for (guint i = 0; i < tags->len; i++)
    demux_rig_push (rig, gst_buffer_ref (tags->pdata[i]));
  g_ptr_array_unref (tags);
}

/* The output for a publisher of the film, from beginning to end. */
static Outcome
publish (guint codec, const NaluStyle *style, guint n_again)
{
  Outcome outcome;
  DemuxRig rig;

  demux_rig_open (&rig, "rtmplivedemux");
  push_tags (&rig, nalu_film_header (films[codec], style));
  for (guint i = 0; i < NALU_FILM_PICTURES; i++)
    push_tags (&rig, nalu_film_picture (films[codec], style, i));
  gst_harness_push_event (rig.in, gst_event_new_eos ());
  ck_assert_msg (rig.outs[0] != NULL,
      "codec %u framing %u division %u config %u: no pad", codec,
      style->framing, style->division, style->config);
  outcome = receive (&rig, n_again);
  demux_rig_close (&rig);
  return outcome;
}

static void
make_films (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (films); i++)
    films[i] = nalu_film_new (i == 1);
}

static void
free_films (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (films); i++) {
    nalu_film_free (films[i]);
    g_clear_pointer (&looks[i], g_free);
  }
}

static const gchar *
look_of (guint codec)
{
  const NaluStyle plain = { 0 };
  Outcome outcome;

  if (looks[codec] == NULL) {
    outcome = publish (codec, &plain, 0);
    ck_assert_uint_eq (outcome.n_decoded, NALU_FILM_PICTURES);
    looks[codec] = g_steal_pointer (&outcome.shown);
  }
  return looks[codec];
}

static void
assert_plays (guint codec, const NaluStyle *style)
{
  /* Parameter sets in tags of their own show from the beginning that slices may
   * have their own, too. */
  guint n_again = style->division == NALU_SLICES_APART;
  Outcome outcome = publish (codec, style, n_again);

  ck_assert_msg (outcome.n_decoded == NALU_FILM_PICTURES &&
          outcome.n_pictures == NALU_FILM_PICTURES + n_again &&
          outcome.n_keys == NALU_FILM_PICTURES / NALU_FILM_GOP + n_again &&
          outcome.n_markers == outcome.n_pictures && outcome.n_misplaced == 0,
      "codec %u framing %u division %u config %u: %u pictures, %u keys, "
      "%u markers, %u misplaced, %u decoded",
      codec, style->framing, style->division, style->config, outcome.n_pictures,
      outcome.n_keys, outcome.n_markers, outcome.n_misplaced,
      outcome.n_decoded);
  ck_assert_msg (g_str_equal (outcome.shown, look_of (codec)),
      "codec %u framing %u division %u config %u looks different", codec,
      style->framing, style->division, style->config);
  outcome_clear (&outcome);
}

GST_START_TEST (units_delimited_and_divided_in_any_way_play)
{
  NaluStyle style = { .framing = __i__ / G_N_ELEMENTS (films) };

  for (; style.division < NALU_N_DIVISIONS; style.division++)
    assert_plays (__i__ % G_N_ELEMENTS (films), &style);
}
GST_END_TEST;

GST_START_TEST (video_plays_with_any_sequence_header)
{
  static const NaluStyle styles[] = {
    { .framing = NALU_LENGTHS, .division = NALU_WHOLE },
    { .framing = NALU_LENGTHS, .division = NALU_ALL_APART },
    { .framing = NALU_START_CODES, .division = NALU_WHOLE },
    { .framing = NALU_START_CODES, .division = NALU_SLICES_APART },
  };

  for (guint i = 0; i < G_N_ELEMENTS (styles); i++) {
    NaluStyle style = styles[i];

    style.config = __i__ / G_N_ELEMENTS (films);
    assert_plays (__i__ % G_N_ELEMENTS (films), &style);
  }
}
GST_END_TEST;

GST_START_TEST (parameter_sets_in_any_sequence_header_suffice)
{
  static const NaluConfig configs[] = { NALU_CONFIG, NALU_CONFIG_BYTE_STREAM,
    NALU_CONFIG_START_CODES };

  for (guint i = 0; i < G_N_ELEMENTS (configs); i++) {
    NaluStyle style = { .config = configs[i], .lacks_sets = TRUE };

    assert_plays (__i__, &style);
  }
}
GST_END_TEST;

/* Leaves in @n_left, for each picture, how many have left once it is in. */
static void
count_left (guint codec, const NaluStyle *style,
    guint n_left[NALU_FILM_PICTURES])
{
  DemuxRig rig;

  demux_rig_open (&rig, "rtmplivedemux");
  push_tags (&rig, nalu_film_header (films[codec], style));
  for (guint i = 0; i < NALU_FILM_PICTURES; i++) {
    push_tags (&rig, nalu_film_picture (films[codec], style, i));
    n_left[i] = demux_rig_n_frames (&rig, 0);
  }
  demux_rig_close (&rig);
}

GST_START_TEST (a_picture_in_one_tag_is_not_delayed)
{
  for (guint framing = 0; framing < NALU_N_FRAMINGS; framing++) {
    NaluStyle style = { .framing = framing };
    guint n_left[NALU_FILM_PICTURES];

    count_left (__i__, &style, n_left);
    for (guint i = 0; i < NALU_FILM_PICTURES; i++)
      ck_assert_uint_eq (n_left[i], i + 1);
  }
}
GST_END_TEST;

/* One more than there are, because the first is sent twice. */
GST_START_TEST (a_picture_in_parts_waits_for_the_next_until_its_end_is_known)
{
  const NaluStyle style = { .division = NALU_SLICES_APART };
  guint n_left[NALU_FILM_PICTURES];

  count_left (__i__, &style, n_left);
  for (guint i = 1; i < FLV_ACCESS_UNIT_ALIKE; i++)
    ck_assert_uint_eq (n_left[i], i + 1);
  ck_assert_uint_eq (n_left[NALU_FILM_PICTURES - 1], NALU_FILM_PICTURES + 1);
}
GST_END_TEST;

GST_START_TEST (a_key_picture_is_recognised_whatever_its_tag_says)
{
  for (guint division = 0; division < NALU_N_DIVISIONS; division++) {
    NaluStyle style = { .division = division, .lies_of_keys = TRUE };

    assert_plays (__i__, &style);
  }
}
GST_END_TEST;

GST_START_TEST (unit_lengths_of_any_size_are_read)
{
  for (guint n_bytes = 2; n_bytes <= 4; n_bytes++) {
    NaluStyle style = { .n_length_bytes = n_bytes };

    assert_plays (__i__, &style);
    style.division = NALU_ALL_APART;
    assert_plays (__i__, &style);
  }
}
GST_END_TEST;

static Suite *
accessunits_suite (void)
{
  Suite *suite = suite_create ("accessunits");
  TCase *tcase = tcase_create ("accessunits");

  suite_add_tcase (suite, tcase);
  tcase_add_checked_fixture (tcase, make_films, free_films);
  tcase_add_loop_test (tcase,
      each_known_encoder_style_yields_one_access_unit_per_picture, 0,
      G_N_ELEMENTS (files));
  tcase_add_test (tcase, the_size_may_change_without_a_new_sequence_header);
  tcase_add_loop_test (tcase, units_delimited_and_divided_in_any_way_play, 0,
      NALU_N_FRAMINGS * G_N_ELEMENTS (films));
  tcase_add_loop_test (tcase, video_plays_with_any_sequence_header, 0,
      NALU_N_CONFIGS * G_N_ELEMENTS (films));
  tcase_add_loop_test (tcase, parameter_sets_in_any_sequence_header_suffice, 0,
      G_N_ELEMENTS (films));
  tcase_add_loop_test (tcase, a_key_picture_is_recognised_whatever_its_tag_says,
      0, G_N_ELEMENTS (films));
  tcase_add_loop_test (tcase, unit_lengths_of_any_size_are_read, 0,
      G_N_ELEMENTS (films));
  tcase_add_loop_test (tcase, a_picture_in_one_tag_is_not_delayed, 0,
      G_N_ELEMENTS (films));
  tcase_add_loop_test (tcase,
      a_picture_in_parts_waits_for_the_next_until_its_end_is_known, 0,
      G_N_ELEMENTS (films));
  return suite;
}

GST_CHECK_MAIN (accessunits);
