/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A reply of server-sent events, which lasts until either side ends it. Nothing
 * queues up: while something is being written, its owner has to wait. For the
 * HTTP thread. */

#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

typedef struct
{
  /* Everything has been written. */
  void (*ready) (gpointer user_data);
  /* The reader has left; may free the stream. */
  void (*left) (gpointer user_data);
} WhepEventStreamFuncs;

typedef struct
{
  /* After this long without an event, the reader is sent a comment: proxies
   * close a connection after a minute of silence. */
  gint64 keepalive_us;
  /* A reader that does not read for this long is disconnected. */
  gint64 patience_us;
} WhepEventStreamParams;

#define WHEP_EVENT_STREAM_KEEPALIVE_US (15 * G_USEC_PER_SEC)
#define WHEP_EVENT_STREAM_PATIENCE_US (30 * G_USEC_PER_SEC)

typedef struct _WhepEventStream WhepEventStream;

/* Begins the reply to @message, with @text. @funcs are static. */
WhepEventStream *whep_event_stream_new (SoupServerMessage *message,
    const gchar *text, const WhepEventStreamFuncs *funcs, gpointer user_data);
/* Completes the reply. */
void whep_event_stream_free (WhepEventStream *self);

SoupServerMessage *whep_event_stream_message (const WhepEventStream *self);
gboolean whep_event_stream_is_writing (const WhepEventStream *self);
/* Not while it is writing. */
void whep_event_stream_say (WhepEventStream *self, const gchar *text);

/* To be called now and then. Returns FALSE if the reader did not read and is
 * being disconnected, in which case it leaves soon. */
gboolean whep_event_stream_tick (WhepEventStream *self,
    const WhepEventStreamParams *params, gint64 now_us);

G_END_DECLS
