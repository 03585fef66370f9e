/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Replies are chunks that clients can read, and contain what they check. */

#include "gst/rtmp/chunk.h"
#include "gst/rtmp/reply.h"

#include <gst/check/gstcheck.h>
#include <string.h>

typedef struct
{
  GByteArray *out;
  RtmpChunkReader *reader;
  const guint8 *data;
  gsize size;
} Client;

static Client
client_new (void)
{
  return (
      Client){ .out = g_byte_array_new (), .reader = rtmp_chunk_reader_new () };
}

static void
client_free (Client *self)
{
  ck_assert_uint_eq (self->size, 0);
  rtmp_chunk_reader_free (self->reader);
  g_byte_array_unref (self->out);
}

static void
client_listens (Client *self)
{
  self->data = self->out->data;
  self->size = self->out->len;
}

/* Reads one message, which must have @type and @stream_id. */
static void
client_hears (Client *self, guint8 type, guint32 stream_id, RtmpMessage *said)
{
  ck_assert_int_eq (rtmp_chunk_reader_read (self->reader, &self->data,
                        &self->size, said),
      RTMP_CHUNK_MESSAGE);
  ck_assert_uint_eq (said->type, type);
  ck_assert_uint_eq (said->stream_id, stream_id);
}

/* Reads a command, which must contain @words. */
static void
client_hears_command (Client *self, guint32 stream_id, const gchar *words)
{
  RtmpMessage said;

  client_hears (self, RTMP_MESSAGE_COMMAND, stream_id, &said);
  ck_assert_msg (memmem (rtmp_message_payload (&said), said.size, words,
                     strlen (words)) != NULL,
      "%s", words);
  rtmp_message_clear (&said);
}

GST_START_TEST (the_sizes_precede_the_result_of_connect)
{
  Client client = client_new ();
  g_autoptr (GByteArray) result = g_byte_array_new ();
  static const struct
  {
    guint8 type;
    guint32 number;
  } numbers[] = {
    { RTMP_MESSAGE_WINDOW_ACK_SIZE, RTMP_REPLY_WINDOW_BYTES },
    { RTMP_MESSAGE_SET_PEER_BANDWIDTH, RTMP_REPLY_WINDOW_BYTES },
    { RTMP_MESSAGE_SET_CHUNK_SIZE, RTMP_REPLY_CHUNK_BYTES },
  };
  RtmpMessage said;

  /* Longer than the previous chunk size. */
  g_byte_array_set_size (result, 1000);
  memset (result->data, 'x', result->len);
  rtmp_reply_connected (client.out, result);
  client_listens (&client);
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++) {
    guint32 number;

    client_hears (&client, numbers[i].type, 0, &said);
    memcpy (&number, rtmp_message_payload (&said), sizeof number);
    ck_assert_uint_eq (GUINT32_FROM_BE (number), numbers[i].number);
    rtmp_message_clear (&said);
  }
  rtmp_chunk_reader_set_chunk_size (client.reader, RTMP_REPLY_CHUNK_BYTES);
  client_hears (&client, RTMP_MESSAGE_COMMAND, 0, &said);
  ck_assert_uint_eq (said.size, result->len);
  rtmp_message_clear (&said);
  client_free (&client);
}
GST_END_TEST;

/* The client does not know of another chunk size at that point. */
GST_START_TEST (a_rejection_can_be_longer_than_a_chunk)
{
  Client client = client_new ();
  g_autofree gchar *why = g_strnfill (500, 'w');

  rtmp_reply_rejected (client.out, 1, why);
  client_listens (&client);
  client_hears_command (&client, 0, why);
  client_free (&client);
}
GST_END_TEST;

GST_START_TEST (a_bad_name_gets_two_statuses_so_that_obs_shows_the_reason)
{
  static const struct
  {
    const gchar *code, *second;
  } rejections[] = {
    { RTMP_REPLY_BAD_NAME, "NetStream.Publish.Rejected" },
    { "NetStream.Publish.Denied", NULL },
    { "NetStream.Publish.Rejected", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rejections); i++) {
    Client client = client_new ();

    rtmp_chunk_reader_set_chunk_size (client.reader, RTMP_REPLY_CHUNK_BYTES);
    rtmp_reply_rejection (client.out, 1, rejections[i].code, "because");
    client_listens (&client);
    client_hears_command (&client, RTMP_REPLY_STREAM_ID, rejections[i].code);
    if (rejections[i].second != NULL)
      client_hears_command (&client, RTMP_REPLY_STREAM_ID,
          rejections[i].second);
    client_free (&client);
  }
}
GST_END_TEST;

GST_START_TEST (a_command_without_a_transaction_gets_no_reply)
{
  RtmpCommand command = { .argument = { .type = RTMP_AMF0_NULL } };
  Client client = client_new ();

  rtmp_chunk_reader_set_chunk_size (client.reader, RTMP_REPLY_CHUNK_BYTES);
  rtmp_reply_result (client.out, &command);
  ck_assert_uint_eq (client.out->len, 0);
  rtmp_reply_fc_publish (client.out, &command);
  client_listens (&client);
  client_hears_command (&client, 0, "onFCPublish");
  client_free (&client);
}
GST_END_TEST;

static Suite *
reply_suite (void)
{
  Suite *suite = suite_create ("reply");
  TCase *tcase = tcase_create ("reply");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, the_sizes_precede_the_result_of_connect);
  tcase_add_test (tcase, a_rejection_can_be_longer_than_a_chunk);
  tcase_add_test (tcase,
      a_bad_name_gets_two_statuses_so_that_obs_shows_the_reason);
  tcase_add_test (tcase, a_command_without_a_transaction_gets_no_reply);
  return suite;
}

GST_CHECK_MAIN (reply);
