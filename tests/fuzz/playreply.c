/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a player sends after play: the session says and does the same however
 * the bytes are cut, never publishes, and keeps to the stream. The first byte
 * says how to cut. */

#include "gst/rtmp/reply.h"
#include "gst/rtmp/session.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

#define HANDSHAKE_BYTES (1 + 2 * RTMP_HANDSHAKE_BLOCK_BYTES)

typedef struct
{
  RtmpSession *session;
  GByteArray *out;
  GByteArray *log; /* of events */
} Owner;

static void
on_event (Owner *self, const RtmpEvent *event)
{
  guint8 kind = event->kind;

  g_byte_array_append (self->log, &kind, 1);
  switch (event->kind) {
    case RTMP_EVENT_CONNECT:
      rtmp_session_accept_connect (self->session, self->out);
      return;
    case RTMP_EVENT_PLAY:
      rtmp_session_accept_play (self->session, self->out);
      return;
    case RTMP_EVENT_PLAY_AGAIN:
    case RTMP_EVENT_PAUSE:
    case RTMP_EVENT_PLAY_ENDED:
      g_assert (g_str_equal (rtmp_session_name (self->session), "live/cam"));
      g_assert (rtmp_session_stream_id (self->session) != 0);
      return;
    case RTMP_EVENT_REJECTED:
      g_assert (event->why != NULL && *event->why != '\0');
      return;
    case RTMP_EVENT_PUBLISH:
    case RTMP_EVENT_MESSAGE:
    case RTMP_EVENT_UNPUBLISH:
    case RTMP_EVENT_QUIET:
      g_assert_not_reached ();
  }
}

static void
receive (Owner *self, const guint8 *data, gsize size)
{
  RtmpEvent event;

  while (rtmp_session_receive (self->session, &data, &size, self->out, &event))
    on_event (self, &event);
  g_assert (
      size == 0 || rtmp_session_state (self->session) == RTMP_SESSION_CLOSED);
}

static void
say (GByteArray *out, const GByteArray *payload)
{
  rtmp_chunk_write (out, RTMP_CSID_COMMAND, RTMP_CHUNK_DEFAULT_BYTES,
      RTMP_MESSAGE_COMMAND, 0, 0, payload->data, payload->len);
}

static void
begin (Owner *self)
{
  static const guint8 hello[HANDSHAKE_BYTES] = { 3 };
  g_autoptr (GByteArray) connect = g_byte_array_new ();
  g_autoptr (GByteArray) play = g_byte_array_new ();
  g_autoptr (GByteArray) chunks = g_byte_array_new ();

  rtmp_amf0_write_string (connect, "connect");
  rtmp_amf0_write_number (connect, 1);
  rtmp_amf0_begin_object (connect);
  rtmp_amf0_write_key (connect, "app");
  rtmp_amf0_write_string (connect, "live");
  rtmp_amf0_end_object (connect);
  rtmp_amf0_write_string (play, "play");
  rtmp_amf0_write_number (play, 0);
  rtmp_amf0_write_null (play);
  rtmp_amf0_write_string (play, "cam");
  say (chunks, connect);
  say (chunks, play);
  receive (self, hello, sizeof hello);
  receive (self, chunks->data, chunks->len);
  g_assert (rtmp_session_state (self->session) == RTMP_SESSION_PLAYING);
}

/* Returns: (transfer full): what happened. */
static GByteArray *
run (const guint8 *data, gsize size, gsize piece)
{
  static const guint8 random_bytes[RTMP_HANDSHAKE_RANDOM_BYTES];
  Owner owner = {
    .session = rtmp_session_new ("fuzz", random_bytes),
    .out = g_byte_array_new (),
    .log = g_byte_array_new (),
  };

  rtmp_session_allow_play (owner.session);
  begin (&owner);
  for (gsize i = 0; i < size; i += piece)
    receive (&owner, data + i, MIN (piece, size - i));
  rtmp_session_end_play (owner.session, TRUE, owner.out);
  rtmp_session_end (owner.session, rtmp_session_why_at_end (owner.session));
  g_assert (rtmp_session_why (owner.session) != NULL);
  g_byte_array_append (owner.log,
      (const guint8 *) rtmp_session_why (owner.session),
      strlen (rtmp_session_why (owner.session)));
  rtmp_session_free (owner.session);
  g_byte_array_unref (owner.out);
  return owner.log;
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GByteArray) whole = NULL;
  g_autoptr (GByteArray) cut = NULL;

  if (size < 2)
    return 0;
  whole = run (data + 1, size - 1, size);
  cut = run (data + 1, size - 1, 1 + data[0]);
  g_assert (whole->len == cut->len);
  g_assert (memcmp (whole->data, cut->data, whole->len) == 0);
  return 0;
}
