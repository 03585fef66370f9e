/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A conversation continues where possible: odd messages are ignored or
 * answered, and what is not supported is rejected with a reason. */

#include "tests/support/rtmpencoder.h"

#define FRAME (const guint8 *) "\x17\1\0\0\0x", 6

/* @bytes is the payload of a message on @stream_id. */
static void
send_on (Server *self, guint32 stream_id, RtmpMessageType type,
    const guint8 *bytes, gsize size)
{
  g_autoptr (GByteArray) chunks = g_byte_array_new ();

  rtmp_chunk_write (chunks, RTMP_CSID_COMMAND, RTMP_CHUNK_DEFAULT_BYTES, type,
      stream_id, 0, bytes, size);
  receive (self, chunks->data, chunks->len);
}

static void
publish_on (Server *self, guint32 stream_id, const gchar *key)
{
  g_autoptr (GByteArray) payload = g_byte_array_new ();

  rtmp_amf0_write_string (payload, "publish");
  rtmp_amf0_write_number (payload, 5);
  rtmp_amf0_write_null (payload);
  rtmp_amf0_write_string (payload, key);
  rtmp_amf0_write_string (payload, "live");
  send_on (self, stream_id, RTMP_MESSAGE_COMMAND, payload->data, payload->len);
}

static void
delete_stream (Server *self, gdouble number)
{
  g_autoptr (GByteArray) payload = g_byte_array_new ();

  rtmp_amf0_write_string (payload, "deleteStream");
  rtmp_amf0_write_number (payload, 6);
  rtmp_amf0_write_null (payload);
  rtmp_amf0_write_number (payload, number);
  send_on (self, 0, RTMP_MESSAGE_COMMAND, payload->data, payload->len);
}

/* Returns: a server whose client has created two streams and publishes on the
 * first. */
static Server
publishing_server (void)
{
  Server server = connected_server ();

  send_command (&server, "createStream", 3, NULL);
  send_command (&server, "createStream", 4, NULL);
  assert_said (&server, "_result:3 :1 _result:4 :2 ");
  publish_on (&server, 1, "one");
  assert_said (&server, "4 onStatus:0 NetStream.Publish.Start ");
  return server;
}

static void
assert_publishing (Server *self, const gchar *name)
{
  ck_assert_int_eq (rtmp_session_state (self->session),
      RTMP_SESSION_PUBLISHING);
  ck_assert_str_eq (rtmp_session_name (self->session), name);
  ck_assert_uint_eq (self->n_unpublishes, 0);
}

#define REFUSED_TWICE                                                          \
  "onStatus:0 NetStream.Publish.BadName "                                      \
  "onStatus:0 NetStream.Publish.Rejected "

GST_START_TEST (a_second_stream_is_rejected_and_the_first_continues)
{
  Server server = publishing_server ();

  publish_on (&server, 2, "two");
  assert_said (&server, REFUSED_TWICE);
  ck_assert_uint_eq (server.n_refused, 1);
  ck_assert_str_eq (server.refused_name, "live/two");
  ck_assert (strstr (server.refused_why, "one stream") != NULL);
  assert_publishing (&server, "live/one");

  send_on (&server, 1, RTMP_MESSAGE_VIDEO, FRAME);
  send_on (&server, 2, RTMP_MESSAGE_VIDEO, FRAME);
  send_on (&server, 2, RTMP_MESSAGE_AGGREGATE,
      (const guint8 *) "\x08\0\0\2\0\0\0\0\0\0\0ab\0\0\0\x0d", 17);
  ck_assert_uint_eq (server.n_all_messages, 1);

  /* FCUnpublish of the other stream does not end this one. */
  send_command (&server, "FCUnpublish", 0, "two");
  delete_stream (&server, 2);
  assert_publishing (&server, "live/one");
  send_command (&server, "FCUnpublish", 0, "one");
  assert_said (&server, "onStatus:0 NetStream.Unpublish.Success ");
  ck_assert_uint_eq (server.n_unpublishes, 1);
  publish_on (&server, 2, "two");
  assert_said (&server, "4 onStatus:0 NetStream.Publish.Start ");
  send_on (&server, 2, RTMP_MESSAGE_VIDEO, FRAME);
  ck_assert_uint_eq (server.n_all_messages, 2);
  server_free (&server);
}
GST_END_TEST;

