/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Pictures of streams: see snapshots-io.h. */

#include "ext/whep/http/snapshots-io.h"
#include "ext/whep/category.h"
#include "ext/whep/http/connections-io.h"
#include "ext/whep/http/reply-io.h"
#include "gst/access/query.h"

WHEP_CATEGORY ("whepsnapshots", "Pictures of streams over HTTP");

/* Requests that wait for the application: a quarter of the connections, so that
 * an application that does not answer costs viewers nothing. */
#define MAX_WAITING (WHEP_CONNECTIONS_MAX / 4)
/* Wider than any video. */
#define MAX_WIDTH 65535
/* As of a WHEP offer. */
#define RETRY_S 2
/* A pulled stream is live with its caps; its first frame, a key frame, follows
 * immediately. */
#define FIRST_FRAME_US (100 * 1000)

struct _WhepSnapshots
{
  WhepAuthorizer *authorizer;
  WhepPulls *pulls;
  WhepSnapshotFunc func;
  gpointer user_data;
  GHashTable *waiting; /* guint64 → Wait */
  guint64 last_id;
  gboolean is_closed;
};

/* A message that waits for its picture. */
typedef struct
{
  guint64 id;
  WhepSnapshots *owner;
  SoupServerMessage *message;
  GSource *timer;
} Wait;

struct _WhepSnapshotRequest
{
  WhepSnapshots *owner;  /* used in the HTTP thread alone */
  GMainContext *context; /* outlives the thread */
  guint64 id;
  WhepSnapshotAnswer answer;
};

static void
request_free (gpointer data)
{
  WhepSnapshotRequest *request = data;

  g_clear_pointer (&request->answer.jpeg, g_bytes_unref);
  g_free (request->answer.etag);
  g_free (request->answer.why);
  g_main_context_unref (request->context);
  g_free (request);
}

static void
wait_free (gpointer data)
{
  Wait *wait = data;

  g_signal_handlers_disconnect_by_data (wait->message, wait);
  g_source_destroy (wait->timer);
  g_source_unref (wait->timer);
  g_object_unref (wait->message);
  g_free (wait);
}

WhepSnapshots *
whep_snapshots_new (WhepAuthorizer *authorizer, WhepPulls *pulls,
    WhepSnapshotFunc func, gpointer user_data)
{
  WhepSnapshots *self = g_new0 (WhepSnapshots, 1);

  self->authorizer = authorizer;
  self->pulls = pulls;
  self->func = func;
  self->user_data = user_data;
  self->waiting =
      g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, wait_free);
  return self;
}

void
whep_snapshots_free (WhepSnapshots *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->waiting);
  g_free (self);
}

static void
reply_picture (SoupServerMessage *message, const WhepSnapshotAnswer *answer)
{
  if (!whep_reply_unmodified (message, answer->etag))
    whep_reply_bytes (message, "image/jpeg", answer->jpeg);
}

static void
reply (SoupServerMessage *message, const WhepSnapshotAnswer *answer)
{
  if (answer->jpeg != NULL)
    reply_picture (message, answer);
  else if (answer->problem == WHEP_PROBLEM_NO_DECODER)
    whep_reply_problem (message, answer->problem, answer->why);
  else
    whep_reply_later (message, answer->problem, RETRY_S, answer->why);
}

/* Frees @wait. */
static void
finish (Wait *wait, const WhepSnapshotAnswer *answer)
{
  g_autoptr (SoupServerMessage) message = g_object_ref (wait->message);

  g_hash_table_remove (wait->owner->waiting, &wait->id);
  reply (message, answer);
  soup_server_message_unpause (message);
}

static void
give_up (Wait *wait, const gchar *why)
{
  const WhepSnapshotAnswer answer = {
    .problem = WHEP_PROBLEM_TOO_MANY_SNAPSHOTS,
    .why = (gchar *) why,
  };

  finish (wait, &answer);
}

static gboolean
on_late (gpointer wait)
{
  give_up (wait, "The picture was not ready in time.");
  return G_SOURCE_REMOVE;
}

static void
on_gone (SoupServerMessage *message, Wait *wait)
{
  g_hash_table_remove (wait->owner->waiting, &wait->id);
}

