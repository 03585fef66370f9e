/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who is live: tracks that begin, are taken over and end. */

#include "ext/whep/http/directory.h"

#include <gst/check/gstcheck.h>

/* 2026-01-02T03:04:05Z */
#define NEW_YEAR_US (G_GINT64_CONSTANT (1767323045) * G_USEC_PER_SEC)

static void
begin_video (WhepDirectory *self, guint64 id, const gchar *stream)
{
  whep_directory_begin_track (self, id, stream, WHEP_VIDEO, "H264", 0x42c01f,
      NEW_YEAR_US);
}

static void
begin_audio (WhepDirectory *self, guint64 id, const gchar *stream)
{
  whep_directory_begin_track (self, id, stream, WHEP_AUDIO, "OPUS", 0,
      NEW_YEAR_US + G_USEC_PER_SEC);
}

GST_START_TEST (a_stream_is_live_from_its_first_track_to_its_last)
{
  WhepDirectory *directory = whep_directory_new ();
  const WhepListing *listing;

  ck_assert (whep_directory_find (directory, "live/cam") == NULL);
  begin_video (directory, 1, "live/cam");
  listing = whep_directory_find (directory, "live/cam");
  ck_assert (listing != NULL);
  ck_assert (listing->tracks[WHEP_AUDIO].encoding_name == NULL);
  begin_audio (directory, 2, "live/cam");
  ck_assert (whep_directory_find (directory, "live/cam") == listing);
  ck_assert (listing->since_us == NEW_YEAR_US);
  whep_directory_end_track (directory, 1);
  ck_assert (listing->tracks[WHEP_VIDEO].encoding_name == NULL);
  ck_assert_str_eq (listing->tracks[WHEP_AUDIO].encoding_name, "OPUS");
  whep_directory_end_track (directory, 2);
  ck_assert (whep_directory_find (directory, "live/cam") == NULL);
  whep_directory_free (directory);
}
GST_END_TEST;

GST_START_TEST (what_becomes_known_of_a_track_ends_with_it)
{
  WhepDirectory *directory = whep_directory_new ();
  const WhepTrackFormat format = { .width = 640, .height = 360 };
  const WhepArrivalFigures figures = { .n_packets = 5 };
  const WhepUplink uplink = { TRUE, 1000, 50 };
  const WhepPublisher publisher = { .id = (gchar *) "7" };
  const WhepListing *listing;

  begin_video (directory, 1, "live/cam");
  begin_audio (directory, 2, "live/cam");
  listing = whep_directory_find (directory, "live/cam");
  ck_assert (whep_listing_publisher (listing) == NULL);
  whep_directory_note_format (directory, 1, &format);
  whep_directory_note_arrival (directory, 1, &figures, &uplink, 77);
  whep_directory_note_publisher (directory, 1, &publisher);
  whep_directory_note_publisher (directory, 9, &publisher);
  ck_assert_uint_eq (listing->tracks[WHEP_VIDEO].format.width, 640);
  ck_assert_uint_eq (listing->tracks[WHEP_VIDEO].arrival.n_packets, 5);
  ck_assert_int_eq (listing->tracks[WHEP_VIDEO].measured_us, 77);
  ck_assert_uint_eq (listing->tracks[WHEP_VIDEO].uplink.n_bytes, 1000);
  ck_assert_str_eq (whep_listing_publisher (listing)->id, "7");
  ck_assert_uint_eq (listing->tracks[WHEP_AUDIO].format.width, 0);
  begin_video (directory, 3, "live/cam");
  ck_assert_uint_eq (listing->tracks[WHEP_VIDEO].format.width, 0);
  ck_assert (whep_listing_publisher (listing) == NULL);
  whep_directory_free (directory);
}
GST_END_TEST;

GST_START_TEST (a_publisher_without_a_playable_track_is_known)
{
  WhepDirectory *directory = whep_directory_new ();
  const WhepPublisher publisher = { .id = (gchar *) "7" };
  const WhepListing *listing;

  whep_directory_note_unplayable (directory, 1, "live/cam", WHEP_VIDEO, NULL,
      "no", NEW_YEAR_US);
  whep_directory_note_publisher (directory, 1, &publisher);
  listing = whep_directory_find (directory, "live/cam");
  ck_assert_str_eq (whep_listing_publisher (listing)->id, "7");
  whep_directory_free (directory);
}
GST_END_TEST;