GST_START_TEST (a_rejection_is_sent_on_the_stream_that_it_is_about)
{
  Server server = publishing_server ();
  const guint8 *data;
  gsize size;
  RtmpMessage message;

  publish_on (&server, 2, "two");
  data = server.out->data;
  size = server.out->len;
  ck_assert_int_eq (rtmp_chunk_reader_read (server.reader, &data, &size,
                        &message),
      RTMP_CHUNK_MESSAGE);
  ck_assert_uint_eq (message.stream_id, 2);
  rtmp_message_clear (&message);
  server_free (&server);
}
GST_END_TEST;

GST_START_TEST (closing_a_rejected_stream_ends_no_other)
{
  static const guint8 close_stream[] = "\2\0\x0b"
                                       "closeStream"
                                       "\0\0\0\0\0\0\0\0\0\5";
  Server server = publishing_server ();

  publish_on (&server, 2, "two");
  send_on (&server, 2, RTMP_MESSAGE_COMMAND, close_stream,
      sizeof close_stream - 1);
  assert_publishing (&server, "live/one");
  send_on (&server, 1, RTMP_MESSAGE_COMMAND, close_stream,
      sizeof close_stream - 1);
  ck_assert_uint_eq (server.n_unpublishes, 1);
  server_free (&server);
}
GST_END_TEST;

GST_START_TEST (publishing_the_same_stream_again_is_confirmed)
{
  Server server = publishing_server ();

  publish_on (&server, 1, "one?token=other");
  assert_said (&server, "onStatus:0 NetStream.Publish.Start ");
  publish_on (&server, 1, "two");
  assert_said (&server, REFUSED_TWICE);
  assert_publishing (&server, "live/one");
  send_on (&server, 1, RTMP_MESSAGE_VIDEO, FRAME);
  ck_assert_uint_eq (server.n_all_messages, 1);
  ck_assert_uint_eq (server.n_publishes, 1);
  server_free (&server);
}
GST_END_TEST;

GST_START_TEST (a_publisher_that_is_rejected_repeatedly_is_disconnected)
{
  Server server = publishing_server ();

  for (guint i = 0; i < RTMP_CONVERSATION_MAX_REFUSALS; i++)
    publish_on (&server, 2 + i, "two");
  assert_publishing (&server, "live/one");
  publish_on (&server, 2, "two");
  assert_closed (&server, "publishes too many streams");
  server_free (&server);
}
GST_END_TEST;

GST_START_TEST (a_second_connect_is_answered_with_an_error)
{
  Server server = publishing_server ();

  send_connect (&server, "live", NULL, 0);
  assert_said (&server, "_error:1 NetConnection.Call.Failed ");
  assert_publishing (&server, "live/one");
  server_free (&server);
}
GST_END_TEST;

GST_START_TEST (a_play_command_does_not_end_the_published_stream)
{
  Server server = publishing_server ();

  send_command (&server, "play", 0, "one");
  assert_said (&server, "onStatus:0 NetStream.Play.Failed ");
  assert_publishing (&server, "live/one");
  server_free (&server);
}
GST_END_TEST;

#define BYTES(text) (const guint8 *) text, sizeof text - 1
#define NUMBER "\0\x40\x1c\0\0\0\0\0\0"
#define NULLS "\5"