void
whep_snapshots_close (WhepSnapshots *self)
{
  GHashTableIter iter;
  gpointer wait;

  self->is_closed = TRUE;
  /* Each iteration removes one. */
  while (g_hash_table_iter_init (&iter, self->waiting),
      g_hash_table_iter_next (&iter, NULL, &wait))
    give_up (wait, "The server is stopping.");
}

/* In the HTTP thread, unless that has ended: then the context frees it. */
static gboolean
on_answer (gpointer data)
{
  WhepSnapshotRequest *request = data;
  Wait *wait = g_hash_table_lookup (request->owner->waiting, &request->id);

  if (wait != NULL)
    finish (wait, &request->answer);
  return G_SOURCE_REMOVE;
}

void
whep_snapshot_request_answer (WhepSnapshotRequest *request,
    WhepSnapshotAnswer *answer)
{
  GSource *source = g_idle_source_new ();
  g_autoptr (GMainContext) context = g_main_context_ref (request->context);

  request->answer = *answer;
  *answer = (WhepSnapshotAnswer){ 0 };
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, on_answer, request, request_free);
  g_source_attach (source, context);
  g_source_unref (source);
}

static Wait *
wait_new (WhepSnapshots *self, SoupServerMessage *message)
{
  Wait *wait = g_new0 (Wait, 1);

  wait->id = ++self->last_id;
  wait->owner = self;
  wait->message = g_object_ref (message);
  wait->timer = g_timeout_source_new_seconds (WHEP_SNAPSHOTS_TIMEOUT_S);
  g_source_set_callback (wait->timer, on_late, wait, NULL);
  g_source_attach (wait->timer, g_main_context_get_thread_default ());
  g_signal_connect (message, "disconnected", G_CALLBACK (on_gone), wait);
  g_hash_table_insert (self->waiting, &wait->id, wait);
  return wait;
}

/* Returns FALSE, having replied, if the request has no valid width; 0: it has
 * none. */
static gboolean
read_width (SoupServerMessage *message, guint *width)
{
  const gchar *query = g_uri_get_query (soup_server_message_get_uri (message));
  g_autofree gchar *text =
      query != NULL ? access_query_get (query, "width") : NULL;
  guint64 number = 0;

  *width = 0;
  if (text == NULL)
    return TRUE;
  if (g_ascii_string_to_unsigned (text, 10, 1, MAX_WIDTH, &number, NULL)) {
    *width = number;
    return TRUE;
  }
  whep_reply_problem (message, WHEP_PROBLEM_MALFORMED_WIDTH,
      "The width is a number of pixels.");
  return FALSE;
}

/* Called once there may be something to make a picture of. */
static void
ask_for_picture (SoupServerMessage *message, const gchar *stream,
    gpointer user_data)
{
  WhepSnapshots *self = user_data;
  WhepSnapshotRequest *request;
  guint width;

  if (!read_width (message, &width))
    return;
  if (self->is_closed || g_hash_table_size (self->waiting) >= MAX_WAITING) {
    whep_reply_later (message, WHEP_PROBLEM_TOO_MANY_SNAPSHOTS, RETRY_S,
        "Too many requests wait for pictures.");
    return;
  }
  GST_LOG ("%s: a picture of width %u is asked for", stream, width);
  request = g_new0 (WhepSnapshotRequest, 1);
  request->owner = self;
  request->context = g_main_context_ref_thread_default ();
  request->id = wait_new (self, message)->id;
  soup_server_message_pause (message);
  self->func (stream, width, request, self->user_data);
}

static gboolean
is_ready (const gchar *stream, gpointer user_data)
{
  return whep_pulls_has_settled (((WhepSnapshots *) user_data)->pulls, stream,
      FIRST_FRAME_US);
}

/* Called once the client has been authorized. */
static void
ask (SoupServerMessage *message, const gchar *stream, gpointer user_data)
{
  WhepSnapshots *self = user_data;
  const WhepPullsWaiter waiter = { is_ready, ask_for_picture, self };

  if (self->func == NULL)
    whep_reply_problem (message, WHEP_PROBLEM_NOT_FOUND,
        "This server makes no pictures.");
  else if (whep_pulls_touch (self->pulls, stream) ||
      !whep_pulls_wait (self->pulls, message, stream, &waiter))
    ask_for_picture (message, stream, self);
}

void
whep_snapshots_serve (WhepSnapshots *self, SoupServerMessage *message,
    const WhepRoute *route)
{
  whep_authorizer_check (self->authorizer, message, route->stream, ask, self);
}
