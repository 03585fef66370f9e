/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Posts events to the operator's server: see webhook-io.h.
 *
 * The URL is not logged, because it may hold a secret. */

#include "gst/journal/webhook-io.h"

#include "gst/access/filestamp-io.h"
#include "gst/access/hook-io.h"
#include "gst/access/post-io.h"
#include "gst/journal/deliveries.h"
#include "gst/journal/eventjson.h"
#include "gst/journal/signature.h"

#include <gst/gstinfo.h>
#include <string.h>

GST_DEBUG_CATEGORY_STATIC (journal_webhook_debug);
#define GST_CAT_DEFAULT journal_webhook_debug

struct _JournalWebhook
{
  Journal *journal;
  gchar *url;
  gchar *secret_file; /* nullable */
  JournalWebhookWarnFunc warn;
  gpointer user_data;
  GThread *thread;
  GMainContext *context;
  GMainLoop *loop;
  GSource *turn;  /* ready when there is something to do */
  gint is_ending; /* atomic */

  /* All below is the thread's alone once that runs. */
  AccessFileStamp stamp; /* of the file that the secrets are from */
  JournalSecrets *secrets;
  JournalDeliveries *deliveries;
  guint64 newest; /* id of the last event that was taken */
  SoupSession *session;
  GCancellable *cancellable;
  guint n_posting;
  gboolean is_failing;     /* the last attempt was not accepted */
  guint64 told_dropped;    /* that were logged */
  GSource *farewell_timer; /* since it is ending */
};

/* An event on its way. */
typedef struct
{
  JournalWebhook *owner;
  JournalEvent *event;
} Attempt;

static void
init_category (void)
{
  static gsize is_ready = 0;

  if (g_once_init_enter (&is_ready)) {
    GST_DEBUG_CATEGORY_INIT (journal_webhook_debug, "journalwebhook", 0,
        "The HTTP hook that receives events");
    g_once_init_leave (&is_ready, 1);
  }
}

/* Reads the file if it has changed. On failure, the former secrets stay. */
static gboolean
read_secrets (JournalWebhook *self, GError **error)
{
  AccessFileStamp stamp = { 0 };
  g_autofree gchar *text = NULL;
  JournalSecrets *secrets;

  if (self->secret_file == NULL)
    return TRUE;
  if (!access_filestamp_take (&stamp, self->secret_file, error))
    return FALSE;
  if (self->secrets != NULL && access_filestamp_equal (&stamp, &self->stamp))
    return TRUE;
  if (!g_file_get_contents (self->secret_file, &text, NULL, error))
    return FALSE;
  secrets = journal_secrets_new (text, error);
  if (secrets == NULL) {
    g_prefix_error (error, "“%s”: ", self->secret_file);
    return FALSE;
  }
  journal_secrets_free (self->secrets);
  self->secrets = secrets;
  self->stamp = stamp;
  return TRUE;
}

/* Takes @words. */
static void
warn (JournalWebhook *self, gchar *words)
{
  GST_WARNING ("%s", words);
  if (self->warn != NULL)
    self->warn (words, self->user_data);
  g_free (words);
}

static void
add_headers (JournalWebhook *self, SoupMessage *message, const gchar *id,
    const gchar *body)
{
  SoupMessageHeaders *headers = soup_message_get_request_headers (message);
  gint64 time_s = g_get_real_time () / G_USEC_PER_SEC;
  g_autofree gchar *time = g_strdup_printf ("%" G_GINT64_FORMAT, time_s);
  g_autoptr (GError) error = NULL;

  soup_message_headers_replace (headers, JOURNAL_SIGNATURE_ID_HEADER, id);
  soup_message_headers_replace (headers, JOURNAL_SIGNATURE_TIME_HEADER, time);
  if (!read_secrets (self, &error))
    GST_WARNING ("signing with the former secret: %s", error->message);
  if (self->secrets != NULL) {
    g_autofree gchar *signature =
        journal_secrets_sign (self->secrets, id, time_s, body);

    soup_message_headers_replace (headers, JOURNAL_SIGNATURE_HEADER, signature);
  }
}

