/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Commands are identified, names are derived from them, and replies contain
 * what encoders check. */

#include "gst/rtmp/command.h"

#include <gst/check/gstcheck.h>
#include <string.h>

static const struct
{
  const gchar *name;
  RtmpCommandKind kind;
} kinds[] = {
  { "connect", RTMP_COMMAND_CONNECT },
  { "releaseStream", RTMP_COMMAND_RELEASE_STREAM },
  { "FCPublish", RTMP_COMMAND_FC_PUBLISH },
  { "createStream", RTMP_COMMAND_CREATE_STREAM },
  { "publish", RTMP_COMMAND_PUBLISH },
  { "FCUnpublish", RTMP_COMMAND_FC_UNPUBLISH },
  { "closeStream", RTMP_COMMAND_CLOSE_STREAM },
  { "deleteStream", RTMP_COMMAND_DELETE_STREAM },
  { "_checkbw", RTMP_COMMAND_CHECK_BANDWIDTH },
  { "play", RTMP_COMMAND_PLAY },
  { "play2", RTMP_COMMAND_PLAY },
  { "pause", RTMP_COMMAND_PAUSE },
  { "pauseRaw", RTMP_COMMAND_PAUSE },
  { "seek", RTMP_COMMAND_SEEK },
  { "getStreamLength", RTMP_COMMAND_GET_STREAM_LENGTH },
  { "FCSubscribe", RTMP_COMMAND_FC_SUBSCRIBE },
  { "@setDataFrame", RTMP_COMMAND_DATA },
  { "onMetaData", RTMP_COMMAND_DATA },
  { "Connect", RTMP_COMMAND_UNKNOWN },
  { "publis", RTMP_COMMAND_UNKNOWN },
  { "", RTMP_COMMAND_UNKNOWN },
};

GST_START_TEST (commands_are_identified_by_name)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++) {
    g_autoptr (GByteArray) bytes = g_byte_array_new ();
    RtmpCommand command;

    rtmp_amf0_write_string (bytes, kinds[i].name);
    rtmp_amf0_write_number (bytes, 5);
    rtmp_amf0_write_null (bytes);
    rtmp_amf0_write_string (bytes, "cam");
    ck_assert (rtmp_command_parse (&command, bytes->data, bytes->len));
    ck_assert_msg (command.kind == kinds[i].kind, "%s", kinds[i].name);
    ck_assert (command.transaction == 5);
    ck_assert_int_eq (command.argument.type, RTMP_AMF0_STRING);
  }
}
GST_END_TEST;

#define BYTES(text) (const guint8 *) text, sizeof text - 1

static const struct
{
  const gchar *why;
  const guint8 *data;
  gsize size;
  gboolean valid;
} commands[] = {
  { "nothing", BYTES (""), FALSE },
  { "no name", BYTES ("\x05\x00\x3f\xf0\0\0\0\0\0\0"), FALSE },
  { "no transaction", BYTES ("\x02\0\1x"), TRUE },
  { "a transaction that is not a number", BYTES ("\x02\0\1x\x05"), TRUE },
  { "no object", BYTES ("\x02\0\1x\x00\x3f\xf0\0\0\0\0\0\0"), TRUE },
  { "a broken object", BYTES ("\x02\0\1x\x00\x3f\xf0\0\0\0\0\0\0\x03\0"),
      TRUE },
  { "a broken argument", BYTES ("\x02\0\1x\x00\x3f\xf0\0\0\0\0\0\0\x05\x02"),
      TRUE },
};

GST_START_TEST (a_command_must_have_a_name)
{
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++) {
    RtmpCommand command;

    ck_assert_msg (rtmp_command_parse (&command, commands[i].data,
                       commands[i].size) == commands[i].valid,
        "%s", commands[i].why);
    if (commands[i].valid)
      ck_assert_int_eq (command.argument.type, RTMP_AMF0_NULL);
  }
}
GST_END_TEST;

#define NAME "\x02\0\7publish"
#define SEVEN "\x00\x40\x1c\0\0\0\0\0\0"
#define KEY "\x02\0\3cam"

