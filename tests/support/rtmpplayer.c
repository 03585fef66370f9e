/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Players and publishers on sockets. */

#include "tests/support/rtmpplayer.h"

#include "gst/rtmp/amf0.h"
#include "gst/rtmp/control.h"
#include "gst/rtmp/handshake.h"
#include "gst/rtmp/playtag.h"
#include "tests/support/playtags.h"
#include "tests/support/rtmppublish.h"
#include "tests/support/rtmptalk.h"

#include <gst/check/gstcheck.h>
#include <string.h>
#include <sys/socket.h>

#define HANDSHAKE_BYTES (1 + 2 * RTMP_HANDSHAKE_BLOCK_BYTES)
#define SAMPLE_ACCESS "|RtmpSampleAccess"

gboolean
has_players (Server *self, guint n)
{
  guint n_players;

  g_object_get (self->src, "n-players", &n_players, NULL);
  return n_players == n;
}

static void
send_bytes (Player *self, const GByteArray *bytes)
{
  ck_assert (
      g_output_stream_write_all (g_io_stream_get_output_stream (self->stream),
          bytes->data, bytes->len, NULL, NULL, NULL));
}

static void
skip_handshake (Player *self)
{
  gsize n_read;

  ck_assert (
      g_input_stream_read_all (g_io_stream_get_input_stream (self->stream),
          self->buffer, HANDSHAKE_BYTES, &n_read, NULL, NULL));
  ck_assert_uint_eq (n_read, HANDSHAKE_BYTES);
}

static GSocketConnection *
connect_to (guint port, gint receive_bytes)
{
  g_autoptr (GSocket) socket = g_socket_new (G_SOCKET_FAMILY_IPV4,
      G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL);
  g_autoptr (GSocketAddress) address =
      g_inet_socket_address_new_from_string ("127.0.0.1", port);

  ck_assert (socket != NULL);
  if (receive_bytes > 0)
    ck_assert (g_socket_set_option (socket, SOL_SOCKET, SO_RCVBUF,
        receive_bytes, NULL));
  ck_assert (g_socket_connect (socket, address, NULL, NULL));
  g_socket_set_timeout (socket, PATIENCE_US / G_USEC_PER_SEC);
  return g_socket_connection_factory_create_connection (socket);
}

static gboolean
accept_certificate (GTlsConnection *connection, GTlsCertificate *certificate,
    GTlsCertificateFlags errors, gpointer user_data)
{
  return TRUE;
}

static GIOStream *
begin_tls (GSocketConnection *connection)
{
  GIOStream *tls =
      g_tls_client_connection_new (G_IO_STREAM (connection), NULL, NULL);

  ck_assert (tls != NULL);
  g_signal_connect (tls, "accept-certificate", G_CALLBACK (accept_certificate),
      NULL);
  ck_assert (g_tls_connection_handshake (G_TLS_CONNECTION (tls), NULL, NULL));
  return tls;
}

Player *
player_new_with (guint port, const gchar *key, gboolean is_tls,
    gint receive_bytes)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  Player *self = g_new0 (Player, 1);

  self->connection = connect_to (port, receive_bytes);
  self->stream = is_tls ? begin_tls (self->connection)
                        : g_object_ref (G_IO_STREAM (self->connection));
  self->reader = rtmp_chunk_reader_new ();
  talk_handshake (bytes);
  talk_connect (bytes, "live", NULL, 0);
  talk_command (bytes, "createStream", 2, NULL);
  talk_command (bytes, "play", 0, key);
  send_bytes (self, bytes);
  skip_handshake (self);
  return self;
}

Player *
player_new (Server *server, const gchar *key)
{
  return player_new_with (server->port, key, FALSE, 0);
}

void
player_free (Player *self)
{
  rtmp_chunk_reader_free (self->reader);
  g_io_stream_close (self->stream, NULL, NULL);
  g_object_unref (self->stream);
  g_object_unref (self->connection);
  g_free (self);
}

/* Returns FALSE at the end of the connection. */
static gboolean
read_more (Player *self)
{
  gssize n_read =
      g_input_stream_read (g_io_stream_get_input_stream (self->stream),
          self->buffer, sizeof self->buffer, NULL, NULL);

  self->data = self->buffer;
  self->size = MAX (n_read, 0);
  return n_read > 0;
}

gboolean
player_read (Player *self, RtmpMessage *message)
{
  /* Ends with a message, or the connection. */
  for (;;) {
    RtmpChunkResult result = rtmp_chunk_reader_read (self->reader, &self->data,
        &self->size, message);

    ck_assert_msg (result != RTMP_CHUNK_BROKEN, "%s",
        rtmp_chunk_reader_why (self->reader));
    if (result == RTMP_CHUNK_MESSAGE)
      break;
    if (!read_more (self))
      return FALSE;
  }
  if (message->type == RTMP_MESSAGE_SET_CHUNK_SIZE) {
    guint32 size;

    ck_assert (rtmp_control_read_number (message, &size));
    ck_assert (rtmp_chunk_reader_set_chunk_size (self->reader, size));
  }
  return TRUE;
}