GST_START_TEST (who_takes_over_is_not_ended_by_who_was_there)
{
  WhepDirectory *directory = whep_directory_new ();

  begin_video (directory, 1, "live/cam");
  begin_video (directory, 2, "live/cam");
  whep_directory_end_track (directory, 1);
  ck_assert (whep_directory_find (directory, "live/cam") != NULL);
  whep_directory_end_track (directory, 2);
  ck_assert (whep_directory_find (directory, "live/cam") == NULL);
  whep_directory_free (directory);
}
GST_END_TEST;

GST_START_TEST (facts_of_a_track_may_change)
{
  WhepDirectory *directory = whep_directory_new ();
  const WhepListing *listing;

  begin_video (directory, 1, "live/cam");
  whep_directory_begin_track (directory, 1, "live/cam", WHEP_VIDEO, "H264",
      0x640028, NEW_YEAR_US);
  listing = whep_directory_find (directory, "live/cam");
  ck_assert_uint_eq (listing->tracks[WHEP_VIDEO].profile_level_id, 0x640028);
  whep_directory_end_track (directory, 1);
  ck_assert (whep_directory_find (directory, "live/cam") == NULL);
  whep_directory_free (directory);
}
GST_END_TEST;

GST_START_TEST (b_frames_are_available_until_the_track_ends)
{
  WhepDirectory *directory = whep_directory_new ();
  const WhepListing *listing;

  whep_directory_offer_untouched (directory, "live/cam");
  ck_assert (whep_directory_find (directory, "live/cam") == NULL);
  whep_directory_begin_track (directory, 1, "live/cam", WHEP_VIDEO, "H264", 0,
      1);
  listing = whep_directory_find (directory, "live/cam");
  ck_assert (!whep_listing_has_b_frames (listing));
  whep_directory_note_b_frames (directory, 1, "transcode", NULL);
  ck_assert (!whep_listing_has_b_frames (listing));
  whep_directory_offer_untouched (directory, "live/cam");
  ck_assert (whep_listing_has_b_frames (listing));
  /* Another publisher. */
  whep_directory_begin_track (directory, 2, "live/cam", WHEP_VIDEO, "H264", 0,
      1);
  ck_assert (!whep_listing_has_b_frames (listing));
  whep_directory_note_b_frames (directory, 2, "pass", NULL);
  ck_assert (whep_listing_has_b_frames (listing));
  whep_directory_free (directory);
}
GST_END_TEST;

GST_START_TEST (b_frames_are_listed_until_the_track_ends)
{
  WhepDirectory *directory = whep_directory_new ();
  const WhepListing *listing;

  begin_video (directory, 1, "live/a");
  whep_directory_note_b_frames (directory, 1, "transcode", NULL);
  whep_directory_note_b_frames (directory, 7, "drop", NULL);
  begin_video (directory, 1, "live/a");
  listing = whep_directory_find (directory, "live/a");
  ck_assert_str_eq (listing->tracks[WHEP_VIDEO].b_frames, "transcode");
  begin_video (directory, 2, "live/a");
  ck_assert (listing->tracks[WHEP_VIDEO].b_frames == NULL);
  whep_directory_free (directory);
}
GST_END_TEST;

GST_START_TEST (what_converts_a_track_is_listed_until_the_track_ends)
{
  WhepDirectory *directory = whep_directory_new ();
  const WhepListing *listing;

  begin_video (directory, 1, "live/a");
  begin_audio (directory, 2, "live/a");
  whep_directory_note_via (directory, 2, "avdec_aac ! opusenc");
  whep_directory_note_via (directory, 7, "faad ! opusenc");
  listing = whep_directory_find (directory, "live/a");
  ck_assert (listing->tracks[WHEP_VIDEO].via == NULL);
  ck_assert_str_eq (listing->tracks[WHEP_AUDIO].via, "avdec_aac ! opusenc");
  begin_audio (directory, 3, "live/a");
  ck_assert (listing->tracks[WHEP_AUDIO].via == NULL);
  whep_directory_free (directory);
}
GST_END_TEST;

#define WHY "the reason"

static void
note (WhepDirectory *self, guint64 id, WhepTrackKind kind, const gchar *codec)
{
  whep_directory_note_unplayable (self, id, "live/cam", kind, codec, WHY,
      NEW_YEAR_US);
}

