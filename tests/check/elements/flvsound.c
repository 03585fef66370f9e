/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Audio tracks, and tracks without a decoder: a track that can be played is,
 * and one that cannot is named. */

#include "tests/support/demuxrig.h"
#include "tests/support/flvfile.h"

#include <gst/check/gstcheck.h>
#include <gst/check/gstharness.h>
#include <string.h>

#define AUDIO 8
#define VIDEO 9
#define TAG(type, time_ms, text)                                               \
  flv_tag_new (type, time_ms, text, sizeof text - 1)
#define AVC_HEADER "\x17\0\0\0\0\1\x42\0\x1e\xff\xe1\0\1\x67\1\0\1\x68"
#define AAC_HEADER "\xaf\0\x12\x10"
#define KEY_FRAME "\x17\1\0\0\0\0\0\0\2\x09\xf0\0\0\0\2\x65x"

typedef struct
{
  const gchar *why;
  guint8 type;
  guint n_tags;
  const gchar *tag;
  gsize size;
  const gchar *media, *codec, *reason;
} Fault;

#define BYTES(text) text, sizeof text - 1
#define AAC "MPEG-4 AAC"
#define NO_HEADER "its sequence header is missing"
#define BAD_HEADER "its sequence header is malformed"
#define NO_DECODER "this server can't decode it"

static const Fault faults[] = {
  { "AAC without a header", AUDIO, 50, BYTES ("\xaf\1\x21xy"), "audio", AAC,
      NO_HEADER },
  { "Opus without a header", AUDIO, 50, BYTES ("\x91Opus\xfcxy"), "audio",
      "Opus", NO_HEADER },
  { "FLAC without a header", AUDIO, 50,
      BYTES ("\x91"
             "fLaC\xff\xf8xy"),
      "audio", "Free Lossless Audio Codec (FLAC)", NO_HEADER },
  { "an empty header", AUDIO, 1, BYTES ("\xaf\0"), "audio", AAC, BAD_HEADER },
  { "a header of one byte", AUDIO, 3, BYTES ("\xaf\0\x12"), "audio", AAC,
      BAD_HEADER },
  { "a header of zeroes", AUDIO, 1, BYTES ("\xaf\0\0\0\0\0"), "audio", AAC,
      BAD_HEADER },
  { "a header of nobody's AAC", AUDIO, 1, BYTES ("\xaf\0\xf9\x46\x40"), "audio",
      AAC, "the server can't decode this kind of AAC" },
  { "an Opus header of rubbish", AUDIO, 1, BYTES ("\x90Opusxyz"), "audio",
      "Opus", BAD_HEADER },
  { "an Opus header that lacks its mapping", AUDIO, 1,
      BYTES ("\x90OpusOpusHead\1\6\0\0\0\0\0\0\0\0\1\6\0"), "audio", "Opus",
      BAD_HEADER },
  { "an Opus header of no channels", AUDIO, 1,
      BYTES ("\x90OpusOpusHead\1\0\0\0\0\0\0\0\0\0\0"), "audio", "Opus",
      BAD_HEADER },
  { "an empty FLAC header", AUDIO, 1,
      BYTES ("\x90"
             "fLaC"),
      "audio", "Free Lossless Audio Codec (FLAC)", BAD_HEADER },
  { "AAC in LATM", AUDIO, 2, BYTES ("\xaf\1\x56\xe0\2ab"), "audio", AAC,
      "AAC in LATM is not supported over RTMP" },
  { "several blocks in an ADTS frame", AUDIO, 2,
      BYTES ("\xaf\1\xff\xf1\x4c\x80\x01\x3f\xfd"
             "ab"),
      "audio", AAC,
      "the server can't decode several blocks of AAC in an ADTS frame" },
  { "Speex", AUDIO, 2, BYTES ("\xb2x"), "audio", "Speex", NO_DECODER },
  { "Nellymoser", AUDIO, 2, BYTES ("\x62x"), "audio", "Nellymoser",
      NO_DECODER },
  { "a codec to come", AUDIO, 2, BYTES ("\x91newsx"), "audio", "news",
      NO_DECODER },
  { "a codec that is no word", AUDIO, 2, BYTES ("\x91<a>\"x"), "audio",
      "0x3c613e22", NO_DECODER },
  { "Screen Video", VIDEO, 2, BYTES ("\x13x"), "video", "Screen Video",
      NO_DECODER },
};