static SoupMessage *
message_new (JournalWebhook *self, const JournalEvent *event)
{
  gchar *body = journal_event_to_json (event, FALSE);
  g_autoptr (GBytes) bytes = g_bytes_new_take (body, strlen (body));
  g_autofree gchar *id = journal_event_dup_id (event);
  SoupMessage *message = access_post_new (self->url, bytes);

  /* The URL was checked. */
  g_assert (message != NULL);
  add_headers (self, message, id, body);
  return message;
}

/* A warning each time it begins to fail, not for each event. */
static void
note_result (JournalWebhook *self, guint status, const GError *error)
{
  gboolean is_accepted = SOUP_STATUS_IS_SUCCESSFUL (status);

  if (is_accepted && self->is_failing)
    GST_INFO ("events are accepted again");
  else if (!is_accepted && !self->is_failing && error != NULL)
    warn (self,
        g_strdup_printf ("Events are not accepted and will be sent again: %s",
            error->message));
  else if (!is_accepted && !self->is_failing)
    warn (self,
        g_strdup_printf ("Events are not accepted and will be sent again: the "
                         "server answers %u",
            status));
  self->is_failing = !is_accepted;
}

static void
note_dropped (JournalWebhook *self)
{
  guint64 n_dropped = journal_deliveries_n_dropped (self->deliveries);

  /* Once for each time that it gets out of hand. */
  if (n_dropped > 0 && self->told_dropped == 0)
    warn (self,
        g_strdup ("Too many events have not been accepted: the oldest are "
                  "dropped."));
  else if (n_dropped > self->told_dropped &&
      journal_deliveries_length (self->deliveries) == 0)
    warn (self,
        g_strdup_printf ("Events are accepted again; %" G_GUINT64_FORMAT
                         " were dropped in total.",
            n_dropped));
  else
    return;
  self->told_dropped = n_dropped;
}

static void
wake (JournalWebhook *self)
{
  g_source_set_ready_time (self->turn, 0);
}

static void
on_answer (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Attempt *attempt = user_data;
  JournalWebhook *self = attempt->owner;
  g_autoptr (GError) error = NULL;
  const gchar *answer;
  gsize size;
  guint status = access_post_send_finish (result, &answer, &size, &error);

  GST_DEBUG ("%s %" G_GUINT64_FORMAT ": %u", attempt->event->name,
      attempt->event->id, status);
  if (!g_cancellable_is_cancelled (self->cancellable))
    note_result (self, status, error);
  journal_deliveries_finish (self->deliveries, attempt->event,
      SOUP_STATUS_IS_SUCCESSFUL (status), g_random_int (),
      g_get_monotonic_time ());
  self->n_posting--;
  journal_event_unref (attempt->event);
  g_free (attempt);
  wake (self);
}

static void
post (JournalWebhook *self, JournalEvent *event)
{
  g_autoptr (SoupMessage) message = message_new (self, event);
  Attempt *attempt = g_new0 (Attempt, 1);

  attempt->owner = self;
  attempt->event = journal_event_ref (event);
  self->n_posting++;
  access_post_send_async (self->session, message, self->cancellable, on_answer,
      attempt);
}

/* The journal keeps more events than arrive until this thread's next turn;
 * if not, those that are lost are dropped like the oldest of the queue. */
static void
take_events (JournalWebhook *self)
{
  JournalEvent *event;
  gboolean has_gap;

  while (
      (event = journal_next (self->journal, self->newest, &has_gap)) != NULL) {
    if (has_gap)
      GST_WARNING ("events came too fast, some were dropped");
    self->newest = event->id;
    journal_deliveries_add (self->deliveries, event, g_get_monotonic_time ());
    journal_event_unref (event);
  }
}

static void
post_events (JournalWebhook *self)
{
  JournalEvent *event;

  while (self->n_posting < JOURNAL_WEBHOOK_MAX_CONNECTIONS &&
      (event = journal_deliveries_begin (self->deliveries,
           g_get_monotonic_time ())) != NULL)
    post (self, event);
}

/* What is not accepted at once has had its chance. */
static void
check_end (JournalWebhook *self)
{
  if (self->n_posting == 0)
    g_main_loop_quit (self->loop);
}

static gboolean
on_farewell (gpointer user_data)
{
  JournalWebhook *self = user_data;

  g_cancellable_cancel (self->cancellable);
  return G_SOURCE_REMOVE;
}

