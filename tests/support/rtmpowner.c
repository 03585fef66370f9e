/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The owner of a session: accepts, rejects and counts. */

#include "tests/support/rtmpowner.h"

#include <gst/check/gstcheck.h>

Owner
owner_new (void)
{
  static const guint8 random_bytes[RTMP_HANDSHAKE_RANDOM_BYTES];

  return (Owner){
    .session = rtmp_session_new ("test", random_bytes),
    .out = g_byte_array_new (),
    .reader = rtmp_chunk_reader_new (),
  };
}

void
owner_free (Owner *self)
{
  rtmp_session_free (self->session);
  g_free (self->rejected_name);
  g_free (self->rejected_why);
  rtmp_chunk_reader_free (self->reader);
  g_byte_array_unref (self->out);
}

static void
on_event (Owner *self, RtmpEvent *event)
{
  switch (event->kind) {
    case RTMP_EVENT_CONNECT:
      if (self->connect_rejection != NULL)
        rtmp_session_reject_connect (self->session, self->connect_rejection,
            "not allowed", self->out);
      else
        rtmp_session_accept_connect (self->session, self->out);
      break;
    case RTMP_EVENT_PUBLISH:
      self->n_publishes++;
      if (self->rejects)
        rtmp_session_reject_publish (self->session, self->rejection,
            self->reason, self->out);
      else
        rtmp_session_accept_publish (self->session, self->out);
      break;
    case RTMP_EVENT_MESSAGE:
      self->n_messages[event->message.type]++;
      self->n_all_messages++;
      self->last_ms = event->message.time_ms;
      if (self->take_message != NULL)
        self->take_message (&event->message, self->data);
      rtmp_message_clear (&event->message);
      break;
    case RTMP_EVENT_PLAY:
      self->n_plays++;
      if (self->rejects)
        rtmp_session_reject_play (self->session, self->reason, self->out);
      else
        rtmp_session_accept_play (self->session, self->out);
      break;
    case RTMP_EVENT_PLAY_AGAIN:
      self->n_plays_again++;
      break;
    case RTMP_EVENT_PAUSE:
      self->is_paused = event->is_paused;
      break;
    case RTMP_EVENT_PLAY_ENDED:
      self->n_plays_ended++;
      break;
    case RTMP_EVENT_UNPUBLISH:
      self->n_unpublishes++;
      break;
    case RTMP_EVENT_REJECTED:
      self->n_rejected++;
      g_free (self->rejected_name);
      g_free (self->rejected_why);
      self->rejected_name = g_strdup (event->name);
      self->rejected_why = g_strdup (event->why);
      break;
    case RTMP_EVENT_QUIET:
      ck_abort_msg ("a session is never quiet");
  }
}

void
owner_receive (Owner *self, const guint8 *data, gsize size)
{
  RtmpEvent event;

  while (rtmp_session_receive (self->session, &data, &size, self->out, &event))
    on_event (self, &event);
  /* Even a successful assertion makes a system call, which is too much for
   * each byte. */
  if (rtmp_session_state (self->session) != RTMP_SESSION_CLOSED && size != 0)
    ck_abort_msg ("%" G_GSIZE_FORMAT " bytes are not read", size);
}

void
owner_assert_closed (Owner *self, const gchar *why)
{
  ck_assert_int_eq (rtmp_session_state (self->session), RTMP_SESSION_CLOSED);
  ck_assert_str_eq (rtmp_session_why (self->session), why);
}
