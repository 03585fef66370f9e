/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unusable video is reported once, with the reason, and affects neither the
 * audio nor the publisher. */

#include "tests/support/demuxrig.h"
#include "tests/support/flvfile.h"
#include "tests/support/nalustyle.h"

#include <gst/check/gstcheck.h>
#include <gst/check/gstharness.h>
#include <string.h>

#define VIDEO_TAG 9
#define AAC_FRAMES 131
#define N_FRAMES 100
#define FRAME_MS 33

static NaluFilm *film;

static void
make_film (void)
{
  film = nalu_film_new (FALSE);
}

static void
free_film (void)
{
  nalu_film_free (film);
}

typedef struct
{
  DemuxRig demux;
  GstBus *bus;
} Publisher;

static void
publisher_come (Publisher *self)
{
  demux_rig_open (&self->demux, "rtmplivedemux");
  self->bus = gst_bus_new ();
  gst_element_set_bus (self->demux.in->element, self->bus);
}

static void
publisher_go (Publisher *self)
{
  gst_element_set_bus (self->demux.in->element, NULL);
  gst_bus_set_flushing (self->bus, TRUE);
  gst_object_unref (self->bus);
  demux_rig_close (&self->demux);
}

/* Takes @tags. */
static void
send_tags (Publisher *self, GPtrArray *tags)
{
  for (guint i = 0; i < tags->len; i++)
    demux_rig_push (&self->demux, gst_buffer_ref (tags->pdata[i]));
  g_ptr_array_unref (tags);
}

/* A frame of that size. */
static void
send_frame (Publisher *self, const gchar *start, gsize start_size, guint index)
{
  guint8 body[400];

  memset (body, 0xee, sizeof body);
  memcpy (body, start, start_size);
  demux_rig_push (&self->demux,
      flv_tag_new (VIDEO_TAG, index * FRAME_MS, body, sizeof body));
}

static void
send_sound (Publisher *self)
{
  g_autoptr (GBytes) file = flv_file_load ("aac.flv");

  demux_rig_push (&self->demux, flv_file_cut (file, 0, G_MAXINT));
}

#define TELL(text) text, sizeof text - 1
/* The SPS of this one is garbage; the other has none. */
#define HEADER                                                                 \
  "\x17\0\0\0\0\1\x42\0\x1e\xff\xe1\0\x08\x67\0\0\0\0\0\0\0\1"                 \
  "\0\2\x68\xee"
#define EMPTY_HEADER "\x17\0\0\0\0\1\x42\0\x1e\xff\xe0\0"
#define HEVC "hvc1"
#define AV1 "av01"

/* Each frame has a valid start, followed by garbage, 400 bytes in all. */
static const struct
{
  const gchar *why;
  const gchar *header; /* nullable */
  gsize header_size;
  const gchar *frame;
  gsize frame_size;
  const gchar *reason;
} faults[] = {
  { "no sequence header", NULL, 0, TELL ("\x17\1\0\0\0\0\0\1\x87\x65"),
      "its parameter sets are missing" },
  { "an empty one", TELL (EMPTY_HEADER), TELL ("\x17\1\0\0\0\0\0\1\x87\x65"),
      "its parameter sets are missing" },
  { "garbage in one", TELL (HEADER), TELL ("\x17\1\0\0\0\0\0\1\x87\x65\x88"),
      "the server cannot parse it" },
  { "frames of garbage", NULL, 0, TELL ("\x17\1\0\0\0\xee"),
      "its frames are malformed" },
  { "a sequence header and frames of garbage", TELL (HEADER),
      TELL ("\x17\1\0\0\0\xee"), "its frames are malformed" },
  { "HEVC without a sequence header", NULL, 0,
      TELL ("\x93" HEVC "\0\0\1\x87\x26\1\xaf"),
      "its parameter sets are missing" },
  { "HEVC's frames of garbage", NULL, 0, TELL ("\x93" HEVC),
      "its frames are malformed" },
  { "AV1 without a sequence header", NULL, 0,
      TELL ("\x91" AV1 "\x12\0\x32\x02xy"), "its sequence header is missing" },
  { "VVC", NULL, 0, TELL ("\x91vvc1"), "this server can't decode it" },
};

/* Returns: how often video was reported as unplayable; the last reason is left
 * in @reason. Fails the test on an error. */
static guint
n_told (Publisher *self, gchar **reason)
{
  GstMessage *message;
  guint n = 0;

  while ((message = gst_bus_pop (self->bus)) != NULL) {
    const GstStructure *s = gst_message_get_structure (message);

    ck_assert_int_ne (GST_MESSAGE_TYPE (message), GST_MESSAGE_ERROR);
    if (gst_message_has_name (message, "track-unplayable")) {
      ck_assert_str_eq (gst_structure_get_string (s, "media"), "video");
      ck_assert (gst_structure_get_string (s, "codec") != NULL);
      g_free (*reason);
      *reason = g_strdup (gst_structure_get_string (s, "reason"));
      n++;
    }
    gst_message_unref (message);
  }
  return n;
}

