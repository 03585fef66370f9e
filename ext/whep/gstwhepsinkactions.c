/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The action signals of whepsink: see gstwhepsinkactions.h. */

#include "ext/whep/gstwhepsinkactions.h"
#include "ext/whep/gstwhepcontrols.h"
#include "ext/whep/gstwheppulls.h"
#include "ext/whep/gstwheproom.h"
#include "ext/whep/gstwhepsink.h"
#include "ext/whep/http/apiendpoint-io.h"
#include "ext/whep/http/httpcall-io.h"
#include "gst/settings/gstwhepactions.h"

static GstWhepCalls *
calls_of (GstElement *element)
{
  return gst_whep_sink_calls (GST_WHEP_SINK (element));
}

static gboolean
disconnect_publisher (GstElement *element, const gchar *stream,
    const gchar *reason, GstClockTime refuse_for)
{
  g_return_val_if_fail (stream != NULL, FALSE);

  return gst_whep_controls_disconnect_publisher (element, stream,
      reason != NULL ? reason : WHEP_API_REASON, refuse_for);
}

static gboolean
disconnect_viewer (GstElement *element, const gchar *id, const gchar *reason)
{
  WhepHttp *http;
  gboolean is_done = FALSE;

  g_return_val_if_fail (id != NULL, FALSE);

  http = gst_whep_calls_begin (calls_of (element));
  if (http == NULL)
    return FALSE;
  is_done = whep_http_disconnect_viewer (http, id,
      reason != NULL ? reason : WHEP_API_REASON);
  gst_whep_calls_end (calls_of (element));
  return is_done;
}

static void
drain (GstElement *element, GstClockTime deadline)
{
  WhepHttp *http = gst_whep_calls_begin (calls_of (element));

  if (http == NULL)
    return;
  whep_http_drain (http,
      GST_CLOCK_TIME_IS_VALID (deadline)
          ? MIN (deadline / GST_USECOND,
                (guint64) WHEP_DRAIN_MAX_S * G_USEC_PER_SEC)
          : -1);
  gst_whep_calls_end (calls_of (element));
}

static gchar *
get_streams (GstElement *element)
{
  WhepHttp *http = gst_whep_calls_begin (calls_of (element));
  gchar *json;

  if (http == NULL)
    return NULL;
  json = whep_http_dup_streams (http);
  gst_whep_calls_end (calls_of (element));
  return json;
}

static gchar *
get_viewers (GstElement *element, const gchar *stream)
{
  WhepHttp *http = gst_whep_calls_begin (calls_of (element));
  gchar *json;

  if (http == NULL)
    return NULL;
  json = whep_http_dup_viewers (http,
      stream != NULL && *stream != '\0' ? stream : NULL);
  gst_whep_calls_end (calls_of (element));
  return json;
}

static GstStructure *
get_load (GstElement *element)
{
  WhepHttp *http = gst_whep_calls_begin (calls_of (element));
  gboolean is_draining;
  guint n_viewers;

  if (http == NULL)
    return NULL;
  is_draining = whep_http_load (http, &n_viewers);
  gst_whep_calls_end (calls_of (element));
  return gst_structure_new ("load", "viewers", G_TYPE_UINT, n_viewers,
      "draining", G_TYPE_BOOLEAN, is_draining, NULL);
}

static const GstWhepActions actions = {
  .disconnect_publisher = disconnect_publisher,
  .disconnect_viewer = disconnect_viewer,
  .drain = drain,
  .get_streams = get_streams,
  .get_viewers = get_viewers,
};

static void
install_get_load (GType type)
{
  /**
   * GstWhepSink::get-load:
   * @sink: the element
   *
   * An action signal.
   *
   * Returns: (transfer full) (nullable): how many `viewers` there are (guint),
   * of WebRTC and of MP4 over HTTP, and whether the server is `draining`
   * (gboolean); %NULL unless running.
   *
   * Since: 0.1
   */
  g_signal_new_class_handler ("get-load", type,
      G_SIGNAL_RUN_LAST | G_SIGNAL_ACTION, G_CALLBACK (get_load), NULL, NULL,
      NULL, GST_TYPE_STRUCTURE, 0);
}

void
gst_whep_sink_install_actions (GType type)
{
  /**
   * GstWhepSink::disconnect-publisher:
   * @sink: the element
   * @stream: the stream's name, APP/KEY
   * @reason: (nullable): words for the publisher
   * @refuse_for: how long publishers of that name are then rejected, in
   *     nanoseconds; at most a day
   *
   * An action signal: sends the stream's publisher away, by an upstream event
   * `rtmp-webrtc/disconnect`.
   *
   * Returns: %TRUE if an element upstream has done so.
   *
   * Since: 0.1
   */
  /**
   * GstWhepSink::disconnect-viewer:
   * @sink: the element
   * @id: the viewer's, as in the message `viewer-added`
   * @reason: (nullable): words for the viewer
   *
   * An action signal: sends a viewer away and shows the reason to it; the reply
   * of an HTTP reader is cut.
   *
   * Returns: %TRUE if there was such a viewer.
   *
   * Since: 0.1
   */
  /**
   * GstWhepSink::drain:
   * @sink: the element
   * @deadline: in nanoseconds from now; %GST_CLOCK_TIME_NONE to admit viewers
   *     again
   *
   * An action signal: from now on, new viewers are redirected to another node,
   * or rejected with 503; those that are still there at the deadline are
   * disconnected. With #GstWhepSink:node, viewers are asked to come again
   * elsewhere, one after the other within the last minute.
   *
   * Since: 0.1
   */
  /**
   * GstWhepSink::get-streams:
   * @sink: the element
   *
   * An action signal.
   *
   * Returns: (transfer full) (nullable): what an administrator gets from
   * `/api/v1/streams`, in JSON; %NULL unless running.
   *
   * Since: 0.1
   */
  /**
   * GstWhepSink::get-viewers:
   * @sink: the element
   * @stream: (nullable): the stream's name; %NULL or "" for all streams
   *
   * An action signal.
   *
   * Returns: (transfer full) (nullable): what an administrator gets from
   * `/api/v1/viewers`, in JSON; %NULL unless running.
   *
   * Since: 0.1
   */
  gst_whep_actions_install (type, &actions);
  install_get_load (type);
  gst_whep_pulls_install_signals (type);
  gst_whep_room_install_signals (type);
}
