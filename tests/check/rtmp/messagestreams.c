/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One message stream is published, and is not affected by what happens to
 * others. */

#include "gst/rtmp/messagestreams.h"

#include <gst/check/gstcheck.h>
#include <string.h>

static RtmpAmf0Value
number (gdouble number)
{
  return (RtmpAmf0Value){ .type = RTMP_AMF0_NUMBER, .number = number };
}

static RtmpAmf0Value
string (const gchar *text)
{
  return (RtmpAmf0Value){ .type = RTMP_AMF0_STRING,
    .text = text,
    .size = strlen (text) };
}

GST_START_TEST (stream_ids_are_unique)
{
  RtmpMessageStreams streams = { 0 };

  ck_assert_uint_eq (rtmp_messagestreams_create (&streams), 1);
  ck_assert_uint_eq (rtmp_messagestreams_create (&streams), 2);
  streams.last_id = RTMP_MESSAGESTREAMS_MAX_ID;
  ck_assert_uint_eq (rtmp_messagestreams_create (&streams), 0);
}
GST_END_TEST;

GST_START_TEST (a_rejected_stream_is_remembered_until_it_is_deleted)
{
  RtmpMessageStreams streams = { 0 };
  RtmpAmf0Value third = number (3);

  streams.last_id = 100;
  rtmp_messagestreams_publish (&streams, 1, "cam");
  for (guint id = 1; id < RTMP_MESSAGESTREAMS_MAX_REJECTED + 2; id++)
    ck_assert (rtmp_messagestreams_reject (&streams, id));
  ck_assert (!rtmp_messagestreams_is_rejected (&streams, 1));
  ck_assert (rtmp_messagestreams_is_rejected (&streams, 3));
  ck_assert (rtmp_messagestreams_reject (&streams, 3));
  ck_assert (!rtmp_messagestreams_reject (&streams, 100));
  ck_assert (!rtmp_messagestreams_delete (&streams, &third));
  ck_assert (!rtmp_messagestreams_is_rejected (&streams, 3));
  rtmp_messagestreams_publish (&streams, 4, "cam");
  ck_assert (!rtmp_messagestreams_is_rejected (&streams, 4));
  rtmp_messagestreams_clear (&streams);
}
GST_END_TEST;

GST_START_TEST (only_its_own_id_or_an_invalid_one_ends_a_stream)
{
  static const RtmpAmf0Value none = { .type = RTMP_AMF0_NULL };
  const struct
  {
    guint32 id;
    RtmpAmf0Value argument;
    gboolean ends;
  } deletions[] = {
    { 1, number (1), TRUE },
    { 1, number (2), FALSE },
    { 1, number (-1), FALSE },
    { 1, number (1e300), FALSE },
    { 1, string ("1"), TRUE },
    { 1, none, TRUE },
    /* Published on a stream that was not created. */
    { 0, number (1), TRUE },
    { 7, number (1), TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (deletions); i++) {
    RtmpMessageStreams streams = { .last_id = 2 };

    rtmp_messagestreams_publish (&streams, deletions[i].id, "cam");
    ck_assert_msg (rtmp_messagestreams_delete (&streams,
                       &deletions[i].argument) == deletions[i].ends,
        "%u", i);
    rtmp_messagestreams_clear (&streams);
  }
}
GST_END_TEST;

GST_START_TEST (only_its_own_key_or_none_ends_a_stream)
{
  const struct
  {
    RtmpAmf0Value key;
    gboolean ends;
  } keys[] = {
    { string ("cam?token=a"), TRUE },
    { string ("/cam"), TRUE },
    { string (""), TRUE },
    { number (1), TRUE },
    { string ("other"), FALSE },
    { string ("ca"), FALSE },
    { string ("\xff"), FALSE },
  };
  RtmpMessageStreams streams = { 0 };

  rtmp_messagestreams_publish (&streams, 1, "cam?token=b");
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    ck_assert_msg (rtmp_messagestreams_is_key (&streams, &keys[i].key) ==
            keys[i].ends,
        "%u", i);
  rtmp_messagestreams_clear (&streams);
}
GST_END_TEST;

static Suite *
messagestreams_suite (void)
{
  Suite *suite = suite_create ("messagestreams");
  TCase *tcase = tcase_create ("messagestreams");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, stream_ids_are_unique);
  tcase_add_test (tcase, a_rejected_stream_is_remembered_until_it_is_deleted);
  tcase_add_test (tcase, only_its_own_id_or_an_invalid_one_ends_a_stream);
  tcase_add_test (tcase, only_its_own_key_or_none_ends_a_stream);
  return suite;
}

GST_CHECK_MAIN (messagestreams);
