/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A session replies as real publishers expect. */

#include "tests/support/rtmpencoder.h"

GST_START_TEST (a_session_replies_as_encoders_expect)
{
  Server server = connected_server ();

  send_command (&server, "releaseStream", 2, "cam");
  assert_said (&server, "_result:2 ");
  send_command (&server, "FCPublish", 3, "cam");
  assert_said (&server, "onFCPublish:0 NetStream.Publish.Start _result:3 ");
  send_command (&server, "createStream", 4, NULL);
  assert_said (&server, "_result:4 :1 ");
  send_command (&server, "_checkbw", 5, NULL);
  assert_said (&server, "_result:5 ");
  send_command (&server, "doAsYouLike", 6, NULL);
  assert_said (&server, "");
  send_command (&server, "publish", 7, "cam?user=me");
  assert_said (&server, "4 onStatus:0 NetStream.Publish.Start ");
  ck_assert_str_eq (rtmp_session_name (server.session), "live/cam");
  ck_assert_str_eq (rtmp_session_query (server.session), "user=me&token=app");
  ck_assert_int_eq (rtmp_session_state (server.session),
      RTMP_SESSION_PUBLISHING);

  send_command (&server, "FCUnpublish", 8, "cam");
  assert_said (&server, "onStatus:0 NetStream.Unpublish.Success ");
  send_command (&server, "deleteStream", 9, NULL);
  assert_said (&server, "");
  ck_assert_uint_eq (server.n_unpublishes, 1);

  /* Again on the same connection. */
  send_command (&server, "publish", 10, "other");
  assert_said (&server, "4 onStatus:0 NetStream.Publish.Start ");
  ck_assert_str_eq (rtmp_session_name (server.session), "live/other");
  ck_assert_str_eq (rtmp_session_query (server.session), "token=app");
  server_free (&server);
}
GST_END_TEST;

GST_START_TEST (a_rejection_has_a_reason_and_closes_the_session)
{
  static const struct
  {
    RtmpRefusal refusal;
    const gchar *said;
  } rejections[] = {
    { RTMP_REFUSAL_BAD_NAME,
        "onStatus:0 NetStream.Publish.BadName "
        "onStatus:0 NetStream.Publish.Rejected " },
    { RTMP_REFUSAL_UNAUTHORIZED, "onStatus:0 NetStream.Publish.Denied " },
    { RTMP_REFUSAL_FULL, "onStatus:0 NetStream.Publish.Rejected " },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rejections); i++) {
    Server server = connected_server ();

    server.refuses = TRUE;
    server.refusal = rejections[i].refusal;
    send_command (&server, "publish", 1, "cam");
    assert_said (&server, rejections[i].said);
    ck_assert_int_eq (rtmp_session_state (server.session), RTMP_SESSION_CLOSED);
    server_free (&server);
  }
}
GST_END_TEST;

GST_START_TEST (a_rejection_can_have_the_owners_reason)
{
  Server server = connected_server ();

  server.refuses = TRUE;
  server.refusal = RTMP_REFUSAL_UNAUTHORIZED;
  server.reason = "too late in the day";
  send_command (&server, "publish", 1, "cam");
  ck_assert (memmem (server.out->data, server.out->len, server.reason,
                 strlen (server.reason)) != NULL);
  assert_closed (&server, server.reason);
  server_free (&server);
}
GST_END_TEST;

GST_START_TEST (the_owner_can_reject_a_connection)
{
  Server server = server_new ();

  server.rejection = "[ code=403 need auth; authmod=adobe ]";
  shake_hands (&server);
  send_connect (&server, "live", NULL, 0);
  ck_assert (memmem (server.out->data, server.out->len, server.rejection,
                 strlen (server.rejection)) != NULL);
  assert_said (&server, "_error:1 NetConnection.Connect.Rejected ");
  assert_closed (&server, "not welcome");
  server_free (&server);
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
    Server server = server_new ();

    shake_hands (&server);
    send_connect (&server, queries[i].app, queries[i].url, 0);
    ck_assert_str_eq (rtmp_session_app (server.session), "live");
    ck_assert_str_eq (rtmp_session_query (server.session),
        queries[i].at_connect);
    send_command (&server, "publish", 1, queries[i].key);
    ck_assert_str_eq (rtmp_session_name (server.session), "live/cam");
    ck_assert_str_eq (rtmp_session_query (server.session),
        queries[i].at_publish);
    server_free (&server);
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
    Server server = server_new ();
    g_autofree gchar *opening = NULL;

    shake_hands (&server);
    send_connect (&server, "live", NULL, peers[i].caps);
    if (peers[i].is_publishing)
      send_command (&server, "publish", 1, "cam");
    opening = describe_output (&server);
    rtmp_session_send_away (server.session, server.out);
    assert_said (&server, peers[i].said);
    server_free (&server);
  }
}
GST_END_TEST;

