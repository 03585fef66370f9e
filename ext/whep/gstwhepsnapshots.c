/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Asks the application for pictures: see gstwhepsnapshots.h. */

#include "ext/whep/gstwhepsnapshots.h"

#define SIGNAL "request-snapshot"

void
gst_whep_snapshots_install_signal (GType type)
{
  /**
   * GstWhepSink::request-snapshot:
   * @sink: the element
   * @stream: the stream's name, APP/KEY
   * @width: how wide the picture should be, in pixels; 0: as wide as it is
   * @promise: (transfer none): takes the answer
   *
   * Emitted when a client that may watch the stream asks for its newest picture
   * (`GET /snapshot/APP/KEY.jpg`), from the HTTP thread: a handler must not
   * decode. It replies to the promise, at once or from any thread within 10
   * seconds, with a structure that has the fields `jpeg` (#GBytes) and `etag`
   * (a string of letters and digits that differs if the bytes do), or `error`
   * (`none`: there is no picture, `no-decoder`, or `busy`) and `reason`, a
   * sentence for users.
   *
   * Returns: %TRUE if the handler answers; then no other one is called.
   *
   * Since: 0.1
   */
  g_signal_new (SIGNAL, type, G_SIGNAL_RUN_LAST, 0,
      g_signal_accumulator_true_handled, NULL, NULL, G_TYPE_BOOLEAN, 3,
      G_TYPE_STRING, G_TYPE_UINT, GST_TYPE_PROMISE);
}

static WhepProblemKind
problem_of (const gchar *error)
{
  if (g_strcmp0 (error, "no-decoder") == 0)
    return WHEP_PROBLEM_NO_DECODER;
  if (g_strcmp0 (error, "busy") == 0)
    return WHEP_PROBLEM_TOO_MANY_SNAPSHOTS;
  return WHEP_PROBLEM_NO_SNAPSHOT;
}

/* @reply: (nullable): NULL if the promise was expired. */
static void
read_reply (const GstStructure *reply, WhepSnapshotAnswer *answer)
{
  const gchar *error = NULL, *why = NULL;

  if (reply != NULL &&
      gst_structure_get (reply, "jpeg", G_TYPE_BYTES, &answer->jpeg, "etag",
          G_TYPE_STRING, &answer->etag, NULL))
    return;
  g_clear_pointer (&answer->jpeg, g_bytes_unref);
  if (reply != NULL) {
    error = gst_structure_get_string (reply, "error");
    why = gst_structure_get_string (reply, "reason");
  }
  answer->problem = problem_of (error);
  answer->why = g_strdup (why != NULL ? why : "There is no picture.");
}

/* A promise changes at most twice; the first time counts. */
static void
on_change (GstPromise *promise, gpointer user_data)
{
  WhepSnapshotRequest **request = user_data;
  const GstStructure *reply = NULL;
  WhepSnapshotAnswer answer = { 0 };

  if (*request == NULL)
    return;
  if (gst_promise_wait (promise) == GST_PROMISE_RESULT_REPLIED)
    reply = gst_promise_get_reply (promise);
  read_reply (reply, &answer);
  whep_snapshot_request_answer (g_steal_pointer (request), &answer);
}

/* The promise has been dropped without an answer. */
static void
drop (gpointer user_data)
{
  WhepSnapshotRequest **request = user_data;
  WhepSnapshotAnswer answer = { 0 };

  if (*request != NULL) {
    read_reply (NULL, &answer);
    whep_snapshot_request_answer (g_steal_pointer (request), &answer);
  }
  g_free (request);
}

void
gst_whep_snapshots_ask (const gchar *stream, guint width,
    WhepSnapshotRequest *request, gpointer sink)
{
  WhepSnapshotRequest **data = g_new (WhepSnapshotRequest *, 1);
  GstPromise *promise;
  gboolean is_handled = FALSE;

  *data = request;
  promise = gst_promise_new_with_change_func (on_change, data, drop);
  g_signal_emit_by_name (sink, SIGNAL, stream, width, promise, &is_handled);
  if (!is_handled)
    gst_promise_expire (promise);
  gst_promise_unref (promise);
}