static gboolean
has_words (const RtmpMessage *message, const gchar *words)
{
  return memmem (rtmp_message_payload (message), message->size, words,
             strlen (words)) != NULL;
}

guint32
player_read_tag (Player *self, GString *described)
{
  RtmpMessage message;
  gboolean is_tag;
  guint32 time_ms;

  do {
    ck_assert_msg (player_read (self, &message), "disconnected");
    is_tag = message.type == RTMP_MESSAGE_AUDIO ||
        message.type == RTMP_MESSAGE_VIDEO ||
        (message.type == RTMP_MESSAGE_DATA &&
            !has_words (&message, SAMPLE_ACCESS));
    if (is_tag && described != NULL)
      play_tag_describe (described, rtmp_message_payload (&message),
          message.size, message.type);
    time_ms = message.time_ms;
    rtmp_message_clear (&message);
  } while (!is_tag);
  return time_ms;
}

void
player_assert_reads (Player *self, guint n, const gchar *expected)
{
  g_autoptr (GString) found = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    player_read_tag (self, found);
  ck_assert_str_eq (found->str, expected);
}

void
player_assert_hears (Player *self, const gchar *words)
{
  RtmpMessage message;
  gboolean is_it;

  do {
    ck_assert_msg (player_read (self, &message), "waited in vain: %s", words);
    is_it = message.type == RTMP_MESSAGE_COMMAND && has_words (&message, words);
    rtmp_message_clear (&message);
  } while (!is_it);
}

void
player_assert_is_closed (Player *self)
{
  RtmpMessage message;
  gint64 start_us = g_get_monotonic_time ();

  while (player_read (self, &message))
    rtmp_message_clear (&message);
  /* It did not end because nothing came. */
  ck_assert_int_lt (g_get_monotonic_time () - start_us, PATIENCE_US);
}

/* @number is left out if it is 0. */
static void
add_command (GByteArray *out, const gchar *name, RtmpAmf0Type type,
    gdouble number)
{
  g_autoptr (GByteArray) payload = g_byte_array_new ();

  rtmp_amf0_write_string (payload, name);
  rtmp_amf0_write_number (payload, 0);
  rtmp_amf0_write_null (payload);
  if (type == RTMP_AMF0_BOOLEAN)
    rtmp_amf0_write_boolean (payload, number != 0);
  else if (number != 0)
    rtmp_amf0_write_number (payload, number);
  talk_message (out, RTMP_MESSAGE_COMMAND, payload->data, payload->len);
}

static void
say (Player *self, const gchar *name, RtmpAmf0Type type, gdouble number)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();

  add_command (bytes, name, type, number);
  send_bytes (self, bytes);
}

void
player_flood (Player *self, const gchar *name, guint n)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();

  for (guint i = 0; i < n; i++)
    add_command (bytes, name, RTMP_AMF0_NUMBER, i + 1);
  g_output_stream_write_all (g_io_stream_get_output_stream (self->stream),
      bytes->data, bytes->len, NULL, NULL, NULL);
}

void
player_say (Player *self, const gchar *name, gdouble number)
{
  say (self, name, RTMP_AMF0_NUMBER, number);
}

void
player_pause (Player *self, gboolean is_paused)
{
  say (self, "pause", RTMP_AMF0_BOOLEAN, is_paused);
}

Client *
live_new (Server *server, const gchar *key)
{
  Client client = client_publish (server, "live", key, 0);

  return g_memdup2 (&client, sizeof client);
}

void
live_free (Client *self)
{
  client_clear (self);
  g_free (self);
}

void
live_send (Client *self, GBytes *tag)
{
  g_autoptr (GByteArray) chunks = g_byte_array_new ();
  gsize size, payload_size;
  const guint8 *data = g_bytes_get_data (tag, &size);
  const guint8 *payload = rtmp_playtag_payload (data, size, &payload_size);

  rtmp_chunk_write (chunks, RTMP_CSID_COMMAND, RTMP_CHUNK_DEFAULT_BYTES,
      data[0], 0, rtmp_playtag_time_ms (data), payload, payload_size);
  ck_assert (
      g_output_stream_write_all (g_io_stream_get_output_stream (self->stream),
          chunks->data, chunks->len, NULL, NULL, NULL));
  g_bytes_unref (tag);
}

void
live_open (Client *self)
{
  live_send (self, play_tag_metadata (1));
  live_send (self, play_tag_video_header (2));
  live_send (self, play_tag_audio_header (3));
  live_send (self, play_tag_key (0, 4, 1000));
  live_send (self, play_tag_audio (0, 5));
}
