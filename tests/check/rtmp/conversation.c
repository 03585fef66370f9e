/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A conversation continues where possible: odd messages are ignored or
 * answered, and what is not supported is rejected with a reason. */

#include "gst/rtmp/amf0.h"
#include "tests/support/rtmpencoder.h"

#include <gst/check/gstcheck.h>
#include <string.h>

#define FRAME (const guint8 *) "\x17\1\0\0\0x", 6

/* @bytes is the payload of a message on @stream_id. */
static void
send_on (Owner *self, guint32 stream_id, RtmpMessageType type,
    const guint8 *bytes, gsize size)
{
  g_autoptr (GByteArray) chunks = g_byte_array_new ();

  rtmp_chunk_write (chunks, RTMP_CSID_COMMAND, RTMP_CHUNK_DEFAULT_BYTES, type,
      stream_id, 0, bytes, size);
  owner_receive (self, chunks->data, chunks->len);
}

static void
publish_on (Owner *self, guint32 stream_id, const gchar *key)
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
delete_stream (Owner *self, gdouble number)
{
  g_autoptr (GByteArray) payload = g_byte_array_new ();

  rtmp_amf0_write_string (payload, "deleteStream");
  rtmp_amf0_write_number (payload, 6);
  rtmp_amf0_write_null (payload);
  rtmp_amf0_write_number (payload, number);
  send_on (self, 0, RTMP_MESSAGE_COMMAND, payload->data, payload->len);
}

/* Returns: an owner whose client has created two streams and publishes on the
 * first. */
static Owner
publishing_owner (void)
{
  Owner owner = encoder_connect ();

  encoder_send_command (&owner, "createStream", 3, NULL);
  encoder_send_command (&owner, "createStream", 4, NULL);
  encoder_assert_replies (&owner, "_result:3 :1 _result:4 :2 ");
  publish_on (&owner, 1, "one");
  encoder_assert_replies (&owner, "4 onStatus:0 NetStream.Publish.Start ");
  return owner;
}

static void
assert_publishing (Owner *self, const gchar *name)
{
  ck_assert_int_eq (rtmp_session_state (self->session),
      RTMP_SESSION_PUBLISHING);
  ck_assert_str_eq (rtmp_session_name (self->session), name);
  ck_assert_uint_eq (self->n_unpublishes, 0);
}

#define REJECTED_TWICE                                                         \
  "onStatus:0 NetStream.Publish.BadName "                                      \
  "onStatus:0 NetStream.Publish.Rejected "

GST_START_TEST (a_second_stream_is_rejected_and_the_first_continues)
{
  Owner owner = publishing_owner ();

  publish_on (&owner, 2, "two");
  encoder_assert_replies (&owner, REJECTED_TWICE);
  ck_assert_uint_eq (owner.n_rejected, 1);
  ck_assert_str_eq (owner.rejected_name, "live/two");
  ck_assert (strstr (owner.rejected_why, "one stream") != NULL);
  assert_publishing (&owner, "live/one");

  send_on (&owner, 1, RTMP_MESSAGE_VIDEO, FRAME);
  send_on (&owner, 2, RTMP_MESSAGE_VIDEO, FRAME);
  send_on (&owner, 2, RTMP_MESSAGE_AGGREGATE,
      (const guint8 *) "\x08\0\0\2\0\0\0\0\0\0\0ab\0\0\0\x0d", 17);
  ck_assert_uint_eq (owner.n_all_messages, 1);

  /* FCUnpublish of the other stream does not end this one. */
  encoder_send_command (&owner, "FCUnpublish", 0, "two");
  delete_stream (&owner, 2);
  assert_publishing (&owner, "live/one");
  encoder_send_command (&owner, "FCUnpublish", 0, "one");
  encoder_assert_replies (&owner, "onStatus:0 NetStream.Unpublish.Success ");
  ck_assert_uint_eq (owner.n_unpublishes, 1);
  publish_on (&owner, 2, "two");
  encoder_assert_replies (&owner, "4 onStatus:0 NetStream.Publish.Start ");
  send_on (&owner, 2, RTMP_MESSAGE_VIDEO, FRAME);
  ck_assert_uint_eq (owner.n_all_messages, 2);
  owner_free (&owner);
}
GST_END_TEST;

