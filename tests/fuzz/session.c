/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A session sends and reports the same wherever its bytes are split, and always
 * ends with a reason. The first byte selects how to split; its lowest bit,
 * whether the handshake is already complete; the next bit, whether publishing
 * is rejected. */

#include "gst/rtmp/flvtag.h"
#include "gst/rtmp/session.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

#define HANDSHAKE_BYTES (1 + 2 * RTMP_HANDSHAKE_BLOCK_BYTES)

typedef struct
{
  RtmpSession *session;
  GByteArray *out;
  GByteArray *log; /* of events */
  gboolean rejects;
  gboolean is_publishing;
} Owner;

static void
on_message (Owner *self, RtmpMessage *message)
{
  g_autofree guint8 *tag = NULL;
  gsize size;

  g_assert (self->is_publishing);
  g_assert (rtmp_flv_is_media (message) && message->size > 0);
  tag = rtmp_flv_take_tag (message, &size);
  if (tag != NULL)
    g_byte_array_append (self->log, tag, size);
}

static void
on_event (Owner *self, RtmpEvent *event)
{
  guint8 kind = event->kind;

  g_byte_array_append (self->log, &kind, 1);
  switch (event->kind) {
    case RTMP_EVENT_CONNECT:
      g_assert (
          rtmp_session_state (self->session) == RTMP_SESSION_CONNECT_PENDING);
      g_assert (rtmp_session_app (self->session) != NULL);
      g_assert (rtmp_session_query (self->session) != NULL);
      rtmp_session_accept_connect (self->session, self->out);
      return;
    case RTMP_EVENT_PUBLISH:
      g_assert (
          rtmp_session_state (self->session) == RTMP_SESSION_PUBLISH_PENDING);
      g_assert (rtmp_session_name (self->session) != NULL);
      g_assert (!self->is_publishing);
      self->is_publishing = !self->rejects;
      if (self->rejects)
        rtmp_session_reject_publish (self->session, RTMP_REJECTION_BAD_NAME,
            NULL, self->out);
      else
        rtmp_session_accept_publish (self->session, self->out);
      return;
    case RTMP_EVENT_MESSAGE:
      on_message (self, &event->message);
      return;
    case RTMP_EVENT_UNPUBLISH:
      g_assert (self->is_publishing);
      self->is_publishing = FALSE;
      return;
    case RTMP_EVENT_REJECTED:
      g_assert (event->why != NULL && *event->why != '\0');
      if (event->name != NULL)
        g_byte_array_append (self->log, (const guint8 *) event->name,
            strlen (event->name));
      return;
    case RTMP_EVENT_PLAY:
    case RTMP_EVENT_PLAY_AGAIN:
    case RTMP_EVENT_PAUSE:
    case RTMP_EVENT_PLAY_ENDED:
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

/* Returns: (transfer full): the log of all events. */
static GByteArray *
run (const guint8 *data, gsize size, gsize piece, guint8 flags)
{
  static const guint8 random_bytes[RTMP_HANDSHAKE_RANDOM_BYTES];
  static const guint8 hello[HANDSHAKE_BYTES] = { 3 };
  Owner owner = {
    .session = rtmp_session_new ("fuzz", random_bytes),
    .out = g_byte_array_new (),
    .log = g_byte_array_new (),
    .rejects = (flags & 2) != 0,
  };
  const gchar *why;

  if (flags & 1)
    receive (&owner, hello, sizeof hello);
  for (gsize i = 0; i < size; i += piece)
    receive (&owner, data + i, MIN (piece, size - i));
  rtmp_session_end (owner.session, rtmp_session_why_at_end (owner.session));
  g_assert (rtmp_session_state (owner.session) == RTMP_SESSION_CLOSED);
  why = rtmp_session_why (owner.session);
  g_assert (why != NULL && *why != '\0');

  g_byte_array_append (owner.log, (const guint8 *) why, strlen (why));
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
  whole = run (data + 1, size - 1, size, data[0]);
  cut = run (data + 1, size - 1, 1 + (data[0] >> 2), data[0]);
  g_assert (whole->len == cut->len);
  g_assert (memcmp (whole->data, cut->data, whole->len) == 0);
  return 0;
}
