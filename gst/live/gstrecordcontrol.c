/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The settings and signals of recordings: see gstrecordcontrol.h. */

#include "gst/live/gstrecordcontrol.h"

GST_DEBUG_CATEGORY_EXTERN (gst_rtmp_webrtc_sink_debug);
#define GST_CAT_DEFAULT gst_rtmp_webrtc_sink_debug

/* Returns: (nullable): why the location is not valid. */
static const gchar *
pass_on (GstRtmpWebrtcSink *sink, const GstRtmpWebrtcSinkSettings *settings)
{
  GstRecordings *recordings = gst_rtmp_webrtc_sink_get_recordings (sink);
  g_autofree gchar *location = NULL;
  const gchar *why = NULL;
  RecordLimits limits;

  GST_OBJECT_LOCK (sink);
  location = g_strdup (settings->record_location);
  limits.duration_ns = settings->record_duration;
  limits.bytes = settings->record_size;
  GST_OBJECT_UNLOCK (sink);
  gst_recordings_set_limits (recordings, &limits);
  gst_recordings_set_location (recordings, location, &why);
  return why;
}

void
gst_record_control_apply (GstRtmpWebrtcSink *sink,
    const GstRtmpWebrtcSinkSettings *settings)
{
  const gchar *why = pass_on (sink, settings);

  if (why != NULL)
    GST_WARNING_OBJECT (sink, "record-location is not valid: %s", why);
}

gboolean
gst_record_control_check (GstRtmpWebrtcSink *sink,
    const GstRtmpWebrtcSinkSettings *settings)
{
  const gchar *why = pass_on (sink, settings);

  if (why != NULL)
    GST_ELEMENT_ERROR (sink, RESOURCE, SETTINGS,
        ("The location of recordings is not valid: %s.", why),
        ("record-location"));
  return why == NULL;
}

static gchar *
start_recording (GstRtmpWebrtcSink *sink, const gchar *stream,
    const gchar *location)
{
  if (stream == NULL)
    return g_strdup ("the name of a stream is missing");
  return g_strdup (
      gst_recordings_start (gst_rtmp_webrtc_sink_get_recordings (sink), stream,
          location));
}

static gchar *
stop_recording (GstRtmpWebrtcSink *sink, const gchar *stream)
{
  if (stream == NULL)
    return g_strdup ("the name of a stream is missing");
  return g_strdup (
      gst_recordings_stop (gst_rtmp_webrtc_sink_get_recordings (sink), stream));
}

/* A client has no say in where the file goes. */
static gchar *
on_request (GstElement *whep, const gchar *stream, gboolean starts,
    GstRtmpWebrtcSink *sink)
{
  return starts ? start_recording (sink, stream, NULL)
                : stop_recording (sink, stream);
}

static GstStructure *
on_describe (GstElement *whep, const gchar *stream, GstRtmpWebrtcSink *sink)
{
  return gst_recordings_describe (gst_rtmp_webrtc_sink_get_recordings (sink),
      stream);
}

/* Another element of that name may lack the signal. */
static void
answer (GstRtmpWebrtcSink *sink, GstElement *whep, const gchar *signal,
    GCallback handler)
{
  if (g_signal_lookup (signal, G_OBJECT_TYPE (whep)) != 0)
    g_signal_connect_object (whep, signal, handler, sink, 0);
}

void
gst_record_control_serve (GstRtmpWebrtcSink *sink, GstElement *whep)
{
  answer (sink, whep, "request-recording", G_CALLBACK (on_request));
  answer (sink, whep, "describe-recording", G_CALLBACK (on_describe));
}

void
gst_record_control_install_signals (GType type)
{
  /**
   * GstRtmpWebrtcSink::start-recording:
   * @sink: the element
   * @stream: the stream's name, APP/KEY
   * @location: (nullable): as the property record-location, which is the
   *   default
   *
   * An action signal: records a stream from its next key frame on, until
   * #GstRtmpWebrtcSink::stop-recording or the publisher ends it. Messages
   * report its files.
   *
   * Returns: (transfer full) (nullable): %NULL, or the reason why not.
   *
   * Since: 0.1
   */
  g_signal_new_class_handler ("start-recording", type,
      G_SIGNAL_RUN_LAST | G_SIGNAL_ACTION, G_CALLBACK (start_recording), NULL,
      NULL, NULL, G_TYPE_STRING, 2, G_TYPE_STRING, G_TYPE_STRING);
  /**
   * GstRtmpWebrtcSink::stop-recording:
   * @sink: the element
   * @stream: the stream's name, APP/KEY
   *
   * An action signal: ends the recording of a stream, whatever began it.
   *
   * Returns: (transfer full) (nullable): %NULL, or the reason why not.
   *
   * Since: 0.1
   */
  g_signal_new_class_handler ("stop-recording", type,
      G_SIGNAL_RUN_LAST | G_SIGNAL_ACTION, G_CALLBACK (stop_recording), NULL,
      NULL, NULL, G_TYPE_STRING, 1, G_TYPE_STRING);
}