static void
assert_told (const Fault *fault, GstBus *bus)
{
  g_autoptr (GstMessage) message =
      gst_bus_pop_filtered (bus, GST_MESSAGE_ELEMENT);
  const GstStructure *s;

  ck_assert_msg (message != NULL, "%s", fault->why);
  ck_assert (gst_message_has_name (message, "track-unplayable"));
  s = gst_message_get_structure (message);
  ck_assert_str_eq (gst_structure_get_string (s, "media"), fault->media);
  ck_assert_str_eq (gst_structure_get_string (s, "codec"), fault->codec);
  ck_assert_str_eq (gst_structure_get_string (s, "reason"), fault->reason);
  ck_assert_msg (!gst_bus_have_pending (bus), "%s: said twice", fault->why);
}

GST_START_TEST (a_track_that_cannot_begin_is_named_and_the_other_continues)
{
  for (guint i = 0; i < G_N_ELEMENTS (faults); i++) {
    g_autoptr (GstBus) bus = gst_bus_new ();
    guint other = faults[i].type == AUDIO ? 0 : 1;
    DemuxRig rig;

    demux_rig_open (&rig, "flvlivedemux");
    gst_element_set_bus (rig.in->element, bus);
    for (guint j = 0; j < faults[i].n_tags; j++) {
      ck_assert_msg (j == 0 || faults[i].n_tags < 50 ||
              !gst_bus_have_pending (bus),
          "%s", faults[i].why);
      demux_rig_push (&rig,
          flv_tag_new (faults[i].type, 21 * j, faults[i].tag, faults[i].size));
    }
    assert_told (&faults[i], bus);
    demux_rig_push (&rig, TAG (VIDEO, 0, AVC_HEADER));
    demux_rig_push (&rig, TAG (VIDEO, 0, KEY_FRAME));
    demux_rig_push (&rig, TAG (AUDIO, 0, AAC_HEADER));
    demux_rig_push (&rig, TAG (AUDIO, 0, "\xaf\1xy"));
    ck_assert_uint_eq (demux_rig_n_frames (&rig, other), 1);
    gst_element_set_bus (rig.in->element, NULL);
    demux_rig_close (&rig);
  }
}
GST_END_TEST;

/* Late or repaired: the track is not left out for ever. */
GST_START_TEST (a_late_header_begins_the_track)
{
  DemuxRig rig;

  demux_rig_open (&rig, "flvlivedemux");
  for (guint i = 0; i < 100; i++)
    demux_rig_push (&rig, TAG (AUDIO, 21 * i, "\xaf\1\x21xy"));
  demux_rig_push (&rig, TAG (AUDIO, 2100, "\xaf\0\x12"));
  demux_rig_push (&rig, TAG (AUDIO, 2100, AAC_HEADER));
  demux_rig_push (&rig, TAG (AUDIO, 2100, "\xaf\1\x21xy"));
  ck_assert_uint_eq (demux_rig_n_frames (&rig, 1), 1);
  demux_rig_close (&rig);
}
GST_END_TEST;

GST_START_TEST (a_malformed_header_does_not_end_a_track_that_plays)
{
  g_autoptr (GstBus) bus = gst_bus_new ();
  DemuxRig rig;

  demux_rig_open (&rig, "flvlivedemux");
  gst_element_set_bus (rig.in->element, bus);
  demux_rig_push (&rig, TAG (AUDIO, 0, AAC_HEADER));
  demux_rig_push (&rig, TAG (AUDIO, 0, "\xaf\0\x12"));
  demux_rig_push (&rig, TAG (AUDIO, 0, "\xaf\1\x21xy"));
  demux_rig_push (&rig, TAG (AUDIO, 21, "\xaf\0"));
  demux_rig_push (&rig, TAG (AUDIO, 21, "\xaf\1\x21xy"));
  ck_assert_uint_eq (demux_rig_n_frames (&rig, 1), 2);
  ck_assert (gst_bus_pop_filtered (bus, GST_MESSAGE_ELEMENT) == NULL);
  gst_element_set_bus (rig.in->element, NULL);
  demux_rig_close (&rig);
}
GST_END_TEST;