GST_START_TEST (fields_that_senders_omit_are_optional)
{
  static const struct
  {
    const guint8 *data;
    gsize size;
    gdouble transaction;
    gboolean has_key;
  } publishes[] = {
    { BYTES (NAME SEVEN "\x05" KEY), 7, TRUE },
    { BYTES (NAME SEVEN "\x06" KEY), 7, TRUE },
    { BYTES (NAME SEVEN "\x03\0\0\x09" KEY), 7, TRUE },
    { BYTES (NAME SEVEN KEY), 7, TRUE },
    { BYTES (NAME "\x05" KEY), 0, TRUE },
    { BYTES (NAME KEY), 0, TRUE },
    { BYTES (NAME "\x01\1" KEY), 0, TRUE },
    { BYTES (NAME SEVEN "\x05"), 7, FALSE },
    { BYTES (NAME), 0, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (publishes); i++) {
    RtmpCommand command;

    ck_assert (
        rtmp_command_parse (&command, publishes[i].data, publishes[i].size));
    ck_assert_int_eq (command.kind, RTMP_COMMAND_PUBLISH);
    ck_assert_msg (command.transaction == publishes[i].transaction, "%u", i);
    ck_assert_msg ((command.argument.type == RTMP_AMF0_STRING) ==
            publishes[i].has_key,
        "%u", i);
  }
}
GST_END_TEST;

GST_START_TEST (a_command_over_the_size_limit_is_rejected)
{
  g_autofree guint8 *data = g_malloc0 (RTMP_COMMAND_MAX_BYTES + 1);
  RtmpCommand command;

  memcpy (data, "\x02\0\1x\x00", 5);
  ck_assert (rtmp_command_parse (&command, data, RTMP_COMMAND_MAX_BYTES));
  ck_assert (!rtmp_command_parse (&command, data, RTMP_COMMAND_MAX_BYTES + 1));
}
GST_END_TEST;

static const struct
{
  const gchar *text;
  gsize size;
  gboolean valid;
} texts[] = {
  { "", 0, TRUE },
  { "cam", 3, TRUE },
  { "Kamera-\xc3\xbc", 9, TRUE },
  { "a\nb", 3, FALSE },
  { "a\0b", 3, FALSE },
  { "a\x1b[0m", 5, FALSE },
  { "\xff", 1, FALSE },
};

GST_START_TEST (only_printable_text_is_accepted)
{
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    RtmpAmf0Value value = { RTMP_AMF0_STRING, 0, texts[i].text, texts[i].size };
    g_autofree gchar *text = rtmp_command_dup_text (&value);

    ck_assert_msg ((text != NULL) == texts[i].valid, "text %u", i);
    if (text != NULL)
      ck_assert_str_eq (text, texts[i].text);
  }
}
GST_END_TEST;

GST_START_TEST (a_reason_is_one_short_line)
{
  static const struct
  {
    const gchar *text, *reason;
  } reasons[] = {
    { "", "" },
    { "not on Sundays", "not on Sundays" },
    { "a\nb\x1b[0m", "a b [0m" },
    { "\xff!", "\xef\xbf\xbd!" },
  };
  g_autofree gchar *endless = g_strnfill (100000, 'x');
  g_autofree gchar *cut = rtmp_command_dup_reason (endless);

  for (guint i = 0; i < G_N_ELEMENTS (reasons); i++) {
    g_autofree gchar *reason = rtmp_command_dup_reason (reasons[i].text);

    ck_assert_str_eq (reason, reasons[i].reason);
  }
  ck_assert_uint_eq (strlen (cut), RTMP_REASON_MAX_BYTES);
}
GST_END_TEST;

static void
read_reply (const GByteArray *bytes, RtmpCommand *reply, RtmpAmf0Value *info)
{
  RtmpAmf0Reader reader;

  ck_assert (rtmp_command_parse (reply, bytes->data, bytes->len));
  rtmp_amf0_reader_init (&reader, bytes->data, bytes->len);
  for (guint i = 0; i < 4; i++)
    ck_assert (rtmp_amf0_read (&reader, info));
  ck_assert_uint_eq (reader.size, 0);
}

static void
assert_member (const RtmpAmf0Value *object, const gchar *key, const gchar *text)
{
  RtmpAmf0Value value;
  g_autofree gchar *found = NULL;

  ck_assert_msg (rtmp_amf0_get (object, key, &value), "%s", key);
  found = rtmp_command_dup_text (&value);
  ck_assert_str_eq (found, text);
}

