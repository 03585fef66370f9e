/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A session replies as real publishers expect. */

#include "gst/rtmp/command.h"
#include "tests/support/rtmpencoder.h"

#include <gst/check/gstcheck.h>
#include <string.h>

GST_START_TEST (a_session_replies_as_encoders_expect)
{
  Owner owner = encoder_connect ();

  encoder_send_command (&owner, "releaseStream", 2, "cam");
  encoder_assert_replies (&owner, "_result:2 ");
  encoder_send_command (&owner, "FCPublish", 3, "cam");
  encoder_assert_replies (&owner,
      "onFCPublish:0 NetStream.Publish.Start _result:3 ");
  encoder_send_command (&owner, "createStream", 4, NULL);
  encoder_assert_replies (&owner, "_result:4 :1 ");
  encoder_send_command (&owner, "_checkbw", 5, NULL);
  encoder_assert_replies (&owner, "_result:5 ");
  encoder_send_command (&owner, "doAsYouLike", 6, NULL);
  encoder_assert_replies (&owner, "");
  encoder_send_command (&owner, "publish", 7, "cam?user=me");
  encoder_assert_replies (&owner, "4 onStatus:0 NetStream.Publish.Start ");
  ck_assert_str_eq (rtmp_session_name (owner.session), "live/cam");
  ck_assert_str_eq (rtmp_session_query (owner.session), "user=me&token=app");
  ck_assert_int_eq (rtmp_session_state (owner.session),
      RTMP_SESSION_PUBLISHING);

  encoder_send_command (&owner, "FCUnpublish", 8, "cam");
  encoder_assert_replies (&owner, "onStatus:0 NetStream.Unpublish.Success ");
  encoder_send_command (&owner, "deleteStream", 9, NULL);
  encoder_assert_replies (&owner, "");
  ck_assert_uint_eq (owner.n_unpublishes, 1);

  /* Again on the same connection. */
  encoder_send_command (&owner, "publish", 10, "other");
  encoder_assert_replies (&owner, "4 onStatus:0 NetStream.Publish.Start ");
  ck_assert_str_eq (rtmp_session_name (owner.session), "live/other");
  ck_assert_str_eq (rtmp_session_query (owner.session), "token=app");
  owner_free (&owner);
}
GST_END_TEST;

GST_START_TEST (a_rejection_has_a_reason_and_closes_the_session)
{
  static const struct
  {
    RtmpRejection rejection;
    const gchar *said;
  } rejections[] = {
    { RTMP_REJECTION_BAD_NAME,
        "onStatus:0 NetStream.Publish.BadName "
        "onStatus:0 NetStream.Publish.Rejected " },
    { RTMP_REJECTION_UNAUTHORIZED, "onStatus:0 NetStream.Publish.Denied " },
    { RTMP_REJECTION_FULL, "onStatus:0 NetStream.Publish.Rejected " },
    { RTMP_REJECTION_REFUSED, "onStatus:0 NetStream.Publish.Denied " },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rejections); i++) {
    Owner owner = encoder_connect ();

    owner.rejects = TRUE;
    owner.rejection = rejections[i].rejection;
    encoder_send_command (&owner, "publish", 1, "cam");
    encoder_assert_replies (&owner, rejections[i].said);
    ck_assert_int_eq (rtmp_session_state (owner.session), RTMP_SESSION_CLOSED);
    owner_free (&owner);
  }
}
GST_END_TEST;

GST_START_TEST (a_rejection_can_have_the_owners_reason)
{
  Owner owner = encoder_connect ();

  owner.rejects = TRUE;
  owner.rejection = RTMP_REJECTION_UNAUTHORIZED;
  owner.reason = "too late in the day";
  encoder_send_command (&owner, "publish", 1, "cam");
  ck_assert (memmem (owner.out->data, owner.out->len, owner.reason,
                 strlen (owner.reason)) != NULL);
  owner_assert_closed (&owner, owner.reason);
  owner_free (&owner);
}
GST_END_TEST;

GST_START_TEST (the_owner_can_reject_a_connection)
{
  Owner owner = owner_new ();

  owner.connect_rejection = "[ code=403 need auth; authmod=adobe ]";
  encoder_shake_hands (&owner);
  encoder_send_connect (&owner, "live", NULL, 0);
  ck_assert (memmem (owner.out->data, owner.out->len, owner.connect_rejection,
                 strlen (owner.connect_rejection)) != NULL);
  encoder_assert_replies (&owner, "_error:1 NetConnection.Connect.Rejected ");
  owner_assert_closed (&owner, "not allowed");
  owner_free (&owner);
}
GST_END_TEST;

