/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Requests that wait for a pulled stream: see pulls-io.h. */

#include "ext/whep/http/pulls-io.h"
#include "ext/whep/category.h"
#include "ext/whep/http/connections-io.h"
#include "ext/whep/http/request-io.h"
#include "ext/whep/http/ticker-io.h"
#include "gst/net/client.h"

WHEP_CATEGORY ("wheppulls", "Requests that wait for a pulled stream");

/* Streams become ready in several threads. While a request waits, looking often
 * is cheaper than being told of everything. */
#define LOOK_MS 20
#define SWEEP_MS 1000
/* Of requests. The other connections are for what need not wait. */
#define MAX_WAITING (WHEP_CONNECTIONS_MAX / 2)

struct _WhepPulls
{
  WhepPullsParams params;
  WhepPullTable *table;
  WhepPullUseFunc use;
  gpointer use_data;
  GQueue waiting; /* of Wait */
  GSource *look;  /* nullable: while requests wait */
  GSource *sweep; /* nullable: while the table has entries */
  gboolean is_answering;
  gboolean is_closed;
};

typedef struct
{
  WhepPulls *owner;
  GList link;
  SoupServerMessage *message; /* owned */
  gchar *stream;
  gint64 until_us;
  WhepPullsWaiter waiter;
} Wait;

WhepPulls *
whep_pulls_new (const WhepPullsParams *params, WhepPullUseFunc use,
    gpointer user_data)
{
  WhepPulls *self = g_new0 (WhepPulls, 1);

  self->params = *params;
  self->table = whep_pull_table_new (params->max_pulls, params->linger_us);
  self->use = use;
  self->use_data = user_data;
  g_queue_init (&self->waiting);
  return self;
}