GST_START_TEST (a_rejection_is_sent_on_the_stream_that_it_is_about)
{
  Owner owner = publishing_owner ();
  const guint8 *data;
  gsize size;
  RtmpMessage message;

  publish_on (&owner, 2, "two");
  data = owner.out->data;
  size = owner.out->len;
  ck_assert_int_eq (rtmp_chunk_reader_read (owner.reader, &data, &size,
                        &message),
      RTMP_CHUNK_MESSAGE);
  ck_assert_uint_eq (message.stream_id, 2);
  rtmp_message_clear (&message);
  owner_free (&owner);
}
GST_END_TEST;

GST_START_TEST (closing_a_rejected_stream_ends_no_other)
{
  static const guint8 close_stream[] = "\2\0\x0b"
                                       "closeStream"
                                       "\0\0\0\0\0\0\0\0\0\5";
  Owner owner = publishing_owner ();

  publish_on (&owner, 2, "two");
  send_on (&owner, 2, RTMP_MESSAGE_COMMAND, close_stream,
      sizeof close_stream - 1);
  assert_publishing (&owner, "live/one");
  send_on (&owner, 1, RTMP_MESSAGE_COMMAND, close_stream,
      sizeof close_stream - 1);
  ck_assert_uint_eq (owner.n_unpublishes, 1);
  owner_free (&owner);
}
GST_END_TEST;

GST_START_TEST (publishing_the_same_stream_again_is_confirmed)
{
  Owner owner = publishing_owner ();

  publish_on (&owner, 1, "one?token=other");
  encoder_assert_replies (&owner, "onStatus:0 NetStream.Publish.Start ");
  publish_on (&owner, 1, "two");
  encoder_assert_replies (&owner, REJECTED_TWICE);
  assert_publishing (&owner, "live/one");
  send_on (&owner, 1, RTMP_MESSAGE_VIDEO, FRAME);
  ck_assert_uint_eq (owner.n_all_messages, 1);
  ck_assert_uint_eq (owner.n_publishes, 1);
  owner_free (&owner);
}
GST_END_TEST;

GST_START_TEST (a_publisher_that_is_rejected_repeatedly_is_disconnected)
{
  Owner owner = publishing_owner ();

  for (guint i = 0; i < RTMP_CONVERSATION_MAX_REJECTIONS; i++)
    publish_on (&owner, 2 + i, "two");
  assert_publishing (&owner, "live/one");
  publish_on (&owner, 2, "two");
  owner_assert_closed (&owner, "publishes too many streams");
  owner_free (&owner);
}
GST_END_TEST;

GST_START_TEST (a_second_connect_is_answered_with_an_error)
{
  Owner owner = publishing_owner ();

  encoder_send_connect (&owner, "live", NULL, 0);
  encoder_assert_replies (&owner, "_error:1 NetConnection.Call.Failed ");
  assert_publishing (&owner, "live/one");
  owner_free (&owner);
}
GST_END_TEST;

GST_START_TEST (a_play_command_does_not_end_the_published_stream)
{
  Owner owner = publishing_owner ();

  encoder_send_command (&owner, "play", 0, "one");
  encoder_assert_replies (&owner, "onStatus:0 NetStream.Play.Failed ");
  assert_publishing (&owner, "live/one");
  owner_free (&owner);
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
    Owner owner = encoder_connect ();

    /* Before publishing, while publishing, and on other message streams. */
    send_on (&owner, 0, oddities[i].type, oddities[i].bytes, oddities[i].size);
    encoder_send_command (&owner, "createStream", 3, NULL);
    publish_on (&owner, 1, "one");
    for (guint32 id = 0; id < 3; id++)
      send_on (&owner, id, oddities[i].type, oddities[i].bytes,
          oddities[i].size);
    ck_assert_msg (rtmp_session_state (owner.session) ==
            RTMP_SESSION_PUBLISHING,
        "%s: %s", oddities[i].what, rtmp_session_why (owner.session));
    send_on (&owner, 1, RTMP_MESSAGE_VIDEO, FRAME);
    ck_assert_uint_eq (owner.n_messages[RTMP_MESSAGE_VIDEO], 1);
    owner_free (&owner);
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
    Owner owner = publishing_owner ();

    send_on (&owner, 1, metadata[i].said, metadata[i].bytes, metadata[i].size);
    ck_assert_uint_eq (owner.n_messages[metadata[i].meant], 1);
    assert_publishing (&owner, "live/one");
    owner_free (&owner);
  }
}
GST_END_TEST;

