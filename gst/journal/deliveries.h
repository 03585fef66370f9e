/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The events that a web hook has not accepted yet. Those of one stream are
 * delivered one after another, in order; a stream whose event is not accepted
 * delays no other. Pure. */

#pragma once

#include "gst/journal/event.h"

G_BEGIN_DECLS

/* Of all streams together; with more, the oldest is dropped. */
#define JOURNAL_DELIVERIES_MAX 1000
/* The pause after the first failure; it doubles with each further one, up to
 * the last. Half of it is random, so that many streams do not come at once. */
#define JOURNAL_DELIVERIES_FIRST_PAUSE_US (G_USEC_PER_SEC / 2)
#define JOURNAL_DELIVERIES_LAST_PAUSE_US (60 * G_USEC_PER_SEC)
/* An event that was never accepted in this time is dropped, so that one that
 * the hook cannot stomach does not hold up its stream for ever. */
#define JOURNAL_DELIVERIES_MAX_AGE_US                                          \
  (G_GINT64_CONSTANT (3600) * G_USEC_PER_SEC)

typedef struct _JournalDeliveries JournalDeliveries;

JournalDeliveries *journal_deliveries_new (void);
void journal_deliveries_free (JournalDeliveries *self);

/* Queues @event, of which it keeps a reference. */
void journal_deliveries_add (JournalDeliveries *self, JournalEvent *event,
    gint64 now_us);
/* Returns: (transfer none) (nullable): an event that is due, the oldest of
 * them; it is to be followed by journal_deliveries_finish(). */
JournalEvent *journal_deliveries_begin (JournalDeliveries *self, gint64 now_us);
/* @event was accepted, or not, and then it is due again after a pause.
 * @random: 32 bits. */
void journal_deliveries_finish (JournalDeliveries *self, JournalEvent *event,
    gboolean is_accepted, guint32 random, gint64 now_us);

/* Returns: when the next event is due, or G_MAXINT64. */
gint64 journal_deliveries_due_us (const JournalDeliveries *self);
guint journal_deliveries_length (const JournalDeliveries *self);
/* Returns: how many events were dropped in total. */
guint64 journal_deliveries_n_dropped (const JournalDeliveries *self);

G_END_DECLS