static void
begin_farewell (JournalWebhook *self)
{
  self->farewell_timer = g_timeout_source_new (JOURNAL_WEBHOOK_FAREWELL_MS);
  g_source_set_callback (self->farewell_timer, on_farewell, self, NULL);
  g_source_attach (self->farewell_timer, self->context);
}

static gboolean
on_turn (gpointer user_data)
{
  JournalWebhook *self = user_data;
  gint64 due_us;

  g_source_set_ready_time (self->turn, -1);
  if (g_atomic_int_get (&self->is_ending) && self->farewell_timer == NULL)
    begin_farewell (self);
  take_events (self);
  if (!g_cancellable_is_cancelled (self->cancellable))
    post_events (self);
  note_dropped (self);
  if (self->farewell_timer != NULL) {
    check_end (self);
    return G_SOURCE_CONTINUE;
  }
  due_us = journal_deliveries_due_us (self->deliveries);
  if (due_us != G_MAXINT64 &&
      self->n_posting < JOURNAL_WEBHOOK_MAX_CONNECTIONS &&
      !g_atomic_int_get (&self->is_ending))
    g_source_set_ready_time (self->turn, due_us);
  return G_SOURCE_CONTINUE;
}

/* Called by any thread. */
static void
on_appended (gpointer user_data)
{
  wake (user_data);
}

static gpointer
run (gpointer user_data)
{
  JournalWebhook *self = user_data;

  g_main_context_push_thread_default (self->context);
  self->session = access_post_session_new (JOURNAL_WEBHOOK_TIMEOUT_S,
      JOURNAL_WEBHOOK_MAX_CONNECTIONS);
  g_main_loop_run (self->loop);
  soup_session_abort (self->session);
  g_clear_object (&self->session);
  g_main_context_pop_thread_default (self->context);
  return NULL;
}

static gboolean
dispatch_turn (GSource *source, GSourceFunc callback, gpointer user_data)
{
  return callback (user_data);
}

static GSourceFuncs turn_funcs = {
  .dispatch = dispatch_turn,
};

static void
clear (JournalWebhook *self)
{
  g_source_destroy (self->turn);
  g_source_unref (self->turn);
  if (self->farewell_timer != NULL)
    g_source_destroy (self->farewell_timer);
  g_clear_pointer (&self->farewell_timer, g_source_unref);
  journal_deliveries_free (self->deliveries);
  journal_secrets_free (self->secrets);
  g_object_unref (self->cancellable);
  g_main_loop_unref (self->loop);
  g_main_context_unref (self->context);
  journal_unref (self->journal);
  g_free (self->secret_file);
  g_free (self->url);
  g_free (self);
}

static gboolean
start (JournalWebhook *self, GError **error)
{
  if (!access_hook_check_url (self->url, error) || !read_secrets (self, error))
    return FALSE;
  self->newest = journal_newest (self->journal);
  if (!journal_watch (self->journal, on_appended, self)) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_BUSY,
        "too many web hooks are set in this pipeline");
    return FALSE;
  }
  self->thread = g_thread_new ("event-webhook", run, self);
  return TRUE;
}

JournalWebhook *
journal_webhook_new (Journal *journal, const JournalWebhookParams *params,
    GError **error)
{
  JournalWebhook *self = g_new0 (JournalWebhook, 1);

  init_category ();
  self->journal = journal_ref (journal);
  self->url = g_strdup (params->url);
  self->secret_file = g_strdup (params->secret_file);
  self->warn = params->warn;
  self->user_data = params->user_data;
  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);
  self->cancellable = g_cancellable_new ();
  self->deliveries = journal_deliveries_new ();
  self->turn = g_source_new (&turn_funcs, sizeof (GSource));
  g_source_set_callback (self->turn, on_turn, self, NULL);
  g_source_attach (self->turn, self->context);
  if (!start (self, error)) {
    clear (self);
    return NULL;
  }
  return self;
}

void
journal_webhook_free (JournalWebhook *self)
{
  if (self == NULL)
    return;
  journal_unwatch (self->journal, on_appended, self);
  g_atomic_int_set (&self->is_ending, TRUE);
  wake (self);
  g_thread_join (self->thread);
  clear (self);
}
