/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An encoder in front of a session. */

#include "tests/support/rtmpencoder.h"

#include "gst/rtmp/command.h"
#include "gst/rtmp/handshake.h"
#include "gst/rtmp/reply.h"
#include "tests/support/rtmptalk.h"

#include <gst/check/gstcheck.h>

#define HANDSHAKE_BYTES (1 + 2 * RTMP_HANDSHAKE_BLOCK_BYTES)

void
encoder_shake_hands (Owner *self)
{
  static const guint8 bytes[HANDSHAKE_BYTES] = { 3 };

  owner_receive (self, bytes, sizeof bytes);
  ck_assert_uint_eq (self->out->len, HANDSHAKE_BYTES);
  g_byte_array_set_size (self->out, 0);
}

void
encoder_send_message (Owner *self, RtmpMessageType type, const guint8 *data,
    gsize size)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();

  talk_message (bytes, type, data, size);
  owner_receive (self, bytes->data, bytes->len);
}

void
encoder_send_command (Owner *self, const gchar *name, gdouble transaction,
    const gchar *argument)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();

  talk_command (bytes, name, transaction, argument);
  owner_receive (self, bytes->data, bytes->len);
}

void
encoder_send_connect (Owner *self, const gchar *app, const gchar *url,
    gdouble caps)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();

  talk_connect (bytes, app, url, caps);
  owner_receive (self, bytes->data, bytes->len);
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

gchar *
encoder_read_replies (Owner *self)
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

void
encoder_assert_replies (Owner *self, const gchar *expected)
{
  g_autofree gchar *said = encoder_read_replies (self);

  ck_assert_str_eq (said, expected);
}

Owner
encoder_connect (void)
{
  Owner owner = owner_new ();

  encoder_shake_hands (&owner);
  encoder_send_connect (&owner, "live?token=app", NULL, 0);
  ck_assert_int_eq (rtmp_session_state (owner.session), RTMP_SESSION_CONNECTED);
  encoder_assert_replies (&owner,
      "5 6 1 _result:1 NetConnection.Connect.Success ");
  return owner;
}