/* LC, 48 kHz, stereo, with a length of 7 and 2 bytes. */
#define ADTS "\xff\xf1\x4c\x80\x01\x3f\xfc"
#define ADTS_44K "\xff\xf1\x50\x80\x01\x3f\xfc"
#define CAPS_48K "rate=48000, channels=2, codec_data=(buffer)1190"
#define CAPS_44K "rate=44100, channels=2, codec_data=(buffer)1210"

static void
assert_sound (DemuxRig *rig, gint64 time_ns, const gchar *data)
{
  g_autoptr (GstBuffer) frame = gst_harness_pull (rig->outs[1]);

  ck_assert_int_eq (GST_BUFFER_PTS (frame), time_ns);
  ck_assert_uint_eq (gst_buffer_get_size (frame), strlen (data));
  ck_assert_int_eq (gst_buffer_memcmp (frame, 0, data, strlen (data)), 0);
}

static void
assert_caps (DemuxRig *rig, const gchar *fields)
{
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (rig->outs[1]->sinkpad);
  g_autofree gchar *has = gst_caps_to_string (caps);
  g_autofree gchar *words = g_strconcat ("audio/mpeg, ", fields, NULL);
  g_autoptr (GstCaps) wanted = gst_caps_from_string (words);

  ck_assert_msg (gst_caps_can_intersect (caps, wanted), "%s", has);
}

GST_START_TEST (adts_needs_no_sequence_header)
{
  DemuxRig rig;

  demux_rig_open (&rig, "flvlivedemux");
  demux_rig_push (&rig, TAG (AUDIO, 0, "\xaf\1" ADTS "ab"));
  assert_sound (&rig, 0, "ab");
  assert_caps (&rig, CAPS_48K);
  demux_rig_push (&rig, TAG (AUDIO, 21, "\xaf\1" ADTS "cd"));
  assert_sound (&rig, 21333333, "cd");
  demux_rig_close (&rig);
}
GST_END_TEST;

GST_START_TEST (frames_of_one_tag_become_separate_buffers)
{
  DemuxRig rig;

  demux_rig_open (&rig, "flvlivedemux");
  demux_rig_push (&rig, TAG (AUDIO, 0, "\xaf\1" ADTS "ab" ADTS "cd" ADTS "ef"));
  assert_sound (&rig, 0, "ab");
  assert_sound (&rig, 21333333, "cd");
  assert_sound (&rig, 42666666, "ef");
  demux_rig_push (&rig, TAG (AUDIO, 64, "\xaf\1" ADTS "gh"));
  assert_sound (&rig, 64000000, "gh");
  demux_rig_close (&rig);
}
GST_END_TEST;

GST_START_TEST (an_adts_header_can_replace_the_sequence_header)
{
  DemuxRig rig;

  demux_rig_open (&rig, "flvlivedemux");
  demux_rig_push (&rig, TAG (AUDIO, 0, "\xaf\0" ADTS));
  demux_rig_push (&rig, TAG (AUDIO, 0, "\xaf\1\x21y"));
  assert_sound (&rig, 0, "\x21y");
  assert_caps (&rig, CAPS_48K);
  demux_rig_close (&rig);
}
GST_END_TEST;

/* The frames take precedence, and a header that is repeated with each of them
 * does not undo that. */
GST_START_TEST (adts_overrides_the_sequence_header)
{
  DemuxRig rig;

  demux_rig_open (&rig, "flvlivedemux");
  for (guint i = 0; i < 3; i++) {
    demux_rig_push (&rig, TAG (AUDIO, 21 * i, "\xaf\0\x12\x10"));
    demux_rig_push (&rig, TAG (AUDIO, 21 * i, "\xaf\1" ADTS "ab"));
    assert_caps (&rig, CAPS_48K);
    assert_sound (&rig, i * G_GINT64_CONSTANT (64000000) / 3, "ab");
  }
  demux_rig_push (&rig, TAG (AUDIO, 64, "\xaf\1" ADTS_44K "ab"));
  assert_caps (&rig, CAPS_44K);
  demux_rig_close (&rig);
}
GST_END_TEST;