GST_START_TEST (nothing_is_read_until_the_owner_has_answered)
{
  Server server = connected_server ();
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
      rtmp_session_receive (server.session, &data, &size, server.out, &event));
  ck_assert_int_eq (event.kind, RTMP_EVENT_PUBLISH);
  ck_assert (
      !rtmp_session_receive (server.session, &data, &size, server.out, &event));
  ck_assert_uint_eq (size, n_left);

  rtmp_session_accept_publish (server.session, server.out);
  ck_assert (
      rtmp_session_receive (server.session, &data, &size, server.out, &event));
  ck_assert_int_eq (event.kind, RTMP_EVENT_MESSAGE);
  ck_assert_uint_eq (size, 0);
  rtmp_message_clear (&event.message);
  server_free (&server);
}
GST_END_TEST;

GST_START_TEST (players_are_rejected)
{
  Server server = connected_server ();

  send_command (&server, "play", 1, "cam");
  assert_said (&server, "onStatus:0 NetStream.Play.Failed ");
  assert_closed (&server, "wants to play, which is not served here");
  server_free (&server);
}
GST_END_TEST;

GST_START_TEST (protocol_violations_close_the_session_with_a_reason)
{
  Server server = server_new ();

  receive (&server, (const guint8 *) "GET / HTTP/1.1\r\n", 16);
  assert_closed (&server, "speaks another protocol than RTMP version 3");
  server_free (&server);

  server = server_new ();
  shake_hands (&server);
  send_command (&server, "createStream", 1, NULL);
  assert_closed (&server, "a command comes before connect");
  server_free (&server);

  server = server_new ();
  shake_hands (&server);
  send_command (&server, "connect", 1, NULL);
  assert_said (&server, "_error:1 NetConnection.Connect.Rejected ");
  assert_closed (&server, "connects without an app");
  server_free (&server);

  server = connected_server ();
  send_command (&server, "publish", 1, "a\nb");
  assert_said (&server,
      "onStatus:0 NetStream.Publish.BadName "
      "onStatus:0 NetStream.Publish.Rejected ");
  assert_closed (&server, "the stream's name is not printable");
  server_free (&server);

  server = server_new ();
  shake_hands (&server);
  send_message (&server, RTMP_MESSAGE_COMMAND, (const guint8 *) "\5", 1);
  assert_closed (&server, "a command is malformed");
  server_free (&server);

  server = connected_server ();
  send_message (&server, RTMP_MESSAGE_SET_CHUNK_SIZE,
      (const guint8 *) "\0\0\0\0", 4);
  assert_closed (&server, "the chunk size is not a possible one");
  server_free (&server);

  server = connected_server ();
  send_message (&server, RTMP_MESSAGE_SET_CHUNK_SIZE, (const guint8 *) "\1", 1);
  assert_closed (&server, "the chunk size is not a possible one");
  server_free (&server);
}
GST_END_TEST;

GST_START_TEST (only_publishers_can_send_large_messages)
{
  g_autofree guint8 *big = g_malloc0 (RTMP_COMMAND_MAX_BYTES + 1);
  Server server = connected_server ();

  send_message (&server, RTMP_MESSAGE_VIDEO, big, RTMP_COMMAND_MAX_BYTES + 1);
  assert_closed (&server, "a message is too long");
  server_free (&server);

  server = connected_server ();
  send_command (&server, "publish", 1, "cam");
  send_message (&server, RTMP_MESSAGE_VIDEO, big, RTMP_COMMAND_MAX_BYTES + 1);
  ck_assert_uint_eq (server.n_messages[RTMP_MESSAGE_VIDEO], 1);
  server_free (&server);
}
GST_END_TEST;