GST_START_TEST (a_track_that_viewers_do_not_get_is_listed_with_its_reason)
{
  WhepDirectory *directory = whep_directory_new ();
  const WhepListedFault *fault;

  note (directory, 1, WHEP_VIDEO, NULL);
  fault = &whep_directory_find (directory, "live/cam")->faults[WHEP_VIDEO];
  ck_assert (fault->codec == NULL);
  ck_assert_str_eq (fault->reason, WHY);
  begin_audio (directory, 2, "live/cam");
  note (directory, 3, WHEP_VIDEO, "VP6");
  whep_directory_end_track (directory, 1);
  ck_assert_str_eq (fault->codec, "VP6");
  begin_video (directory, 4, "live/cam");
  ck_assert (fault->reason == NULL);
  whep_directory_free (directory);
}
GST_END_TEST;

GST_START_TEST (a_track_that_began_may_become_unplayable)
{
  WhepDirectory *directory = whep_directory_new ();
  const WhepListing *listing;

  begin_video (directory, 1, "live/cam");
  note (directory, 2, WHEP_VIDEO, "H.264");
  begin_video (directory, 1, "live/cam");
  listing = whep_directory_find (directory, "live/cam");
  ck_assert_uint_eq (listing->tracks[WHEP_VIDEO].id, 1);
  ck_assert_str_eq (listing->faults[WHEP_VIDEO].reason, WHY);
  whep_directory_free (directory);
}
GST_END_TEST;

GST_START_TEST (the_names_are_sorted)
{
  WhepDirectory *directory = whep_directory_new ();
  g_autoptr (GList) none = whep_directory_names (directory);
  g_autoptr (GList) names = NULL;

  begin_audio (directory, 1, "live/b");
  begin_video (directory, 2, "live/a");
  names = whep_directory_names (directory);
  ck_assert (none == NULL);
  ck_assert_uint_eq (g_list_length (names), 2);
  ck_assert_str_eq (names->data, "live/a");
  ck_assert_str_eq (names->next->data, "live/b");
  whep_directory_free (directory);
}
GST_END_TEST;

GST_START_TEST (a_stream_of_unplayable_tracks_is_there_but_not_playable)
{
  WhepDirectory *directory = whep_directory_new ();
  const WhepListing *listing;
  g_autofree gchar *words = NULL;

  note (directory, 1, WHEP_VIDEO, "VP6");
  note (directory, 2, WHEP_AUDIO, NULL);
  listing = whep_directory_find (directory, "live/cam");
  ck_assert (listing != NULL && !whep_listing_is_playable (listing));
  words = whep_listing_dup_fault (listing);
  ck_assert_str_eq (words,
      "The publisher's video (VP6) can't be played: " WHY ". "
      "The publisher's sound can't be played: " WHY ".");
  begin_audio (directory, 3, "live/cam");
  ck_assert (whep_listing_is_playable (listing));
  whep_directory_end_track (directory, 3);
  ck_assert (whep_directory_find (directory, "live/cam") == listing);
  whep_directory_end_track (directory, 1);
  ck_assert (whep_directory_find (directory, "live/cam") == NULL);
  whep_directory_free (directory);
}
GST_END_TEST;

static Suite *
directory_suite (void)
{
  Suite *suite = suite_create ("directory");
  TCase *tcase = tcase_create ("directory");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_stream_is_live_from_its_first_track_to_its_last);
  tcase_add_test (tcase, what_becomes_known_of_a_track_ends_with_it);
  tcase_add_test (tcase, a_publisher_without_a_playable_track_is_known);
  tcase_add_test (tcase, who_takes_over_is_not_ended_by_who_was_there);
  tcase_add_test (tcase, facts_of_a_track_may_change);
  tcase_add_test (tcase, b_frames_are_available_until_the_track_ends);
  tcase_add_test (tcase, b_frames_are_listed_until_the_track_ends);
  tcase_add_test (tcase, what_converts_a_track_is_listed_until_the_track_ends);
  tcase_add_test (tcase,
      a_track_that_viewers_do_not_get_is_listed_with_its_reason);
  tcase_add_test (tcase,
      a_stream_of_unplayable_tracks_is_there_but_not_playable);
  tcase_add_test (tcase, a_track_that_began_may_become_unplayable);
  tcase_add_test (tcase, the_names_are_sorted);
  return suite;
}

GST_CHECK_MAIN (directory);
