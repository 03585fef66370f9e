/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The recent events of a pipeline: see journal-io.h. */

#include "gst/journal/journal-io.h"

typedef struct
{
  JournalWatchFunc func; /* NULL: free */
  gpointer user_data;
} Watcher;

struct _Journal
{
  gint n_refs; /* atomic */
  GMutex lock; /* guards what follows */
  GQueue events;
  guint64 newest;  /* an id */
  guint64 dropped; /* that of the newest event that is no longer here */
  Watcher watchers[JOURNAL_MAX_WATCHERS];
};

/* What happened before is not known. */
Journal *
journal_new (void)
{
  Journal *self = g_new0 (Journal, 1);

  self->n_refs = 1;
  g_mutex_init (&self->lock);
  g_queue_init (&self->events);
  self->newest = g_get_real_time ();
  self->dropped = self->newest;
  return self;
}

Journal *
journal_ref (Journal *self)
{
  g_atomic_int_inc (&self->n_refs);
  return self;
}

void
journal_unref (Journal *self)
{
  if (self == NULL || !g_atomic_int_dec_and_test (&self->n_refs))
    return;
  g_queue_clear_full (&self->events, (GDestroyNotify) journal_event_unref);
  g_mutex_clear (&self->lock);
  g_free (self);
}

static void
drop_oldest (Journal *self)
{
  g_autoptr (JournalEvent) oldest = g_queue_pop_head (&self->events);

  self->dropped = oldest->id;
}

static void
call_watchers (Journal *self)
{
  for (guint i = 0; i < JOURNAL_MAX_WATCHERS; i++)
    if (self->watchers[i].func != NULL)
      self->watchers[i].func (self->watchers[i].user_data);
}

void
journal_append (Journal *self, JournalEvent *event)
{
  g_assert (event->id == 0);
  g_mutex_lock (&self->lock);
  event->time_us = g_get_real_time ();
  event->id = MAX ((guint64) event->time_us, self->newest + 1);
  self->newest = event->id;
  if (self->events.length == JOURNAL_MAX_EVENTS)
    drop_oldest (self);
  g_queue_push_tail (&self->events, journal_event_ref (event));
  call_watchers (self);
  g_mutex_unlock (&self->lock);
}

guint64
journal_newest (Journal *self)
{
  guint64 newest;

  g_mutex_lock (&self->lock);
  newest = self->newest;
  g_mutex_unlock (&self->lock);
  return newest;
}

/* Readers are near the end most of the time. */
static JournalEvent *
find_after (const Journal *self, guint64 after)
{
  JournalEvent *found = NULL;

  for (GList *link = self->events.tail; link != NULL; link = link->prev) {
    JournalEvent *event = link->data;

    if (event->id <= after)
      break;
    found = event;
  }
  return found;
}

JournalEvent *
journal_next (Journal *self, guint64 after, gboolean *has_gap)
{
  JournalEvent *event;

  g_mutex_lock (&self->lock);
  *has_gap = after < self->dropped;
  event = find_after (self, after);
  if (event != NULL)
    journal_event_ref (event);
  g_mutex_unlock (&self->lock);
  return event;
}

/* Returns: (nullable) */
static Watcher *
find_watcher (Journal *self, JournalWatchFunc func, gpointer user_data)
{
  for (guint i = 0; i < JOURNAL_MAX_WATCHERS; i++)
    if (self->watchers[i].func == func &&
        (func == NULL || self->watchers[i].user_data == user_data))
      return &self->watchers[i];
  return NULL;
}

gboolean
journal_watch (Journal *self, JournalWatchFunc func, gpointer user_data)
{
  Watcher *watcher;

  g_mutex_lock (&self->lock);
  watcher = find_watcher (self, NULL, NULL);
  if (watcher != NULL)
    *watcher = (Watcher){ func, user_data };
  g_mutex_unlock (&self->lock);
  return watcher != NULL;
}

void
journal_unwatch (Journal *self, JournalWatchFunc func, gpointer user_data)
{
  Watcher *watcher;

  g_mutex_lock (&self->lock);
  watcher = find_watcher (self, func, user_data);
  if (watcher != NULL)
    *watcher = (Watcher){ NULL };
  g_mutex_unlock (&self->lock);
}