static const struct
{
  const gchar *what;
  RtmpMessageType type;
  const guint8 *bytes;
  gsize size;
} oddities[] = {
  { "a command without a name", RTMP_MESSAGE_COMMAND, BYTES (NUMBER) },
  { "an empty command", RTMP_MESSAGE_COMMAND, BYTES ("") },
  { "an empty command of AMF3", RTMP_MESSAGE_COMMAND_AMF3, BYTES ("") },
  { "nothing but the byte of AMF3", RTMP_MESSAGE_COMMAND_AMF3, BYTES ("\0") },
  { "a string of 2 GiB", RTMP_MESSAGE_COMMAND, BYTES ("\x0c\x80\0\0\0c") },
  { "without a transaction", RTMP_MESSAGE_COMMAND,
      BYTES ("\2\0\x0d"
             "releaseStream" NULLS "\2\0\1x") },
  { "a name alone", RTMP_MESSAGE_COMMAND,
      BYTES ("\2\0\x09"
             "FCPublish") },
  { "a number as a key", RTMP_MESSAGE_COMMAND,
      BYTES ("\2\0\x09"
             "FCPublish" NUMBER NULLS NUMBER) },
  { "an object as a key", RTMP_MESSAGE_COMMAND,
      BYTES ("\2\0\x0d"
             "releaseStream" NUMBER NULLS "\3\0\0\x09") },
  { "createStream of AMF3", RTMP_MESSAGE_COMMAND_AMF3,
      BYTES ("\0\2\0\x0c"
             "createStream" NUMBER "\x11\1") },
  { "AMF3 without its byte", RTMP_MESSAGE_COMMAND_AMF3,
      BYTES ("\2\0\x0c"
             "createStream" NUMBER NULLS) },
  { "getStreamLength", RTMP_MESSAGE_COMMAND,
      BYTES ("\2\0\x0f"
             "getStreamLength" NUMBER NULLS "\2\0\1x") },
  { "_checkbw", RTMP_MESSAGE_COMMAND,
      BYTES ("\2\0\x08"
             "_checkbw" NUMBER NULLS) },
  { "an answer to nothing", RTMP_MESSAGE_COMMAND,
      BYTES ("\2\0\7"
             "_result" NUMBER NULLS NULLS) },
  { "a broken argument", RTMP_MESSAGE_COMMAND,
      BYTES ("\2\0\x0d"
             "releaseStream" NUMBER NULLS "\2\xff") },
  { "metadata with a transaction", RTMP_MESSAGE_COMMAND,
      BYTES ("\2\0\x0d"
             "@setDataFrame" NUMBER NULLS "\2\0\1x") },
  { "deletion of another", RTMP_MESSAGE_COMMAND,
      BYTES ("\2\0\x0c"
             "deleteStream" NUMBER NULLS NUMBER) },
  { "an unknown type", 99, BYTES ("abc") },
  { "a shared object", 19, BYTES ("\0\1x") },
  { "an empty shared object", 16, BYTES ("") },
  { "an unknown control event", RTMP_MESSAGE_USER_CONTROL,
      BYTES ("\0\x63\0\0\0\0") },
  { "half a control event", RTMP_MESSAGE_USER_CONTROL, BYTES ("\0") },
  { "SetBufferLength", RTMP_MESSAGE_USER_CONTROL,
      BYTES ("\0\3\0\0\0\1\0\0\x0b\xb8") },
  { "half a number", RTMP_MESSAGE_ABORT, BYTES ("\0\0") },
  { "an abort of no message", RTMP_MESSAGE_ABORT, BYTES ("\0\0\0\x2a") },
  { "a window of zero", RTMP_MESSAGE_WINDOW_ACK_SIZE, BYTES ("\0\0\0\0") },
  { "half a window", RTMP_MESSAGE_WINDOW_ACK_SIZE, BYTES ("\0") },
  { "an acknowledgement", RTMP_MESSAGE_ACKNOWLEDGEMENT, BYTES ("\0\0\0\1") },
  { "an empty acknowledgement", RTMP_MESSAGE_ACKNOWLEDGEMENT, BYTES ("") },
  { "the same chunk size again", RTMP_MESSAGE_SET_CHUNK_SIZE,
      BYTES ("\0\0\0\x80") },
  { "half an aggregate", RTMP_MESSAGE_AGGREGATE, BYTES ("\x08\0\0\2") },
  { "an empty aggregate", RTMP_MESSAGE_AGGREGATE, BYTES ("") },
  { "empty audio", RTMP_MESSAGE_AUDIO, BYTES ("") },
};

