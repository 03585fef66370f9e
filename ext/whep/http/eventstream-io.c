/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A reply of server-sent events: see eventstream-io.h. */

#include "ext/whep/http/eventstream-io.h"
#include "ext/whep/http/connections-io.h"
#include "ext/whep/http/reply-io.h"

#include <string.h>

/* An empty comment. */
#define COMMENT ":\n\n"

struct _WhepEventStream
{
  SoupServerMessage *message;
  gboolean is_over;    /* the reader has left */
  gboolean is_writing; /* the last chunk has not been written yet */
  gint64 spoke_us;     /* when the last chunk was started or written */
  const WhepEventStreamFuncs *funcs;
  gpointer user_data;
};

static void
on_wrote_chunk (SoupServerMessage *message, WhepEventStream *self)
{
  self->is_writing = FALSE;
  self->spoke_us = g_get_monotonic_time ();
  self->funcs->ready (self->user_data);
}

static void
on_finished (SoupServerMessage *message, WhepEventStream *self)
{
  if (self->is_over)
    return;
  self->is_over = TRUE;
  self->funcs->left (self->user_data);
}

WhepEventStream *
whep_event_stream_new (SoupServerMessage *message, const gchar *text,
    const WhepEventStreamFuncs *funcs, gpointer user_data)
{
  WhepEventStream *self = g_new0 (WhepEventStream, 1);

  self->message = g_object_ref (message);
  self->funcs = funcs;
  self->user_data = user_data;
  g_signal_connect (message, "wrote-chunk", G_CALLBACK (on_wrote_chunk), self);
  g_signal_connect (message, "finished", G_CALLBACK (on_finished), self);
  g_signal_connect (message, "disconnected", G_CALLBACK (on_finished), self);
  whep_reply_stream (message);
  whep_event_stream_say (self, text != NULL ? text : COMMENT);
  return self;
}

void
whep_event_stream_free (WhepEventStream *self)
{
  if (self == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->message, self);
  if (!self->is_over) {
    soup_message_body_complete (
        soup_server_message_get_response_body (self->message));
    soup_server_message_unpause (self->message);
  }
  g_object_unref (self->message);
  g_free (self);
}

SoupServerMessage *
whep_event_stream_message (const WhepEventStream *self)
{
  return self->message;
}

gboolean
whep_event_stream_is_writing (const WhepEventStream *self)
{
  return self->is_writing;
}

void
whep_event_stream_say (WhepEventStream *self, const gchar *text)
{
  SoupMessageBody *body = soup_server_message_get_response_body (self->message);

  soup_message_body_append (body, SOUP_MEMORY_COPY, text, strlen (text));
  self->is_writing = TRUE;
  self->spoke_us = g_get_monotonic_time ();
  soup_server_message_unpause (self->message);
}

gboolean
whep_event_stream_tick (WhepEventStream *self,
    const WhepEventStreamParams *params, gint64 now_us)
{
  gint64 silent_us = now_us - self->spoke_us;

  if (self->is_writing && silent_us >= params->patience_us) {
    self->spoke_us = now_us;
    whep_connections_hang_up (self->message);
    return FALSE;
  }
  /* One that has left is noticed when something is written. */
  if (!self->is_writing &&
      (silent_us >= params->keepalive_us ||
          whep_connections_is_over (self->message)))
    whep_event_stream_say (self, COMMENT);
  return TRUE;
}
