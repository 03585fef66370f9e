/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An encoder made by hand that talks to a session with its owner, and what that
 * answers, as text. For one test program. */

#pragma once

#include "gst/rtmp/reply.h"
#include "tests/support/rtmpowner.h"
#include "tests/support/rtmptalk.h"

#define HANDSHAKE_BYTES (1 + 2 * RTMP_HANDSHAKE_BLOCK_BYTES)

/* A client made by hand. */
static void
shake_hands (Server *self)
{
  static const guint8 bytes[HANDSHAKE_BYTES] = { 3 };

  receive (self, bytes, sizeof bytes);
  ck_assert_uint_eq (self->out->len, HANDSHAKE_BYTES);
  g_byte_array_set_size (self->out, 0);
}

static void
send_message (Server *self, RtmpMessageType type, const guint8 *data,
    gsize size)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();

  talk_message (bytes, type, data, size);
  receive (self, bytes->data, bytes->len);
}

static void
send_command (Server *self, const gchar *name, gdouble transaction,
    const gchar *argument)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();

  talk_command (bytes, name, transaction, argument);
  receive (self, bytes->data, bytes->len);
}

static void
send_connect (Server *self, const gchar *app, const gchar *url, gdouble caps)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();

  talk_connect (bytes, app, url, caps);
  receive (self, bytes->data, bytes->len);
}

static void
describe_command (const RtmpMessage *message, GString *text)
{
  RtmpAmf0Reader amf0;
  RtmpAmf0Value value, code;

  rtmp_amf0_reader_init (&amf0, rtmp_message_payload (message), message->size);
  while (rtmp_amf0_read (&amf0, &value)) {
    if (value.type == RTMP_AMF0_STRING)
      g_string_append_len (text, value.text, value.size);
    else if (value.type == RTMP_AMF0_NUMBER)
      g_string_append_printf (text, ":%g ", value.number);
    else if (rtmp_amf0_get (&value, "code", &code))
      g_string_append_printf (text, "%.*s ", (gint) code.size, code.text);
  }
}

/* What the server sent since the last time, as text: the types of messages,
 * and commands by name, transaction and code, each followed by a blank. */
static gchar *
describe_output (Server *self)
{
  GString *text = g_string_new (NULL);
  const guint8 *data = self->out->data;
  gsize size = self->out->len;
  RtmpMessage message;

  while (rtmp_chunk_reader_read (self->reader, &data, &size, &message) ==
      RTMP_CHUNK_MESSAGE) {
    if (message.type == RTMP_MESSAGE_SET_CHUNK_SIZE)
      rtmp_chunk_reader_set_chunk_size (self->reader, RTMP_REPLY_CHUNK_BYTES);
    if (message.type == RTMP_MESSAGE_COMMAND)
      describe_command (&message, text);
    else
      g_string_append_printf (text, "%u ", message.type);
    rtmp_message_clear (&message);
  }
  ck_assert_uint_eq (size, 0);
  ck_assert (rtmp_chunk_reader_is_idle (self->reader));
  g_byte_array_set_size (self->out, 0);
  return g_string_free (text, FALSE);
}

static void
assert_said (Server *self, const gchar *expected)
{
  g_autofree gchar *said = describe_output (self);

  ck_assert_str_eq (said, expected);
}

static Server
connected_server (void)
{
  Server server = server_new ();

  shake_hands (&server);
  send_connect (&server, "live?token=app", NULL, 0);
  ck_assert_int_eq (rtmp_session_state (server.session),
      RTMP_SESSION_CONNECTED);
  assert_said (&server, "5 6 1 _result:1 NetConnection.Connect.Success ");
  return server;
}

static void
assert_closed (Server *self, const gchar *why)
{
  ck_assert_int_eq (rtmp_session_state (self->session), RTMP_SESSION_CLOSED);
  ck_assert_str_eq (rtmp_session_why (self->session), why);
}