GST_START_TEST (odd_messages_end_neither_stream_nor_connection)
{
  for (guint i = 0; i < G_N_ELEMENTS (oddities); i++) {
    Server server = connected_server ();

    /* Before publishing, while publishing, and on other message streams. */
    send_on (&server, 0, oddities[i].type, oddities[i].bytes, oddities[i].size);
    send_command (&server, "createStream", 3, NULL);
    publish_on (&server, 1, "one");
    for (guint32 id = 0; id < 3; id++)
      send_on (&server, id, oddities[i].type, oddities[i].bytes,
          oddities[i].size);
    ck_assert_msg (rtmp_session_state (server.session) ==
            RTMP_SESSION_PUBLISHING,
        "%s: %s", oddities[i].what, rtmp_session_why (server.session));
    send_on (&server, 1, RTMP_MESSAGE_VIDEO, FRAME);
    ck_assert_uint_eq (server.n_messages[RTMP_MESSAGE_VIDEO], 1);
    server_free (&server);
  }
}
GST_END_TEST;

GST_START_TEST (metadata_sent_as_a_command_is_metadata)
{
  static const struct
  {
    RtmpMessageType said, meant;
    const guint8 *bytes;
    gsize size;
  } metadata[] = {
    { RTMP_MESSAGE_COMMAND, RTMP_MESSAGE_DATA,
        BYTES ("\2\0\x0d@setDataFrame\2\0\x0aonMetaData\x08\0\0\0\0\0\0\x09") },
    { RTMP_MESSAGE_COMMAND, RTMP_MESSAGE_DATA,
        BYTES ("\2\0\x0aonMetaData\3\0\0\x09") },
    { RTMP_MESSAGE_COMMAND_AMF3, RTMP_MESSAGE_DATA_AMF3,
        BYTES ("\0\2\0\x0d@setDataFrame\2\0\x0aonMetaData\3\0\0\x09") },
    { RTMP_MESSAGE_COMMAND_AMF3, RTMP_MESSAGE_DATA_AMF3,
        BYTES ("\2\0\x0d@setDataFrame\2\0\x0aonMetaData\3\0\0\x09") },
  };

  for (guint i = 0; i < G_N_ELEMENTS (metadata); i++) {
    Server server = publishing_server ();

    send_on (&server, 1, metadata[i].said, metadata[i].bytes, metadata[i].size);
    ck_assert_uint_eq (server.n_messages[metadata[i].meant], 1);
    assert_publishing (&server, "live/one");
    server_free (&server);
  }
}
GST_END_TEST;

GST_START_TEST (a_publisher_need_not_create_a_stream)
{
  static const guint32 ids[] = { 0, 1, 7, G_MAXUINT32 };

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++) {
    Server server = connected_server ();

    send_on (&server, ids[i], RTMP_MESSAGE_VIDEO, FRAME);
    publish_on (&server, ids[i], "one");
    assert_said (&server, "4 onStatus:0 NetStream.Publish.Start ");
    send_on (&server, ids[i], RTMP_MESSAGE_VIDEO, FRAME);
    send_on (&server, 0, RTMP_MESSAGE_AUDIO, FRAME);
    ck_assert_uint_eq (server.n_all_messages, 2);
    delete_stream (&server, 1);
    ck_assert_uint_eq (server.n_unpublishes, 1);
    server_free (&server);
  }
}
GST_END_TEST;

/* The key, the command object and the publishing type vary. */
GST_START_TEST (variants_of_publish_are_accepted)
{
  static const struct
  {
    const guint8 *bytes;
    gsize size;
  } publishes[] = {
    { BYTES ("\2\0\7publish" NUMBER NULLS "\2\0\3one") },
    { BYTES ("\2\0\7publish" NUMBER NULLS "\2\0\3one\2\0\6append") },
    { BYTES ("\2\0\7publish" NUMBER NULLS "\2\0\3one\2\0\6record") },
    { BYTES ("\2\0\7publish" NUMBER NULLS "\2\0\3one" NUMBER) },
    { BYTES ("\2\0\7publish" NUMBER "\3\0\0\x09\2\0\3one") },
    { BYTES ("\2\0\7publish" NUMBER "\2\0\3one") },
    { BYTES ("\2\0\7publish" NULLS "\2\0\3one\2\0\4live") },
    { BYTES ("\2\0\7publish\2\0\3one\2\0\4live") },
    { BYTES ("\2\0\7publish" NUMBER NULLS "\x0c\0\0\0\3one") },
  };

  for (guint i = 0; i < G_N_ELEMENTS (publishes); i++) {
    Server server = connected_server ();

    send_on (&server, 1, RTMP_MESSAGE_COMMAND, publishes[i].bytes,
        publishes[i].size);
    assert_publishing (&server, "live/one");
    server_free (&server);
  }
}
GST_END_TEST;