static void
clear_source (GSource **source)
{
  if (*source != NULL)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

void
whep_pulls_free (WhepPulls *self)
{
  if (self == NULL)
    return;
  g_assert (g_queue_is_empty (&self->waiting));
  clear_source (&self->look);
  clear_source (&self->sweep);
  whep_pull_table_free (self->table);
  g_free (self);
}

gboolean
whep_pulls_has_settled (const WhepPulls *self, const gchar *stream,
    gint64 least_us)
{
  WhepPullUse use = self->use (stream, self->use_data);

  return use.is_live && use.live_us >= least_us;
}

gboolean
whep_pulls_touch (WhepPulls *self, const gchar *stream)
{
  if (!self->use (stream, self->use_data).is_live)
    return FALSE;
  if (whep_pull_table_touch (self->table, stream, g_get_monotonic_time ()))
    self->params.begin (stream, self->params.user_data);
  return TRUE;
}

static void
wait_free (Wait *wait)
{
  g_queue_unlink (&wait->owner->waiting, &wait->link);
  g_signal_handlers_disconnect_by_data (wait->message, wait);
  g_object_unref (wait->message);
  g_free (wait->stream);
  g_free (wait);
}

/* What answers may pause the message once more. */
static void
answer (Wait *wait)
{
  WhepPulls *self = wait->owner;
  g_autoptr (SoupServerMessage) message = g_object_ref (wait->message);
  g_autofree gchar *stream = g_steal_pointer (&wait->stream);
  WhepPullsWaiter waiter = wait->waiter;

  wait_free (wait);
  soup_server_message_unpause (message);
  self->is_answering = TRUE;
  waiter.func (message, stream, waiter.user_data);
  self->is_answering = FALSE;
}

/* @stream: (nullable): any. */
static void
answer_all (WhepPulls *self, const gchar *stream)
{
  for (GList *link = self->waiting.head, *next; link != NULL; link = next) {
    Wait *wait = link->data;

    next = link->next;
    if (stream == NULL || g_str_equal (wait->stream, stream))
      answer (wait);
  }
}

void
whep_pulls_close (WhepPulls *self)
{
  self->is_closed = TRUE;
  answer_all (self, NULL);
  clear_source (&self->look);
  clear_source (&self->sweep);
}

static gboolean
on_sweep (gpointer user_data)
{
  WhepPulls *self = user_data;
  g_auto (GStrv) over = whep_pull_table_sweep (self->table, self->use,
      self->use_data, g_get_monotonic_time ());

  for (guint i = 0; over[i] != NULL; i++) {
    GST_INFO ("%s: the pull is over", over[i]);
    self->params.end (over[i], self->params.user_data);
  }
  if (!whep_pull_table_is_empty (self->table))
    return G_SOURCE_CONTINUE;
  g_clear_pointer (&self->sweep, g_source_unref);
  return G_SOURCE_REMOVE;
}

static gboolean
on_look (gpointer user_data)
{
  WhepPulls *self = user_data;
  gint64 now_us = g_get_monotonic_time ();

  for (GList *link = self->waiting.head, *next; link != NULL; link = next) {
    Wait *wait = link->data;

    next = link->next;
    if (!wait->waiter.is_ready (wait->stream, wait->waiter.user_data) &&
        now_us < wait->until_us)
      continue;
    whep_pulls_touch (self, wait->stream);
    answer (wait);
  }
  if (!g_queue_is_empty (&self->waiting))
    return G_SOURCE_CONTINUE;
  g_clear_pointer (&self->look, g_source_unref);
  return G_SOURCE_REMOVE;
}

static void
on_disconnected (SoupServerMessage *message, Wait *wait)
{
  wait_free (wait);
}

static void
wait_new (WhepPulls *self, SoupServerMessage *message, const gchar *stream,
    const WhepPullsWaiter *waiter)
{
  Wait *wait = g_new0 (Wait, 1);

  wait->owner = self;
  wait->link.data = wait;
  wait->message = g_object_ref (message);
  wait->stream = g_strdup (stream);
  wait->until_us = g_get_monotonic_time () + self->params.timeout_us;
  wait->waiter = *waiter;
  g_signal_connect (message, "disconnected", G_CALLBACK (on_disconnected),
      wait);
  g_queue_push_tail_link (&self->waiting, &wait->link);
  soup_server_message_pause (message);
  whep_ticker_set (&self->look, TRUE, LOOK_MS, on_look, self);
}

/* Returns FALSE if the stream is not pulled. */
static gboolean
pull (WhepPulls *self, SoupServerMessage *message, const gchar *stream)
{
  gchar client[NET_CLIENT_MAX + 1];

  if (self->use (stream, self->use_data).is_live &&
      !whep_pull_table_has (self->table, stream))
    return FALSE;
  whep_request_client (message, client);
  switch (whep_pull_table_ask (self->table, stream,
      self->params.has_shares ? client : NULL, g_get_monotonic_time ())) {
    case WHEP_PULL_GOES_ON:
      return TRUE;
    case WHEP_PULL_REFUSED:
      return FALSE;
    case WHEP_PULL_NO_ROOM:
      GST_WARNING ("%s: is not pulled: %u streams are", stream,
          whep_pull_table_count (self->table));
      return FALSE;
    case WHEP_PULL_NO_SHARE:
      GST_INFO ("%s: is not pulled: too many others begin for that client",
          stream);
      return FALSE;
    case WHEP_PULL_BEGINS:
      whep_ticker_set (&self->sweep, TRUE, SWEEP_MS, on_sweep, self);
      if (self->params.begin (stream, self->params.user_data))
        return TRUE;
      whep_pull_table_fail (self->table, stream, g_get_monotonic_time ());
      return FALSE;
  }
  g_assert_not_reached ();
}

gboolean
whep_pulls_is_possible (const WhepPulls *self)
{
  return self->params.begin != NULL &&
      (self->params.is_possible == NULL ||
          self->params.is_possible (self->params.user_data));
}

gboolean
whep_pulls_wait (WhepPulls *self, SoupServerMessage *message,
    const gchar *stream, const WhepPullsWaiter *waiter)
{
  if (self->params.begin == NULL || self->is_answering || self->is_closed ||
      self->waiting.length >= MAX_WAITING || !pull (self, message, stream))
    return FALSE;
  wait_new (self, message, stream, waiter);
  return TRUE;
}

void
whep_pulls_fail (WhepPulls *self, const gchar *stream)
{
  if (!whep_pull_table_fail (self->table, stream, g_get_monotonic_time ()))
    return;
  GST_INFO ("%s: there is no such stream to pull", stream);
  self->params.end (stream, self->params.user_data);
  answer_all (self, stream);
}