GST_START_TEST (replies_contain_what_encoders_check)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  RtmpCommand reply, connect = { .transaction = 1 };
  RtmpAmf0Value info;

  connect.object.type = RTMP_AMF0_NULL;
  rtmp_command_write_connected (bytes, &connect);
  read_reply (bytes, &reply, &info);
  ck_assert (reply.transaction == 1);
  assert_member (&info, "level", "status");
  assert_member (&info, "code", "NetConnection.Connect.Success");
  ck_assert (!rtmp_amf0_get (&info, "fourCcList", &info));

  g_byte_array_set_size (bytes, 0);
  rtmp_command_write_stream_created (bytes, 4, 1);
  read_reply (bytes, &reply, &info);
  ck_assert (reply.transaction == 4);
  ck_assert (info.number == 1);

  g_byte_array_set_size (bytes, 0);
  rtmp_command_write_status (bytes, "error", "NetStream.Publish.BadName",
      "Taken.");
  read_reply (bytes, &reply, &info);
  assert_member (&info, "level", "error");
  assert_member (&info, "code", "NetStream.Publish.BadName");
  assert_member (&info, "description", "Taken.");

  g_byte_array_set_size (bytes, 0);
  rtmp_command_write_rejected (bytes, 1, "Not here.");
  read_reply (bytes, &reply, &info);
  assert_member (&info, "code", "NetConnection.Connect.Rejected");
  assert_member (&info, "description", "Not here.");

  g_byte_array_set_size (bytes, 0);
  rtmp_command_write_fc_publish (bytes, "cam");
  read_reply (bytes, &reply, &info);
  assert_member (&info, "code", "NetStream.Publish.Start");
  assert_member (&info, "description", "cam");
}
GST_END_TEST;

GST_START_TEST (enhanced_senders_get_the_supported_codecs)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  RtmpAmf0Value info, list;
  RtmpCommand connect, reply;

  rtmp_amf0_write_string (bytes, "connect");
  rtmp_amf0_write_number (bytes, 1);
  rtmp_amf0_begin_object (bytes);
  rtmp_amf0_write_key (bytes, "fourCcList");
  rtmp_amf0_begin_array (bytes, 1);
  rtmp_amf0_write_string (bytes, "hvc1");
  rtmp_amf0_end_object (bytes);
  ck_assert (rtmp_command_parse (&connect, bytes->data, bytes->len));
  {
    g_autoptr (GByteArray) answer = g_byte_array_new ();

    rtmp_command_write_connected (answer, &connect);
    read_reply (answer, &reply, &info);
    ck_assert (rtmp_amf0_get (&info, "fourCcList", &list));
    ck_assert_int_eq (list.type, RTMP_AMF0_ARRAY);
  }
}
GST_END_TEST;

GST_START_TEST (enhanced_senders_get_replies_in_their_own_version)
{
  static const gchar *const words[] = { "videoFourCcInfoMap",
    "audioFourCcInfoMap", "capsEx" };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++) {
    g_autoptr (GByteArray) bytes = g_byte_array_new ();
    g_autoptr (GByteArray) answer = g_byte_array_new ();
    RtmpAmf0Value info, value, codec;
    RtmpCommand connect, reply;

    rtmp_amf0_write_string (bytes, "connect");
    rtmp_amf0_write_number (bytes, 1);
    rtmp_amf0_begin_object (bytes);
    rtmp_amf0_write_key (bytes, words[i]);
    rtmp_amf0_write_number (bytes, 1);
    rtmp_amf0_end_object (bytes);
    ck_assert (rtmp_command_parse (&connect, bytes->data, bytes->len));
    rtmp_command_write_connected (answer, &connect);
    read_reply (answer, &reply, &info);
    for (guint j = 0; j < G_N_ELEMENTS (words); j++)
      ck_assert_int_eq (rtmp_amf0_get (&info, words[j], &value), i == j);
    ck_assert (rtmp_amf0_get (&info, words[i], &value));
    ck_assert_int_eq (rtmp_amf0_get (&value, "hvc1", &codec), i == 0);
    ck_assert_int_eq (rtmp_amf0_get (&value, "Opus", &codec), i == 1);
    /* Reconnect, Multitrack and ModEx. */
    ck_assert (i < 2 || value.number == 7);
  }
}
GST_END_TEST;

static Suite *
command_suite (void)
{
  Suite *suite = suite_create ("command");
  TCase *tcase = tcase_create ("command");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, commands_are_identified_by_name);
  tcase_add_test (tcase, a_command_must_have_a_name);
  tcase_add_test (tcase, fields_that_senders_omit_are_optional);
  tcase_add_test (tcase, a_command_over_the_size_limit_is_rejected);
  tcase_add_test (tcase, only_printable_text_is_accepted);
  tcase_add_test (tcase, a_reason_is_one_short_line);
  tcase_add_test (tcase, replies_contain_what_encoders_check);
  tcase_add_test (tcase, enhanced_senders_get_the_supported_codecs);
  tcase_add_test (tcase, enhanced_senders_get_replies_in_their_own_version);
  return suite;
}

GST_CHECK_MAIN (command);
