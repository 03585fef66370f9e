/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Drains the server: see drainer-io.h. */

#include "ext/whep/http/drainer-io.h"
#include "ext/whep/category.h"
#include "ext/whep/http/departures.h"

WHEP_CATEGORY ("whepdrain", "Draining the server of WHEP");

/* Readers leave without notice, and viewers are asked to leave one after the
 * other. */
#define CHECK_MS 250

#define REASON "the server is being drained"

struct _WhepDrainer
{
  WhepRegistry *registry;
  GSource *timer; /* NULL unless draining */
  WhepDepartures departures;
  GPtrArray *leaving; /* ids of sessions, in the order of their departures */
  guint n_asked;      /* of those */
};

WhepDrainer *
whep_drainer_new (WhepRegistry *registry)
{
  WhepDrainer *self = g_new0 (WhepDrainer, 1);

  self->registry = registry;
  self->leaving = g_ptr_array_new_with_free_func (g_free);
  return self;
}

static void
stop_timer (WhepDrainer *self)
{
  if (self->timer == NULL)
    return;
  g_source_destroy (self->timer);
  g_clear_pointer (&self->timer, g_source_unref);
}

void
whep_drainer_free (WhepDrainer *self)
{
  if (self == NULL)
    return;
  stop_timer (self);
  g_ptr_array_unref (self->leaving);
  g_free (self);
}

static guint
count_viewers (const WhepDrainer *self)
{
  return whep_session_table_count (self->registry->sessions) +
      whep_readers_count (self->registry->readers, NULL, NULL);
}

static void
add_session (const WhepSession *session, gpointer sessions)
{
  g_ptr_array_add (sessions, (gpointer) session);
}

/* Their pages try again, perhaps at another server behind the same proxy. */
static void
disconnect_all (WhepDrainer *self)
{
  g_autoptr (GPtrArray) sessions = g_ptr_array_new ();

  whep_session_table_foreach (self->registry->sessions, add_session, sessions);
  for (guint i = 0; i < sessions->len; i++)
    whep_registry_end (self->registry, sessions->pdata[i], REASON);
  whep_readers_disconnect (self->registry->readers);
  GST_INFO ("the deadline has passed: %u viewers disconnected", sessions->len);
}

static void
add_id (const WhepSession *session, gpointer ids)
{
  g_ptr_array_add (ids, g_strdup (session->id));
}

static void
forget_plan (WhepDrainer *self)
{
  self->departures = (WhepDepartures){ 0 };
  g_ptr_array_set_size (self->leaving, 0);
  self->n_asked = 0;
}

/* A viewer has nowhere to go unless there are other servers. */
static void
plan (WhepDrainer *self, gint64 now_us, gint64 deadline_us)
{
  forget_plan (self);
  if (!self->registry->is_node)
    return;
  whep_session_table_foreach (self->registry->sessions, add_id, self->leaving);
  whep_departures_plan (&self->departures, self->leaving->len, now_us,
      deadline_us);
}

/* A viewer that cannot be asked is disconnected, because its player then asks
 * for another session. */
static void
ask (WhepDrainer *self, const gchar *id)
{
  const WhepSession *session =
      whep_session_table_by_id (self->registry->sessions, id);

  if (session == NULL)
    return;
  GST_DEBUG ("%s %s: asked to come again elsewhere", session->stream,
      session->ufrag);
  if (!whep_subscribers_ask_to_reconnect (self->registry->events, id))
    whep_registry_end (self->registry, session, REASON);
}

static void
ask_those_due (WhepDrainer *self, gint64 now_us)
{
  guint n_due = whep_departures_due (&self->departures, now_us);

  while (self->n_asked < n_due)
    ask (self, g_ptr_array_index (self->leaving, self->n_asked++));
}

static void
check (WhepDrainer *self)
{
  WhepDrain *drain = &self->registry->drain;
  gint64 now_us = g_get_monotonic_time ();

  ask_those_due (self, now_us);
  if (whep_drain_check (drain, count_viewers (self), now_us))
    disconnect_all (self);
  whep_drain_check (drain, count_viewers (self), now_us);
  if (drain->state != WHEP_DRAIN_DRAINING)
    stop_timer (self);
}

static gboolean
on_timer (gpointer user_data)
{
  check (user_data);
  return G_SOURCE_CONTINUE;
}

void
whep_drainer_begin (WhepDrainer *self, gint64 deadline_us)
{
  GST_INFO ("no new viewers from now on");
  whep_drain_begin (&self->registry->drain, deadline_us);
  plan (self, g_get_monotonic_time (), deadline_us);
  if (self->timer == NULL) {
    self->timer = g_timeout_source_new (CHECK_MS);
    g_source_set_callback (self->timer, on_timer, self, NULL);
    g_source_attach (self->timer, g_main_context_get_thread_default ());
  }
  check (self);
}

void
whep_drainer_end (WhepDrainer *self)
{
  if (whep_drain_is_on (&self->registry->drain))
    GST_INFO ("new viewers are admitted again");
  whep_drain_end (&self->registry->drain);
  whep_subscribers_withdraw_requests (self->registry->events);
  forget_plan (self);
  stop_timer (self);
}

gchar *
whep_drainer_to_json (WhepDrainer *self)
{
  check (self);
  return whep_drain_to_json (&self->registry->drain, count_viewers (self),
      g_get_monotonic_time ());
}
