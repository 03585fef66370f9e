/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A client that reads server-sent events, and events of a journal to read. */

#pragma once

#include "gst/journal/journal-io.h"

#include <libsoup/soup.h>

G_BEGIN_DECLS

typedef struct
{
  SoupMessage *message;
  GDataInputStream *in;
} EventReader;

/* Takes the message, a GET, which must succeed. */
void event_reader_open (EventReader *self, SoupSession *client,
    SoupMessage *message);
/* The same for a journal: passes over the id that the reply begins with. */
void event_reader_init (EventReader *self, SoupSession *client,
    SoupMessage *message);
/* Disconnects. */
void event_reader_clear (EventReader *self);

/* Returns: (transfer full) (nullable): the next lines but comments, up to an
 * empty one; NULL at the end. */
gchar *event_reader_next (EventReader *self);
void event_reader_gets (EventReader *self, const gchar *expected);
/* @is_public: it gets the public part alone. */
void event_reader_gets_event (EventReader *self, const JournalEvent *event,
    gboolean is_public);

/* Of that name and stream (nullable). It has an address and a reason, too,
 * which are for administrators.
 *
 * Returns: (transfer full): the event, which is in the journal. */
JournalEvent *append_event (Journal *journal, const gchar *name,
    const gchar *stream);

G_END_DECLS