GST_START_TEST (a_publisher_need_not_create_a_stream)
{
  static const guint32 ids[] = { 0, 1, 7, G_MAXUINT32 };

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++) {
    Owner owner = encoder_connect ();

    send_on (&owner, ids[i], RTMP_MESSAGE_VIDEO, FRAME);
    publish_on (&owner, ids[i], "one");
    encoder_assert_replies (&owner, "4 onStatus:0 NetStream.Publish.Start ");
    send_on (&owner, ids[i], RTMP_MESSAGE_VIDEO, FRAME);
    send_on (&owner, 0, RTMP_MESSAGE_AUDIO, FRAME);
    ck_assert_uint_eq (owner.n_all_messages, 2);
    delete_stream (&owner, 1);
    ck_assert_uint_eq (owner.n_unpublishes, 1);
    owner_free (&owner);
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
    Owner owner = encoder_connect ();

    send_on (&owner, 1, RTMP_MESSAGE_COMMAND, publishes[i].bytes,
        publishes[i].size);
    assert_publishing (&owner, "live/one");
    owner_free (&owner);
  }
}
GST_END_TEST;

GST_START_TEST (publishing_nothing_ends_the_stream)
{
  static const guint8 none[] = "\2\0\7publish" NUMBER NULLS "\1\0";
  Owner owner = publishing_owner ();

  send_on (&owner, 1, RTMP_MESSAGE_COMMAND, none, sizeof none - 1);
  ck_assert_uint_eq (owner.n_unpublishes, 1);
  ck_assert_uint_eq (owner.n_rejected, 0);
  owner_free (&owner);
}
GST_END_TEST;

GST_START_TEST (an_invalid_name_is_rejected_with_a_reason)
{
  Owner owner = encoder_connect ();

  publish_on (&owner, 1, "../cam");
  ck_assert_uint_eq (owner.n_rejected, 1);
  ck_assert (owner.rejected_name == NULL);
  ck_assert (memmem (owner.out->data, owner.out->len, owner.rejected_why,
                 strlen (owner.rejected_why)) != NULL);
  encoder_assert_replies (&owner, REJECTED_TWICE);
  owner_assert_closed (&owner, owner.rejected_why);
  owner_free (&owner);
}
GST_END_TEST;

GST_START_TEST (a_publisher_that_loses_its_stream_is_sent_the_reason)
{
  static const gchar why[] = "another publisher took its place";
  Owner owner = publishing_owner ();

  rtmp_session_dispossess (owner.session, why, owner.out);
  ck_assert (
      memmem (owner.out->data, owner.out->len, why, sizeof why - 1) != NULL);
  encoder_assert_replies (&owner, REJECTED_TWICE);
  owner_free (&owner);
}
GST_END_TEST;

GST_START_TEST (a_dismissed_publisher_is_sent_the_reason)
{
  static const gchar why[] = "the show is over";
  Owner owner = publishing_owner ();
  Owner idle = encoder_connect ();

  rtmp_session_dismiss (owner.session, why, owner.out);
  ck_assert (
      memmem (owner.out->data, owner.out->len, why, sizeof why - 1) != NULL);
  encoder_assert_replies (&owner, "onStatus:0 NetStream.Publish.Denied ");
  owner_free (&owner);

  rtmp_session_dismiss (idle.session, why, idle.out);
  encoder_assert_replies (&idle, "");
  owner_free (&idle);
}
GST_END_TEST;

/* As sent by real encoders. */
static const struct
{
  const gchar *file;
  const gchar *name;
  const gchar *query;
  guint n_data;
  guint n_rejected;
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
    Owner owner = owner_new ();

    ck_assert (g_file_get_contents (path, &said, &size, NULL));
    owner_receive (&owner, (const guint8 *) said, size);
    assert_publishing (&owner, cases[i].name);
    ck_assert_str_eq (rtmp_session_query (owner.session), cases[i].query);
    ck_assert_uint_eq (owner.n_messages[RTMP_MESSAGE_DATA], cases[i].n_data);
    ck_assert_uint_eq (owner.n_rejected, cases[i].n_rejected);
    owner_free (&owner);
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
  tcase_add_test (tcase, a_dismissed_publisher_is_sent_the_reason);
  tcase_add_test (tcase, real_encoders_can_publish);
  return suite;
}

GST_CHECK_MAIN (conversation);