GST_START_TEST (a_query_can_be_in_the_key_the_app_or_the_url)
{
  static const struct
  {
    const gchar *app, *url, *key, *at_connect, *at_publish;
  } queries[] = {
    { "live", "rtmp://h/live", "cam", "", "" },
    { "live", "rtmp://h/live", "cam?a=1", "", "a=1" },
    { "live?b=2", "rtmp://h/live", "cam?a=1", "b=2", "a=1&b=2" },
    { "live?b=2", "rtmp://h/live?c=3", "cam", "b=2", "b=2" },
    { "live", "rtmp://h/live?c=3", "cam", "c=3", "c=3" },
    { "live", "rtmp://h/live?c=3", "cam?a=1", "c=3", "a=1&c=3" },
    { "/live/?b=2", NULL, "cam/?a=1?2", "b=2", "a=1?2&b=2" },
    { "live", "rtmp://h/live?c=\n", "cam", "", "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (queries); i++) {
    Owner owner = owner_new ();

    encoder_shake_hands (&owner);
    encoder_send_connect (&owner, queries[i].app, queries[i].url, 0);
    ck_assert_str_eq (rtmp_session_app (owner.session), "live");
    ck_assert_str_eq (rtmp_session_query (owner.session),
        queries[i].at_connect);
    encoder_send_command (&owner, "publish", 1, queries[i].key);
    ck_assert_str_eq (rtmp_session_name (owner.session), "live/cam");
    ck_assert_str_eq (rtmp_session_query (owner.session),
        queries[i].at_publish);
    owner_free (&owner);
  }
}
GST_END_TEST;

GST_START_TEST (a_publisher_that_supports_it_is_asked_to_reconnect)
{
  static const struct
  {
    gdouble caps;
    gboolean is_publishing;
    const gchar *said;
  } peers[] = {
    { 1, TRUE, "onStatus:0 NetConnection.Connect.ReconnectRequest " },
    { 7, TRUE, "onStatus:0 NetConnection.Connect.ReconnectRequest " },
    { 1, FALSE, "" },
    { 6, TRUE, "" },
    { 0, TRUE, "" },
    { -1, TRUE, "" },
    { 1e300, TRUE, "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (peers); i++) {
    Owner owner = owner_new ();
    g_autofree gchar *opening = NULL;

    encoder_shake_hands (&owner);
    encoder_send_connect (&owner, "live", NULL, peers[i].caps);
    if (peers[i].is_publishing)
      encoder_send_command (&owner, "publish", 1, "cam");
    opening = encoder_read_replies (&owner);
    rtmp_session_send_away (owner.session, owner.out);
    encoder_assert_replies (&owner, peers[i].said);
    owner_free (&owner);
  }
}
GST_END_TEST;

GST_START_TEST (nothing_is_read_until_the_owner_has_answered)
{
  Owner owner = encoder_connect ();
  g_autoptr (GByteArray) payload = g_byte_array_new ();
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  const guint8 *data;
  gsize size, n_left;
  RtmpEvent event;

  rtmp_amf0_write_string (payload, "publish");
  rtmp_amf0_write_number (payload, 1);
  rtmp_amf0_write_null (payload);
  rtmp_amf0_write_string (payload, "cam");
  rtmp_chunk_write (bytes, 3, 128, RTMP_MESSAGE_COMMAND, 1, 0, payload->data,
      payload->len);
  n_left = bytes->len;
  rtmp_chunk_write (bytes, 4, 128, RTMP_MESSAGE_VIDEO, 1, 0,
      (const guint8 *) "abc", 3);
  n_left = bytes->len - n_left;

  data = bytes->data;
  size = bytes->len;
  ck_assert (
      rtmp_session_receive (owner.session, &data, &size, owner.out, &event));
  ck_assert_int_eq (event.kind, RTMP_EVENT_PUBLISH);
  ck_assert (
      !rtmp_session_receive (owner.session, &data, &size, owner.out, &event));
  ck_assert_uint_eq (size, n_left);

  rtmp_session_accept_publish (owner.session, owner.out);
  ck_assert (
      rtmp_session_receive (owner.session, &data, &size, owner.out, &event));
  ck_assert_int_eq (event.kind, RTMP_EVENT_MESSAGE);
  ck_assert_uint_eq (size, 0);
  rtmp_message_clear (&event.message);
  owner_free (&owner);
}
GST_END_TEST;

GST_START_TEST (players_are_rejected)
{
  Owner owner = encoder_connect ();

  encoder_send_command (&owner, "play", 1, "cam");
  encoder_assert_replies (&owner, "onStatus:0 NetStream.Play.Failed ");
  owner_assert_closed (&owner, "asks to play, which is not supported");
  owner_free (&owner);
}
GST_END_TEST;

GST_START_TEST (protocol_violations_close_the_session_with_a_reason)
{
  Owner owner = owner_new ();

  owner_receive (&owner, (const guint8 *) "GET / HTTP/1.1\r\n", 16);
  owner_assert_closed (&owner, "speaks another protocol than RTMP version 3");
  owner_free (&owner);

  owner = owner_new ();
  encoder_shake_hands (&owner);
  encoder_send_command (&owner, "createStream", 1, NULL);
  owner_assert_closed (&owner, "a command precedes connect");
  owner_free (&owner);

  owner = owner_new ();
  encoder_shake_hands (&owner);
  encoder_send_command (&owner, "connect", 1, NULL);
  encoder_assert_replies (&owner, "_error:1 NetConnection.Connect.Rejected ");
  owner_assert_closed (&owner, "connects without an app");
  owner_free (&owner);

  owner = encoder_connect ();
  encoder_send_command (&owner, "publish", 1, "a\nb");
  encoder_assert_replies (&owner,
      "onStatus:0 NetStream.Publish.BadName "
      "onStatus:0 NetStream.Publish.Rejected ");
  owner_assert_closed (&owner, "the stream's name is not printable");
  owner_free (&owner);

  owner = owner_new ();
  encoder_shake_hands (&owner);
  encoder_send_message (&owner, RTMP_MESSAGE_COMMAND, (const guint8 *) "\5", 1);
  owner_assert_closed (&owner, "a command is malformed");
  owner_free (&owner);

  owner = encoder_connect ();
  encoder_send_message (&owner, RTMP_MESSAGE_SET_CHUNK_SIZE,
      (const guint8 *) "\0\0\0\0", 4);
  owner_assert_closed (&owner, "the chunk size is out of range");
  owner_free (&owner);

  owner = encoder_connect ();
  encoder_send_message (&owner, RTMP_MESSAGE_SET_CHUNK_SIZE,
      (const guint8 *) "\1", 1);
  owner_assert_closed (&owner, "the chunk size is out of range");
  owner_free (&owner);
}
GST_END_TEST;

GST_START_TEST (only_publishers_can_send_large_messages)
{
  g_autofree guint8 *big = g_malloc0 (RTMP_COMMAND_MAX_BYTES + 1);
  Owner owner = encoder_connect ();

  encoder_send_message (&owner, RTMP_MESSAGE_VIDEO, big,
      RTMP_COMMAND_MAX_BYTES + 1);
  owner_assert_closed (&owner, "a message is too long");
  owner_free (&owner);

  owner = encoder_connect ();
  encoder_send_command (&owner, "publish", 1, "cam");
  encoder_send_message (&owner, RTMP_MESSAGE_VIDEO, big,
      RTMP_COMMAND_MAX_BYTES + 1);
  ck_assert_uint_eq (owner.n_messages[RTMP_MESSAGE_VIDEO], 1);
  owner_free (&owner);
}
GST_END_TEST;

GST_START_TEST (pings_are_answered)
{
  Owner owner = encoder_connect ();

  encoder_send_message (&owner, RTMP_MESSAGE_USER_CONTROL,
      (const guint8 *) "\0\6abcd", 6);
  ck_assert_uint_eq (owner.out->len, 12 + 6);
  ck_assert_int_eq (memcmp (owner.out->data + 12, "\0\7abcd", 6), 0);

  g_byte_array_set_size (owner.out, 0);
  encoder_send_message (&owner, RTMP_MESSAGE_USER_CONTROL,
      (const guint8 *) "\0\6abc", 5);
  encoder_assert_replies (&owner, "");
  encoder_send_message (&owner, RTMP_MESSAGE_SET_PEER_BANDWIDTH,
      (const guint8 *) "\0\0\1\0\2", 5);
  encoder_assert_replies (&owner, "5 ");
  owner_free (&owner);
}
GST_END_TEST;

GST_START_TEST (bytes_are_acknowledged_as_often_as_the_peer_asks)
{
  guint8 frame[100] = { 0x27 };
  Owner owner = encoder_connect ();

  encoder_send_command (&owner, "publish", 1, "cam");
  encoder_send_message (&owner, RTMP_MESSAGE_WINDOW_ACK_SIZE,
      (const guint8 *) "\0\0\4\0", 4);
  g_byte_array_set_size (owner.out, 0);
  for (guint i = 0; i < 30; i++)
    encoder_send_message (&owner, RTMP_MESSAGE_VIDEO, frame, sizeof frame);
  /* 30 times 112 bytes, 1024 at a time; the first includes what preceded. */
  encoder_assert_replies (&owner, "3 3 3 ");
  owner_free (&owner);
}
GST_END_TEST;

GST_START_TEST (amf3_wrapped_messages_are_accepted)
{
  g_autoptr (GByteArray) payload = g_byte_array_new ();
  guint8 zero = 0;
  Owner owner = encoder_connect ();

  g_byte_array_append (payload, &zero, 1);
  rtmp_amf0_write_string (payload, "publish");
  rtmp_amf0_write_number (payload, 1);
  rtmp_amf0_write_null (payload);
  rtmp_amf0_write_string (payload, "cam");
  encoder_send_message (&owner, RTMP_MESSAGE_COMMAND_AMF3, payload->data,
      payload->len);
  ck_assert_uint_eq (owner.n_publishes, 1);
  encoder_send_message (&owner, RTMP_MESSAGE_DATA_AMF3, payload->data,
      payload->len);
  ck_assert_uint_eq (owner.n_messages[RTMP_MESSAGE_DATA_AMF3], 1);
  owner_free (&owner);
}
GST_END_TEST;

GST_START_TEST (aggregates_are_split)
{
  static const guint8 aggregate[] = "\x08\0\0\2\0\0\0\0\0\0\0ab\0\0\0\x0d"
                                    "\x14\0\0\1\0\0\0\0\0\0\0c\0\0\0\x0c"
                                    "\x09\0\0\1\0\0\x0a\0\0\0\0c\0\0\0\x0c";
  Owner owner = encoder_connect ();

  encoder_send_command (&owner, "publish", 1, "cam");
  encoder_send_message (&owner, RTMP_MESSAGE_AGGREGATE, aggregate,
      sizeof aggregate - 1);
  ck_assert_uint_eq (owner.n_messages[RTMP_MESSAGE_AUDIO], 1);
  ck_assert_uint_eq (owner.n_messages[RTMP_MESSAGE_VIDEO], 1);
  ck_assert_uint_eq (owner.n_messages[RTMP_MESSAGE_COMMAND], 0);
  ck_assert_uint_eq (owner.last_ms, 10);
  owner_free (&owner);
}
GST_END_TEST;

GST_START_TEST (media_is_ignored_unless_publishing)
{
  Owner owner = encoder_connect ();

  encoder_send_message (&owner, RTMP_MESSAGE_VIDEO, (const guint8 *) "abc", 3);
  encoder_send_command (&owner, "publish", 1, "cam");
  encoder_send_message (&owner, RTMP_MESSAGE_VIDEO, (const guint8 *) "", 0);
  encoder_send_command (&owner, "closeStream", 0, NULL);
  encoder_send_message (&owner, RTMP_MESSAGE_VIDEO, (const guint8 *) "abc", 3);
  ck_assert_uint_eq (owner.n_messages[RTMP_MESSAGE_VIDEO], 0);
  rtmp_session_end (owner.session, "the server is stopping");
  owner_assert_closed (&owner, "the server is stopping");
  owner_free (&owner);
}
GST_END_TEST;

static Suite *
session_suite (void)
{
  Suite *suite = suite_create ("session");
  TCase *tcase = tcase_create ("session");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_session_replies_as_encoders_expect);
  tcase_add_test (tcase, a_rejection_has_a_reason_and_closes_the_session);
  tcase_add_test (tcase, a_rejection_can_have_the_owners_reason);
  tcase_add_test (tcase, the_owner_can_reject_a_connection);
  tcase_add_test (tcase, a_query_can_be_in_the_key_the_app_or_the_url);
  tcase_add_test (tcase, a_publisher_that_supports_it_is_asked_to_reconnect);
  tcase_add_test (tcase, nothing_is_read_until_the_owner_has_answered);
  tcase_add_test (tcase, players_are_rejected);
  tcase_add_test (tcase, protocol_violations_close_the_session_with_a_reason);
  tcase_add_test (tcase, only_publishers_can_send_large_messages);
  tcase_add_test (tcase, pings_are_answered);
  tcase_add_test (tcase, bytes_are_acknowledged_as_often_as_the_peer_asks);
  tcase_add_test (tcase, amf3_wrapped_messages_are_accepted);
  tcase_add_test (tcase, aggregates_are_split);
  tcase_add_test (tcase, media_is_ignored_unless_publishing);
  return suite;
}

GST_CHECK_MAIN (session);
