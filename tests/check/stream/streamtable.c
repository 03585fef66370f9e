/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A thread's streams exist while they are needed, and report once that there
 * are packets for their viewers. */

#include "ext/whep/stream/streamtable.h"

#include <gst/check/gstcheck.h>

#define NOW_US 1000

static WhepStreamTable *streams;

static void
setup (void)
{
  streams = whep_stream_table_new (&whep_stream_default_limits);
}

static void
teardown (void)
{
  whep_stream_table_free (streams);
}

static void
begin_video (guint64 id, const gchar *name)
{
  whep_stream_table_begin_track (streams, id, name, WHEP_VIDEO, "H264", 90000,
      NOW_US);
}

/* Returns whether the packet was taken. */
static gboolean
add_packet (guint64 id)
{
  WhepPacket *packet = whep_packet_new (10);

  whep_stream_table_add (streams, id, &packet, 1);
  if (packet == NULL)
    return TRUE;
  whep_packet_unref (packet);
  return FALSE;
}

GST_START_TEST (a_stream_is_freed_once_it_is_not_needed)
{
  WhepStream *stream;
  gint viewer;

  begin_video (1, "live/cam");
  stream = whep_stream_table_get (streams, "live/cam", NOW_US);
  g_ptr_array_add (stream->viewers, &viewer);
  whep_stream_table_end_track (streams, 1, NOW_US);
  ck_assert_uint_eq (whep_stream_table_count (streams), 1);
  ck_assert (whep_stream_table_take_news (streams) == stream);
  ck_assert (whep_stream_table_get (streams, "live/cam", NOW_US) == stream);

  g_ptr_array_remove_fast (stream->viewers, &viewer);
  whep_stream_table_release (streams, stream);
  ck_assert_uint_eq (whep_stream_table_count (streams), 0);
}
GST_END_TEST;

/* The end of a publisher that another one has replaced may come last. */
GST_START_TEST (a_stream_outlives_each_of_its_publishers)
{
  begin_video (1, "live/cam");
  begin_video (2, "live/cam");
  whep_stream_table_end_track (streams, 2, NOW_US);
  ck_assert_uint_eq (whep_stream_table_count (streams), 1);
  ck_assert (!add_packet (1));
  whep_stream_table_end_track (streams, 1, NOW_US);
  ck_assert_uint_eq (whep_stream_table_count (streams), 0);
}
GST_END_TEST;

GST_START_TEST (packets_that_arrive_together_are_news_once)
{
  begin_video (1, "live/cam");
  whep_stream_table_begin_track (streams, 2, "live/cam", WHEP_AUDIO, "OPUS",
      48000, NOW_US);
  begin_video (3, "live/door");
  ck_assert (whep_stream_table_take_news (streams) == NULL);

  ck_assert (add_packet (1));
  ck_assert (add_packet (2));
  ck_assert (add_packet (1));
  ck_assert_str_eq (whep_stream_table_take_news (streams)->name, "live/cam");
  ck_assert (whep_stream_table_take_news (streams) == NULL);
}
GST_END_TEST;

GST_START_TEST (all_streams_may_have_news)
{
  begin_video (1, "live/cam");
  begin_video (2, "live/door");
  ck_assert (add_packet (2));
  whep_stream_table_note_all (streams);
  ck_assert (whep_stream_table_take_news (streams) != NULL);
  ck_assert (whep_stream_table_take_news (streams) != NULL);
  ck_assert (whep_stream_table_take_news (streams) == NULL);
}
GST_END_TEST;

GST_START_TEST (a_stream_that_was_freed_has_no_news)
{
  begin_video (1, "live/cam");
  ck_assert (add_packet (1));
  whep_stream_table_end_track (streams, 1, NOW_US);
  ck_assert (whep_stream_table_take_news (streams) == NULL);
}
GST_END_TEST;

GST_START_TEST (packets_of_unknown_publishers_are_not_taken)
{
  ck_assert (!add_packet (1));
  begin_video (1, "live/cam");
  begin_video (2, "live/cam");
  ck_assert (!add_packet (1));
  ck_assert (add_packet (2));
  whep_stream_table_end_track (streams, 2, NOW_US);
  ck_assert (!add_packet (2));
}
GST_END_TEST;

GST_START_TEST (viewers_take_turns_at_being_the_first)
{
  WhepStream *stream;
  gint viewers[3];
  guint n_first[3] = { 0 };

  begin_video (1, "live/cam");
  stream = whep_stream_table_get (streams, "live/cam", NOW_US);
  for (guint i = 0; i < 3; i++)
    g_ptr_array_add (stream->viewers, &viewers[i]);
  for (guint turn = 0; turn < 6; turn++) {
    guint first;

    ck_assert (add_packet (1));
    ck_assert (whep_stream_table_take_news (streams) == stream);
    first = (gint *) whep_stream_get_viewer (stream, 0) - viewers;
    n_first[first]++;
    for (guint i = 1; i < 3; i++)
      ck_assert (
          whep_stream_get_viewer (stream, i) == &viewers[(first + i) % 3]);
  }
  for (guint i = 0; i < 3; i++)
    ck_assert_uint_eq (n_first[i], 2);
}
GST_END_TEST;

static Suite *
streamtable_suite (void)
{
  Suite *suite = suite_create ("streamtable");
  TCase *tcase = tcase_create ("streamtable");

  suite_add_tcase (suite, tcase);
  tcase_add_checked_fixture (tcase, setup, teardown);
  tcase_add_test (tcase, a_stream_is_freed_once_it_is_not_needed);
  tcase_add_test (tcase, a_stream_outlives_each_of_its_publishers);
  tcase_add_test (tcase, packets_that_arrive_together_are_news_once);
  tcase_add_test (tcase, all_streams_may_have_news);
  tcase_add_test (tcase, a_stream_that_was_freed_has_no_news);
  tcase_add_test (tcase, packets_of_unknown_publishers_are_not_taken);
  tcase_add_test (tcase, viewers_take_turns_at_being_the_first);
  return suite;
}

GST_CHECK_MAIN (streamtable);