GST_START_TEST (pings_are_answered)
{
  Server server = connected_server ();

  send_message (&server, RTMP_MESSAGE_USER_CONTROL, (const guint8 *) "\0\6abcd",
      6);
  ck_assert_uint_eq (server.out->len, 12 + 6);
  ck_assert_int_eq (memcmp (server.out->data + 12, "\0\7abcd", 6), 0);

  g_byte_array_set_size (server.out, 0);
  send_message (&server, RTMP_MESSAGE_USER_CONTROL, (const guint8 *) "\0\6abc",
      5);
  assert_said (&server, "");
  send_message (&server, RTMP_MESSAGE_SET_PEER_BANDWIDTH,
      (const guint8 *) "\0\0\1\0\2", 5);
  assert_said (&server, "5 ");
  server_free (&server);
}
GST_END_TEST;

GST_START_TEST (bytes_are_acknowledged_as_often_as_the_peer_asks)
{
  guint8 frame[100] = { 0x27 };
  Server server = connected_server ();

  send_command (&server, "publish", 1, "cam");
  send_message (&server, RTMP_MESSAGE_WINDOW_ACK_SIZE,
      (const guint8 *) "\0\0\4\0", 4);
  g_byte_array_set_size (server.out, 0);
  for (guint i = 0; i < 30; i++)
    send_message (&server, RTMP_MESSAGE_VIDEO, frame, sizeof frame);
  /* 30 times 112 bytes, 1024 at a time; the first includes what preceded. */
  assert_said (&server, "3 3 3 ");
  server_free (&server);
}
GST_END_TEST;

GST_START_TEST (amf3_wrapped_messages_are_accepted)
{
  g_autoptr (GByteArray) payload = g_byte_array_new ();
  guint8 zero = 0;
  Server server = connected_server ();

  g_byte_array_append (payload, &zero, 1);
  rtmp_amf0_write_string (payload, "publish");
  rtmp_amf0_write_number (payload, 1);
  rtmp_amf0_write_null (payload);
  rtmp_amf0_write_string (payload, "cam");
  send_message (&server, RTMP_MESSAGE_COMMAND_AMF3, payload->data,
      payload->len);
  ck_assert_uint_eq (server.n_publishes, 1);
  send_message (&server, RTMP_MESSAGE_DATA_AMF3, payload->data, payload->len);
  ck_assert_uint_eq (server.n_messages[RTMP_MESSAGE_DATA_AMF3], 1);
  server_free (&server);
}
GST_END_TEST;

GST_START_TEST (aggregates_are_split)
{
  static const guint8 aggregate[] = "\x08\0\0\2\0\0\0\0\0\0\0ab\0\0\0\x0d"
                                    "\x14\0\0\1\0\0\0\0\0\0\0c\0\0\0\x0c"
                                    "\x09\0\0\1\0\0\x0a\0\0\0\0c\0\0\0\x0c";
  Server server = connected_server ();

  send_command (&server, "publish", 1, "cam");
  send_message (&server, RTMP_MESSAGE_AGGREGATE, aggregate,
      sizeof aggregate - 1);
  ck_assert_uint_eq (server.n_messages[RTMP_MESSAGE_AUDIO], 1);
  ck_assert_uint_eq (server.n_messages[RTMP_MESSAGE_VIDEO], 1);
  ck_assert_uint_eq (server.n_messages[RTMP_MESSAGE_COMMAND], 0);
  ck_assert_uint_eq (server.last_ms, 10);
  server_free (&server);
}
GST_END_TEST;

GST_START_TEST (media_is_ignored_unless_publishing)
{
  Server server = connected_server ();

  send_message (&server, RTMP_MESSAGE_VIDEO, (const guint8 *) "abc", 3);
  send_command (&server, "publish", 1, "cam");
  send_message (&server, RTMP_MESSAGE_VIDEO, (const guint8 *) "", 0);
  send_command (&server, "closeStream", 0, NULL);
  send_message (&server, RTMP_MESSAGE_VIDEO, (const guint8 *) "abc", 3);
  ck_assert_uint_eq (server.n_messages[RTMP_MESSAGE_VIDEO], 0);
  rtmp_session_end (server.session, "the server is stopping");
  assert_closed (&server, "the server is stopping");
  server_free (&server);
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
