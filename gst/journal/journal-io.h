/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The recent events of a pipeline, with ids that ascend. Its readers keep the
 * id that they have read last: nobody waits for them, and who falls behind
 * misses the oldest events. Any thread may append and read. */

#pragma once

#include "gst/journal/event.h"

G_BEGIN_DECLS

/* More than a gateway has in an hour, unless it is being attacked. */
#define JOURNAL_MAX_EVENTS 1024
/* One for each element that posts events, one for its web hook. */
#define JOURNAL_MAX_WATCHERS 16

typedef struct _Journal Journal;

/* Called after an event was appended, by its thread: must neither block nor
 * call the journal. */
typedef void (*JournalWatchFunc) (gpointer user_data);

Journal *journal_new (void);
Journal *journal_ref (Journal *self);
void journal_unref (Journal *self);

/* Gives @event its id and time, and keeps a reference. Ids are microseconds
 * since 1970, or one more than the last: they ascend across restarts, too,
 * while the machine's clock does. */
void journal_append (Journal *self, JournalEvent *event);

/* Returns: the id of the newest event, or that of the journal's beginning. */
guint64 journal_newest (Journal *self);
/* Returns: (transfer full) (nullable): the oldest event that is newer than the
 * id @after. @has_gap: whether others came between, which are lost. */
JournalEvent *journal_next (Journal *self, guint64 after, gboolean *has_gap);

/* Returns: FALSE if there are too many. */
gboolean journal_watch (Journal *self, JournalWatchFunc func,
    gpointer user_data);
/* @func is not called any more once this has returned. */
void journal_unwatch (Journal *self, JournalWatchFunc func, gpointer user_data);

G_END_DECLS