GST_START_TEST (a_fault_is_reported_once_and_the_audio_continues)
{
  g_autofree gchar *reason = NULL;
  Publisher publisher;

  publisher_come (&publisher);
  if (faults[__i__].header != NULL)
    demux_rig_push (&publisher.demux,
        flv_tag_new (VIDEO_TAG, 0, faults[__i__].header,
            faults[__i__].header_size));
  for (guint i = 0; i < N_FRAMES; i++)
    send_frame (&publisher, faults[__i__].frame, faults[__i__].frame_size, i);
  send_sound (&publisher);

  ck_assert_uint_eq (demux_rig_n_frames (&publisher.demux, 0), 0);
  ck_assert_uint_eq (demux_rig_n_frames (&publisher.demux, 1), AAC_FRAMES);
  ck_assert_msg (n_told (&publisher, &reason) == 1, "%s", faults[__i__].why);
  ck_assert_msg (g_str_equal (reason, faults[__i__].reason), "%s: %s",
      faults[__i__].why, reason);
  publisher_go (&publisher);
}
GST_END_TEST;

/* At a low frame rate, the report does not wait for a number of frames. */
GST_START_TEST (a_fault_at_one_frame_a_second_is_reported_at_the_third)
{
  g_autofree gchar *reason = NULL;
  Publisher publisher;

  publisher_come (&publisher);
  for (guint i = 0; i < 3; i++) {
    ck_assert_uint_eq (n_told (&publisher, &reason), 0);
    send_frame (&publisher, TELL ("\x17\1\0\0\0\0\0\1\x87\x65"), i * 31);
  }
  ck_assert_uint_eq (n_told (&publisher, &reason), 1);
  publisher_go (&publisher);
}
GST_END_TEST;

GST_START_TEST (a_few_broken_frames_are_not_reported)
{
  const NaluStyle style = { 0 };
  g_autofree gchar *reason = NULL;
  Publisher publisher;

  publisher_come (&publisher);
  send_tags (&publisher, nalu_film_header (film, &style));
  for (guint i = 0; i < NALU_FILM_PICTURES; i++) {
    send_tags (&publisher, nalu_film_picture (film, &style, i));
    send_frame (&publisher, TELL ("\x17\1\0\0\0\xee"), i);
  }
  ck_assert_uint_eq (demux_rig_n_frames (&publisher.demux, 0),
      NALU_FILM_PICTURES);
  ck_assert_uint_eq (n_told (&publisher, &reason), 0);
  publisher_go (&publisher);
}
GST_END_TEST;

/* The reported fault is over then: there is a new pad. */
GST_START_TEST (a_track_that_can_be_read_again_begins_again)
{
  const NaluStyle style = { 0 };
  g_autofree gchar *reason = NULL;
  GstHarness *before;
  Publisher publisher;

  publisher_come (&publisher);
  send_tags (&publisher, nalu_film_header (film, &style));
  send_tags (&publisher, nalu_film_picture (film, &style, 0));
  before = publisher.demux.outs[0];
  for (guint i = 0; i < N_FRAMES; i++)
    send_frame (&publisher, TELL ("\x17\1\0\0\0\xee"), i);
  ck_assert_uint_eq (n_told (&publisher, &reason), 1);
  ck_assert (GST_PAD_IS_EOS (before->sinkpad));
  for (guint i = 0; i < NALU_FILM_PICTURES; i++)
    send_tags (&publisher, nalu_film_picture (film, &style, i));
  ck_assert (publisher.demux.outs[0] != before);
  ck_assert_uint_eq (demux_rig_n_frames (&publisher.demux, 0),
      NALU_FILM_PICTURES);
  ck_assert_uint_eq (n_told (&publisher, &reason), 0);
  publisher_go (&publisher);
}
GST_END_TEST;

/* The parser corrects this from the stream. */
GST_START_TEST (garbage_in_a_sequence_header_is_ignored_if_the_stream_has_sets)
{
  const NaluStyle style = { 0 };
  g_autofree gchar *reason = NULL;
  Publisher publisher;

  publisher_come (&publisher);
  demux_rig_push (&publisher.demux, flv_tag_new (VIDEO_TAG, 0, TELL (HEADER)));
  for (guint i = 0; i < NALU_FILM_PICTURES; i++)
    send_tags (&publisher, nalu_film_picture (film, &style, i));
  ck_assert_uint_eq (demux_rig_n_frames (&publisher.demux, 0),
      NALU_FILM_PICTURES);
  ck_assert_uint_eq (n_told (&publisher, &reason), 0);
  publisher_go (&publisher);
}
GST_END_TEST;

static Suite *
videofault_suite (void)
{
  Suite *suite = suite_create ("videofault");
  TCase *tcase = tcase_create ("videofault");

  suite_add_tcase (suite, tcase);
  tcase_add_checked_fixture (tcase, make_film, free_film);
  tcase_add_loop_test (tcase, a_fault_is_reported_once_and_the_audio_continues,
      0, G_N_ELEMENTS (faults));
  tcase_add_test (tcase,
      a_fault_at_one_frame_a_second_is_reported_at_the_third);
  tcase_add_test (tcase, a_few_broken_frames_are_not_reported);
  tcase_add_test (tcase, a_track_that_can_be_read_again_begins_again);
  tcase_add_test (tcase,
      garbage_in_a_sequence_header_is_ignored_if_the_stream_has_sets);
  return suite;
}

GST_CHECK_MAIN (videofault);
