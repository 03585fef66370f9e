/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A session and its owner, who lets everybody publish unless told not to. For
 * one test program. */

#pragma once

#include "gst/rtmp/session.h"

#include <gst/check/gstcheck.h>
#include <string.h>

/* A server with its owner, who lets everybody publish unless told not to. */
typedef struct
{
  RtmpSession *session;
  GByteArray *out;
  RtmpChunkReader *reader; /* the client's, of what the server says */
  const gchar *rejection;
  gboolean refuses;
  RtmpRefusal refusal;
  const gchar *reason;

  guint n_publishes;
  guint n_unpublishes;
  guint n_refused;     /* by the session itself */
  gchar *refused_name; /* of the last */
  gchar *refused_why;
  guint n_messages[256]; /* by type */
  guint n_all_messages;
  guint32 last_ms;
} Server;

static Server
server_new (void)
{
  static const guint8 random_bytes[RTMP_HANDSHAKE_RANDOM_BYTES];

  return (Server){
    .session = rtmp_session_new ("test", random_bytes),
    .out = g_byte_array_new (),
    .reader = rtmp_chunk_reader_new (),
  };
}

static void
server_free (Server *self)
{
  rtmp_session_free (self->session);
  g_free (self->refused_name);
  g_free (self->refused_why);
  rtmp_chunk_reader_free (self->reader);
  g_byte_array_unref (self->out);
}

static void
on_event (Server *self, RtmpEvent *event)
{
  switch (event->kind) {
    case RTMP_EVENT_CONNECT:
      if (self->rejection != NULL)
        rtmp_session_reject_connect (self->session, self->rejection,
            "not welcome", self->out);
      else
        rtmp_session_accept_connect (self->session, self->out);
      break;
    case RTMP_EVENT_PUBLISH:
      self->n_publishes++;
      if (self->refuses)
        rtmp_session_reject_publish (self->session, self->refusal, self->reason,
            self->out);
      else
        rtmp_session_accept_publish (self->session, self->out);
      break;
    case RTMP_EVENT_MESSAGE:
      self->n_messages[event->message.type]++;
      self->n_all_messages++;
      self->last_ms = event->message.time_ms;
      rtmp_message_clear (&event->message);
      break;
    case RTMP_EVENT_UNPUBLISH:
      self->n_unpublishes++;
      break;
    case RTMP_EVENT_REFUSED:
      self->n_refused++;
      g_free (self->refused_name);
      g_free (self->refused_why);
      self->refused_name = g_strdup (event->name);
      self->refused_why = g_strdup (event->why);
      break;
    case RTMP_EVENT_QUIET:
      ck_abort_msg ("a session is never quiet");
  }
}

static void
receive (Server *self, const guint8 *data, gsize size)
{
  RtmpEvent event;

  while (rtmp_session_receive (self->session, &data, &size, self->out, &event))
    on_event (self, &event);
  /* An assertion that holds is a system call, too many for each byte. */
  if (rtmp_session_state (self->session) != RTMP_SESSION_CLOSED && size != 0)
    ck_abort_msg ("%" G_GSIZE_FORMAT " bytes are not read", size);
}
