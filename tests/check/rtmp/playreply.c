/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What players say and hear: the commands of ffmpeg, librtmp, Flash and other
 * servers. */

#include "gst/rtmp/playreply.h"
#include "tests/support/rtmpencoder.h"

#include <gst/check/gstcheck.h>
#include <string.h>

#define STARTED                                                                \
  "1 4 onStatus:0 NetStream.Play.Reset onStatus:0 NetStream.Play.Start 18 "

/* Sends a command on message stream 1, with up to three arguments after the
 * null object. */
typedef struct
{
  const gchar *text; /* (nullable) */
  gint boolean;      /* -1: none */
  gdouble number;    /* 0: none */
} Arguments;

static void
say (Owner *self, const gchar *name, gdouble transaction, Arguments arguments)
{
  g_autoptr (GByteArray) payload = g_byte_array_new ();
  g_autoptr (GByteArray) chunks = g_byte_array_new ();

  rtmp_amf0_write_string (payload, name);
  rtmp_amf0_write_number (payload, transaction);
  rtmp_amf0_write_null (payload);
  if (arguments.text != NULL)
    rtmp_amf0_write_string (payload, arguments.text);
  if (arguments.boolean >= 0)
    rtmp_amf0_write_boolean (payload, arguments.boolean);
  if (arguments.number != 0)
    rtmp_amf0_write_number (payload, arguments.number);
  rtmp_chunk_write (chunks, RTMP_CSID_COMMAND, RTMP_CHUNK_DEFAULT_BYTES,
      RTMP_MESSAGE_COMMAND, 1, 0, payload->data, payload->len);
  owner_receive (self, chunks->data, chunks->len);
}

#define TEXT(words) ((Arguments){ .text = (words), .boolean = -1 })
#define NUMBER(n) ((Arguments){ .number = (n), .boolean = -1 })
#define BOOLEAN(is) ((Arguments){ .boolean = (is) })

static void
play (Owner *self, const gchar *key, gdouble start)
{
  say (self, "play", 4,
      (Arguments){ .text = key, .boolean = -1, .number = start });
}

static Owner
player_connect (void)
{
  Owner owner = encoder_connect ();

  rtmp_session_allow_play (owner.session);
  encoder_send_command (&owner, "createStream", 3, NULL);
  encoder_assert_replies (&owner, "_result:3 :1 ");
  return owner;
}

GST_START_TEST (a_player_may_want_to_start_anywhere)
{
  static const gdouble starts[] = { 0, -1, -2, -1000, -2000, 7000 };

  for (guint i = 0; i < G_N_ELEMENTS (starts); i++) {
    Owner owner = player_connect ();

    play (&owner, "cam?token=abc", starts[i]);
    encoder_assert_replies (&owner, STARTED);
    ck_assert_uint_eq (owner.n_plays, 1);
    ck_assert_str_eq (rtmp_session_name (owner.session), "live/cam");
    ck_assert_str_eq (rtmp_session_query (owner.session),
        "token=abc&token=app");
    ck_assert_uint_eq (rtmp_session_stream_id (owner.session), 1);
    owner_free (&owner);
  }
}
GST_END_TEST;

GST_START_TEST (a_player_is_answered_before_it_plays)
{
  Owner owner = player_connect ();

  say (&owner, "FCSubscribe", 0, TEXT ("cam"));
  encoder_assert_replies (&owner, "onFCSubscribe:0 NetStream.Play.Start ");
  say (&owner, "FCSubscribe", 5, TEXT ("cam"));
  encoder_assert_replies (&owner,
      "onFCSubscribe:0 NetStream.Play.Start _result:5 ");
  say (&owner, "getStreamLength", 6, TEXT ("cam"));
  encoder_assert_replies (&owner, "_result:6 :0 ");
  say (&owner, "getStreamLength", 0, TEXT ("cam"));
  say (&owner, "pause", 0, BOOLEAN (TRUE));
  say (&owner, "seek", 0, NUMBER (7));
  encoder_assert_replies (&owner, "");
  owner_free (&owner);
}
GST_END_TEST;

GST_START_TEST (a_player_may_pause_and_go_on)
{
  Owner owner = player_connect ();

  play (&owner, "cam", -2);
  encoder_assert_replies (&owner, STARTED);
  say (&owner, "pause", 0, BOOLEAN (TRUE));
  encoder_assert_replies (&owner, "onStatus:0 NetStream.Pause.Notify ");
  ck_assert (owner.is_paused);
  say (&owner, "pause", 0, BOOLEAN (FALSE));
  encoder_assert_replies (&owner, "onStatus:0 NetStream.Unpause.Notify ");
  ck_assert (!owner.is_paused);
  owner_free (&owner);
}
GST_END_TEST;

/* ffmpeg drops everything until it gets permission to go on. */
GST_START_TEST (a_player_that_seeks_goes_on_live)
{
  Owner owner = player_connect ();

  play (&owner, "cam", -2);
  encoder_assert_replies (&owner, STARTED);
  say (&owner, "seek", 0, NUMBER (5000));
  encoder_assert_replies (&owner, "onStatus:0 NetStream.Seek.Notify ");
  ck_assert_uint_eq (owner.n_plays_again, 1);
  owner_free (&owner);
}
GST_END_TEST;