GST_START_TEST (publishing_nothing_ends_the_stream)
{
  static const guint8 none[] = "\2\0\7publish" NUMBER NULLS "\1\0";
  Server server = publishing_server ();

  send_on (&server, 1, RTMP_MESSAGE_COMMAND, none, sizeof none - 1);
  ck_assert_uint_eq (server.n_unpublishes, 1);
  ck_assert_uint_eq (server.n_refused, 0);
  server_free (&server);
}
GST_END_TEST;

GST_START_TEST (an_invalid_name_is_rejected_with_a_reason)
{
  Server server = connected_server ();

  publish_on (&server, 1, "../cam");
  ck_assert_uint_eq (server.n_refused, 1);
  ck_assert (server.refused_name == NULL);
  ck_assert (memmem (server.out->data, server.out->len, server.refused_why,
                 strlen (server.refused_why)) != NULL);
  assert_said (&server, REFUSED_TWICE);
  assert_closed (&server, server.refused_why);
  server_free (&server);
}
GST_END_TEST;

GST_START_TEST (a_publisher_that_loses_its_stream_is_sent_the_reason)
{
  static const gchar why[] = "another publisher took its place";
  Server server = publishing_server ();

  rtmp_session_dispossess (server.session, why, server.out);
  ck_assert (
      memmem (server.out->data, server.out->len, why, sizeof why - 1) != NULL);
  assert_said (&server, REFUSED_TWICE);
  server_free (&server);
}
GST_END_TEST;

/* As sent by real encoders. */
static const struct
{
  const gchar *file;
  const gchar *name;
  const gchar *query;
  guint n_data;
  guint n_refused;
} cases[] = {
  { "fmle.bin", "live/multi1", "", 0, 1 },
  { "haishin.bin", "live/haishin", "", 1, 0 },
  { "slash_token.bin", "live/cam1", "token=abc/def==", 1, 0 },
};

GST_START_TEST (real_encoders_can_publish)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree gchar *path = g_build_filename (g_getenv ("SUPPORT_DIR"),
        "cases", cases[i].file, NULL);
    g_autofree gchar *said = NULL;
    gsize size;
    Server server = server_new ();

    ck_assert (g_file_get_contents (path, &said, &size, NULL));
    receive (&server, (const guint8 *) said, size);
    assert_publishing (&server, cases[i].name);
    ck_assert_str_eq (rtmp_session_query (server.session), cases[i].query);
    ck_assert_uint_eq (server.n_messages[RTMP_MESSAGE_DATA], cases[i].n_data);
    ck_assert_uint_eq (server.n_refused, cases[i].n_refused);
    server_free (&server);
  }
}
GST_END_TEST;

static Suite *
conversation_suite (void)
{
  Suite *suite = suite_create ("conversation");
  TCase *tcase = tcase_create ("conversation");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_second_stream_is_rejected_and_the_first_continues);
  tcase_add_test (tcase, a_rejection_is_sent_on_the_stream_that_it_is_about);
  tcase_add_test (tcase, closing_a_rejected_stream_ends_no_other);
  tcase_add_test (tcase, publishing_the_same_stream_again_is_confirmed);
  tcase_add_test (tcase,
      a_publisher_that_is_rejected_repeatedly_is_disconnected);
  tcase_add_test (tcase, a_second_connect_is_answered_with_an_error);
  tcase_add_test (tcase, a_play_command_does_not_end_the_published_stream);
  tcase_add_test (tcase, odd_messages_end_neither_stream_nor_connection);
  tcase_add_test (tcase, metadata_sent_as_a_command_is_metadata);
  tcase_add_test (tcase, a_publisher_need_not_create_a_stream);
  tcase_add_test (tcase, variants_of_publish_are_accepted);
  tcase_add_test (tcase, publishing_nothing_ends_the_stream);
  tcase_add_test (tcase, an_invalid_name_is_rejected_with_a_reason);
  tcase_add_test (tcase, a_publisher_that_loses_its_stream_is_sent_the_reason);
  tcase_add_test (tcase, real_encoders_can_publish);
  return suite;
}

GST_CHECK_MAIN (conversation);
