/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The action signals of rtmpwebrtcsink: see gstrtmpwebrtcsinkactions.h. */

#include "gst/live/gstrtmpwebrtcsinkactions.h"
#include "gst/live/gstrtmpwebrtcsink.h"
#include "gst/settings/gstwhepactions.h"

/* Returns: (nullable) (transfer none) */
static GstElement *
whep_of (GstElement *element)
{
  return gst_rtmp_webrtc_sink_get_whep (GST_RTMP_WEBRTC_SINK (element));
}

static gboolean
disconnect_publisher (GstElement *element, const gchar *stream,
    const gchar *reason, GstClockTime refuse_for)
{
  return gst_whep_actions_disconnect_publisher (whep_of (element), stream,
      reason, refuse_for);
}

static gboolean
disconnect_viewer (GstElement *element, const gchar *id, const gchar *reason)
{
  return gst_whep_actions_disconnect_viewer (whep_of (element), id, reason);
}

static void
drain (GstElement *element, GstClockTime deadline)
{
  gst_whep_actions_drain (whep_of (element), deadline);
}

static gchar *
get_streams (GstElement *element)
{
  return gst_whep_actions_get_streams (whep_of (element));
}

static gchar *
get_viewers (GstElement *element, const gchar *stream)
{
  return gst_whep_actions_get_viewers (whep_of (element), stream);
}

static const GstWhepActions actions = {
  .disconnect_publisher = disconnect_publisher,
  .disconnect_viewer = disconnect_viewer,
  .drain = drain,
  .get_streams = get_streams,
  .get_viewers = get_viewers,
};

void
gst_rtmp_webrtc_sink_install_actions (GType type)
{
  /**
   * GstRtmpWebrtcSink::disconnect-publisher:
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
   * GstRtmpWebrtcSink::disconnect-viewer:
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
   * GstRtmpWebrtcSink::drain:
   * @sink: the element
   * @deadline: in nanoseconds from now; %GST_CLOCK_TIME_NONE to admit viewers
   *     again
   *
   * An action signal: from now on, new viewers are rejected with 503; those
   * that are still there at the deadline are disconnected.
   *
   * Since: 0.1
   */
  /**
   * GstRtmpWebrtcSink::get-streams:
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
   * GstRtmpWebrtcSink::get-viewers:
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
}