GST_START_TEST (a_player_may_stop_and_play_the_same_again)
{
  static const gchar *const ends[] = { "closeStream", "deleteStream" };

  for (guint i = 0; i < G_N_ELEMENTS (ends); i++) {
    Owner owner = player_connect ();

    play (&owner, "cam", -2);
    say (&owner, ends[i], 0, NUMBER (1));
    ck_assert_uint_eq (owner.n_plays_ended, 1);
    play (&owner, "cam", -2);
    encoder_assert_replies (&owner, STARTED STARTED);
    play (&owner, "cam", -2);
    encoder_assert_replies (&owner, STARTED);
    ck_assert_uint_eq (owner.n_plays, 1);
    ck_assert_uint_eq (owner.n_plays_again, 2);
    owner_free (&owner);
  }
}
GST_END_TEST;

GST_START_TEST (a_player_of_one_stream_gets_no_other)
{
  Owner owner = player_connect ();

  play (&owner, "one", -2);
  encoder_assert_replies (&owner, STARTED);
  play (&owner, "two", -2);
  encoder_assert_replies (&owner, "onStatus:0 NetStream.Play.Failed ");
  owner_assert_closed (&owner,
      "a connection plays one stream: each further "
      "one needs a connection of its own");
  ck_assert_str_eq (owner.rejected_name, "live/two");
  owner_free (&owner);
}
GST_END_TEST;

GST_START_TEST (a_player_cannot_publish)
{
  Owner owner = player_connect ();

  play (&owner, "cam", -2);
  encoder_assert_replies (&owner, STARTED);
  say (&owner, "publish", 5, TEXT ("cam"));
  encoder_assert_replies (&owner,
      "onStatus:0 NetStream.Publish.BadName "
      "onStatus:0 NetStream.Publish.Rejected ");
  owner_assert_closed (&owner,
      "a connection that has played a stream cannot publish one");
  ck_assert_uint_eq (owner.n_publishes, 0);
  owner_free (&owner);
}
GST_END_TEST;

GST_START_TEST (a_publisher_cannot_play)
{
  Owner owner = player_connect ();

  say (&owner, "publish", 5, TEXT ("cam"));
  encoder_assert_replies (&owner, "4 onStatus:0 NetStream.Publish.Start ");
  play (&owner, "cam", -2);
  encoder_assert_replies (&owner, "onStatus:0 NetStream.Play.Failed ");
  ck_assert_int_eq (rtmp_session_state (owner.session),
      RTMP_SESSION_PUBLISHING);
  owner_free (&owner);
}
GST_END_TEST;

GST_START_TEST (an_invalid_name_is_rejected)
{
  Owner owner = player_connect ();

  play (&owner, "a/../b", -2);
  encoder_assert_replies (&owner, "onStatus:0 NetStream.Play.Failed ");
  ck_assert_uint_eq (owner.n_plays, 0);
  ck_assert_uint_eq (owner.n_rejected, 1);
  ck_assert_int_eq (rtmp_session_state (owner.session), RTMP_SESSION_CLOSED);
  owner_free (&owner);
}
GST_END_TEST;

GST_START_TEST (a_rejected_player_hears_the_reason)
{
  Owner owner = player_connect ();

  owner.rejects = TRUE;
  owner.reason = "not on weekends";
  play (&owner, "cam", -2);
  ck_assert (memmem (owner.out->data, owner.out->len, owner.reason,
                 strlen (owner.reason)) != NULL);
  encoder_assert_replies (&owner, "onStatus:0 NetStream.Play.Failed ");
  owner_assert_closed (&owner, owner.reason);
  owner_free (&owner);
}
GST_END_TEST;

GST_START_TEST (the_end_of_a_stream_differs_from_one_that_never_came)
{
  for (guint was_there = 0; was_there < 2; was_there++) {
    Owner owner = player_connect ();

    play (&owner, "cam", -2);
    encoder_assert_replies (&owner, STARTED);
    rtmp_session_end_play (owner.session, was_there, owner.out);
    encoder_assert_replies (&owner,
        was_there ? "4 onStatus:0 NetStream.Play.UnpublishNotify "
                    "onStatus:0 NetStream.Play.Stop "
                  : "onStatus:0 NetStream.Play.StreamNotFound ");
    owner_assert_closed (&owner,
        was_there ? "the stream has ended" : "the stream has no publisher");
    owner_free (&owner);
  }
}
GST_END_TEST;

static Suite *
playreply_suite (void)
{
  Suite *suite = suite_create ("playreply");
  TCase *tcase = tcase_create ("playreply");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_player_may_want_to_start_anywhere);
  tcase_add_test (tcase, a_player_is_answered_before_it_plays);
  tcase_add_test (tcase, a_player_may_pause_and_go_on);
  tcase_add_test (tcase, a_player_that_seeks_goes_on_live);
  tcase_add_test (tcase, a_player_may_stop_and_play_the_same_again);
  tcase_add_test (tcase, a_player_of_one_stream_gets_no_other);
  tcase_add_test (tcase, a_player_cannot_publish);
  tcase_add_test (tcase, a_publisher_cannot_play);
  tcase_add_test (tcase, an_invalid_name_is_rejected);
  tcase_add_test (tcase, a_rejected_player_hears_the_reason);
  tcase_add_test (tcase, the_end_of_a_stream_differs_from_one_that_never_came);
  return suite;
}

GST_CHECK_MAIN (playreply);
