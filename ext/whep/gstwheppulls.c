/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Has streams pulled from another server: see gstwheppulls.h. */

#include "ext/whep/gstwheppulls.h"
#include "ext/whep/gstwhepsink.h"
#include "ext/whep/http/httpcall-io.h"

#define BEGIN "pull-stream"
#define END "end-pull"
#define FAILED "pull-failed"

static void
on_failed (GstElement *sink, const gchar *stream)
{
  GstWhepCalls *calls = gst_whep_sink_calls (GST_WHEP_SINK (sink));
  WhepHttp *http = gst_whep_calls_begin (calls);

  g_return_if_fail (stream != NULL);

  if (http == NULL)
    return;
  whep_http_fail_pull (http, stream);
  gst_whep_calls_end (calls);
}

void
gst_whep_pulls_install_signals (GType type)
{
  /**
   * GstWhepSink::pull-stream:
   * @sink: the element
   * @stream: the stream's name, APP/KEY
   *
   * Emitted when a client that may watch the stream asks for it and nobody
   * publishes it, from the HTTP thread: a handler must not block. It has the
   * stream begin at pads of this element, for #GstWhepSink::end-pull to end. If
   * it cannot have the stream, it emits #GstWhepSink::pull-failed. The client
   * waits for 5 seconds at most.
   *
   * Returns: %TRUE if the handler pulls streams; then no other one is called.
   *
   * Since: 0.1
   */
  g_signal_new (BEGIN, type, G_SIGNAL_RUN_LAST, 0,
      g_signal_accumulator_true_handled, NULL, NULL, G_TYPE_BOOLEAN, 1,
      G_TYPE_STRING);
  /**
   * GstWhepSink::end-pull:
   * @sink: the element
   * @stream: the stream's name
   *
   * Emitted when no viewer has watched a pulled stream for
   * #GstWhepSink:origin-linger, or when the pull has failed, from the HTTP
   * thread. The stream need not end at once.
   *
   * Since: 0.1
   */
  g_signal_new (END, type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
      1, G_TYPE_STRING);
  /**
   * GstWhepSink::pull-failed:
   * @sink: the element
   * @stream: the stream's name
   *
   * An action signal: the stream cannot be had at the moment. If it has not
   * begun before, the clients that wait for it get 409, and for 2 seconds it
   * is not asked for again; otherwise the pull should be tried again until
   * #GstWhepSink::end-pull.
   *
   * Since: 0.1
   */
  g_signal_new_class_handler (FAILED, type, G_SIGNAL_RUN_LAST | G_SIGNAL_ACTION,
      G_CALLBACK (on_failed), NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static gboolean
is_possible (gpointer sink)
{
  return g_signal_has_handler_pending (sink,
      g_signal_lookup (BEGIN, G_OBJECT_TYPE (sink)), 0, TRUE);
}

static gboolean
begin (const gchar *stream, gpointer sink)
{
  gboolean is_handled = FALSE;

  g_signal_emit_by_name (sink, BEGIN, stream, &is_handled);
  return is_handled;
}

static void
end (const gchar *stream, gpointer sink)
{
  g_signal_emit_by_name (sink, END, stream);
}

WhepPullsParams
gst_whep_pulls_params (GstElement *sink, const GstWhepSettings *settings)
{
  return (WhepPullsParams){
    .is_possible = is_possible,
    .begin = begin,
    .end = end,
    .user_data = sink,
    .max_pulls = settings->max_pulls,
    .has_shares = settings->max_connections_per_address > 0,
    .linger_us = settings->origin_linger / GST_USECOND,
    .timeout_us = WHEP_PULLS_TIMEOUT_S * G_USEC_PER_SEC,
  };
}
