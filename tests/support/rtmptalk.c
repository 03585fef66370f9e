/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The bytes of a publisher. */

#include "tests/support/rtmptalk.h"

#include "gst/rtmp/command.h"
#include "gst/rtmp/handshake.h"

void
talk_message (GByteArray *out, RtmpMessageType type, const guint8 *data,
    gsize size)
{
  rtmp_chunk_write (out, RTMP_CSID_COMMAND, RTMP_CHUNK_DEFAULT_BYTES, type, 0,
      0, data, size);
}

void
talk_handshake (GByteArray *out)
{
  static const guint8 hello[1 + 2 * RTMP_HANDSHAKE_BLOCK_BYTES] = { 3 };

  g_byte_array_append (out, hello, sizeof hello);
}

static void
talk_member (GByteArray *out, const gchar *key, const gchar *text)
{
  if (text == NULL)
    return;
  rtmp_amf0_write_key (out, key);
  rtmp_amf0_write_string (out, text);
}

void
talk_connect (GByteArray *out, const gchar *app, const gchar *url, gdouble caps)
{
  g_autoptr (GByteArray) payload = g_byte_array_new ();

  rtmp_amf0_write_string (payload, "connect");
  rtmp_amf0_write_number (payload, 1);
  rtmp_amf0_begin_object (payload);
  talk_member (payload, "app", app);
  talk_member (payload, "tcUrl", url);
  if (caps != 0) {
    rtmp_amf0_write_key (payload, "capsEx");
    rtmp_amf0_write_number (payload, caps);
  }
  rtmp_amf0_end_object (payload);
  talk_message (out, RTMP_MESSAGE_COMMAND, payload->data, payload->len);
}

void
talk_command (GByteArray *out, const gchar *name, gdouble transaction,
    const gchar *argument)
{
  g_autoptr (GByteArray) payload = g_byte_array_new ();

  rtmp_amf0_write_string (payload, name);
  rtmp_amf0_write_number (payload, transaction);
  rtmp_amf0_write_null (payload);
  if (argument != NULL)
    rtmp_amf0_write_string (payload, argument);
  talk_message (out, RTMP_MESSAGE_COMMAND, payload->data, payload->len);
}