/* It describes HE-AAC incompletely. */
GST_START_TEST (a_sequence_header_that_matches_adts_is_kept)
{
  DemuxRig rig;

  demux_rig_open (&rig, "flvlivedemux");
  demux_rig_push (&rig, TAG (AUDIO, 0, "\xaf\0\x29\x90\x08\x00"));
  demux_rig_push (&rig, TAG (AUDIO, 0, "\xaf\1" ADTS "ab"));
  assert_sound (&rig, 0, "ab");
  assert_caps (&rig, "rate=96000, codec_data=(buffer)29900800");
  demux_rig_close (&rig);
}
GST_END_TEST;

/* As some encoders write them: three frames share a timestamp. */
GST_START_TEST (timestamps_are_even_although_the_publishers_are_not)
{
  DemuxRig rig;

  demux_rig_open (&rig, "flvlivedemux");
  demux_rig_push (&rig, TAG (AUDIO, 0, "\xaf\0\x11\x90"));
  for (guint i = 0; i < 3; i++) {
    demux_rig_push (&rig, TAG (AUDIO, 0, "\xaf\1\x21y"));
    assert_sound (&rig, i * G_GINT64_CONSTANT (64000000) / 3, "\x21y");
  }
  demux_rig_close (&rig);
}
GST_END_TEST;

GST_START_TEST (a_new_channel_count_begins_a_new_pad)
{
  GstHarness *before;
  DemuxRig rig;

  demux_rig_open (&rig, "flvlivedemux");
  demux_rig_push (&rig, TAG (AUDIO, 0, "\x72xy"));
  before = rig.outs[1];
  demux_rig_push (&rig, TAG (AUDIO, 1, "\x73xy"));
  ck_assert (rig.outs[1] != before);
  ck_assert (GST_PAD_IS_EOS (before->sinkpad));
  ck_assert_uint_eq (demux_rig_n_frames (&rig, 1), 1);
  demux_rig_close (&rig);
}
GST_END_TEST;

GST_START_TEST (empty_tags_are_ignored)
{
  DemuxRig rig;

  demux_rig_open (&rig, "flvlivedemux");
  demux_rig_push (&rig, TAG (AUDIO, 0, "\xaf\0\x11\x90"));
  demux_rig_push (&rig, TAG (AUDIO, 0, "\xaf\1"));
  demux_rig_push (&rig, TAG (AUDIO, 0, ""));
  demux_rig_push (&rig, TAG (AUDIO, 0, "\xaf"));
  demux_rig_push (&rig, TAG (AUDIO, 0, "\xaf\1\x21y"));
  assert_sound (&rig, 0, "\x21y");
  ck_assert_uint_eq (demux_rig_n_frames (&rig, 1), 1);
  demux_rig_close (&rig);
}
GST_END_TEST;

static Suite *
flvsound_suite (void)
{
  Suite *suite = suite_create ("flvsound");
  TCase *tcase = tcase_create ("flvsound");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase,
      a_track_that_cannot_begin_is_named_and_the_other_continues);
  tcase_add_test (tcase, a_late_header_begins_the_track);
  tcase_add_test (tcase, a_malformed_header_does_not_end_a_track_that_plays);
  tcase_add_test (tcase, adts_needs_no_sequence_header);
  tcase_add_test (tcase, frames_of_one_tag_become_separate_buffers);
  tcase_add_test (tcase, an_adts_header_can_replace_the_sequence_header);
  tcase_add_test (tcase, adts_overrides_the_sequence_header);
  tcase_add_test (tcase, a_sequence_header_that_matches_adts_is_kept);
  tcase_add_test (tcase, timestamps_are_even_although_the_publishers_are_not);
  tcase_add_test (tcase, a_new_channel_count_begins_a_new_pad);
  tcase_add_test (tcase, empty_tags_are_ignored);
  return suite;
}

GST_CHECK_MAIN (flvsound);
