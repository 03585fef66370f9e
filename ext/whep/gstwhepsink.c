/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * SECTION:element-whepsink
 * @title: whepsink
 * @short_description: RTP in, browsers out over WHEP
 *
 * An HTTP server and a WebRTC sender in one. Each pair of request pads with one
 * stream name is a stream: `GET /watch/APP/KEY` is a page that plays it,
 * `POST /whep/APP/KEY` is the WHEP endpoint for other players. HTTP uses the
 * TCP port and all media the UDP port of the same number. Packets are sent
 * unchanged and as soon as they arrive; a new viewer immediately gets the
 * newest key frame and everything after it.
 *
 * Video that not every browser plays may have a rendition in another codec,
 * encoded only while a viewer needs it. An application that can provide it sets
 * the property `rendition-codec` of the video's pad; then offers without the
 * video's own codec are answered with that one. An upstream event
 * `rtmp-webrtc/need-rendition` with the boolean `needed` reports when the first
 * such viewer has connected, and when there has been none for 5 seconds. The
 * rendition goes into another request pad with the same stream-name, whose
 * property `rendition` is set.
 *
 * H.264 with B-frames, for viewers that reorder frames by themselves, goes into
 * another request pad with the same stream-name, whose property `untouched` is
 * set. Its caps come after those of the video without B-frames. An upstream
 * event `rtmp-webrtc/need-transcode` with the boolean `needed` reports on the
 * latter pad when all viewers have taken the other one for 5 seconds, and when
 * that has changed, but only after a sticky event `rtmp-webrtc/stream-facts`.
 *
 * A track of the publisher that viewers do not get is reported by a sticky
 * downstream event `rtmp-webrtc/track-unplayable` on a pad of that media and
 * that stream-name, with the fields `media` (video, audio), `codec` (its common
 * name, optional) and `reason`, which completes the sentence “The publisher's
 * video can't be played:” for viewers. The pad may be one of its own, without
 * caps. The event is valid until stream-start, EOS or the release of that pad,
 * or until another track of that media begins.
 *
 * A request pad `mp4_%u` takes a stream as fragmented MP4, a fragment for each
 * frame, as fmp4livemux makes it: `GET /live/APP/KEY.mp4` is a reply that does
 * not end, for players without WebRTC. It begins with the newest key frame.
 *
 * The page shows where to publish if the pipeline has a context of the type
 * `rtmp-webrtc.ingest`, which rtmpserversrc provides: `address`, `port` of
 * RTMP, `tls-port` of RTMPS, and `access` (open, keys, asked). It is queried on
 * the way to PLAYING; #GstWhepSink:publish-url overrides it.
 *
 * EOS on a pad only ends its stream. An EOS event that is sent to the element,
 * as gst_element_send_event() on its pipeline does, is answered by an EOS
 * message once no stream is left.
 *
 * ## Messages
 *
 * Viewers and tracks that come and go are posted on the bus as element
 * messages. Unknown fields are omitted; times are in nanoseconds. Those about
 * viewers have an `event-id` and an `event-time`, see #GstWhepSink:on-event.
 *
 * - `viewer-added`: a viewer's DTLS is up. `stream-name`, `id` (its name in
 *   logs and in `/api/streams/APP/KEY/viewers`), `address` (IP:PORT of its
 *   media), `user-agent`, `video` and `audio` (encoding names of what it is
 *   sent).
 * - `viewer-removed`: the same, `reason`, `duration` and `bytes` (guint64).
 * - `viewer-refused`: an offer was answered with 4xx or 5xx. `stream-name`,
 *   `address` (IP:PORT of the HTTP request), `user-agent`, `reason`. A client
 *   is reported 5 times, then once a minute; `untold` (guint) is the number of
 *   its rejections that were not reported since.
 * - `track-added`, `track-removed`: `stream-name`, `media` (video, audio),
 *   `codec` (encoding-name) and, of one that is added, `width` and `height` or
 *   `rate` and `channels`; `rendition` is TRUE for a track that is one.
 *
 * ## Example
 *
 * |[
 * gst-launch-1.0 videotestsrc is-live=true ! x264enc tune=zerolatency \
 *     key-int-max=60 ! video/x-h264,profile=constrained-baseline ! \
 *     rtph264pay aggregate-mode=zero-latency config-interval=-1 mtu=1176 ! \
 *     whepsink
 * ]|
 * Then open `http://localhost:8080/`.
 *
 * Since: 0.1
 */

#include "ext/whep/gstwhepsink.h"
#include "ext/whep/gstwhepend.h"
#include "ext/whep/gstwhepingest.h"
#include "ext/whep/gstwheplatency.h"
#include "ext/whep/gstwhepmp4pad.h"
#include "ext/whep/gstwheppadnames.h"
#include "ext/whep/gstwheprecordings.h"
#include "ext/whep/gstwhepserver.h"
#include "ext/whep/gstwhepsinkactions.h"
#include "ext/whep/gstwhepsinkpad.h"
#include "ext/whep/gstwhepsnapshots.h"
#include "ext/whep/gstwhepstats.h"
#include "gst/access/gstauthorize.h"
#include "gst/journal/gstjournal.h"

#include <string.h>

GST_DEBUG_CATEGORY (gst_whep_sink_debug);
#define GST_CAT_DEFAULT gst_whep_sink_debug

struct _GstWhepSink
{
  GstElement parent;

  /* Object lock. */
  GstWhepSettings settings;
  GstContext *ingest; /* nullable: no known element accepts publishers */
  guint next_pad;     /* its number */

  GstWhepEnd end;
  GstWhepCalls calls;

  /* Held while pads start, stop, are added or removed: publishers' threads
   * request and release pads while the application changes the state. */
  GMutex pads_lock;
  /* Between READY→PAUSED and PAUSED→READY; set under both locks. */
  WhepMedia *media;
  WhepHttp *http;
};

enum
{
  PROP_0,
  PROP_STATS,
  PROP_FIRST_SETTING,
};

static GstStaticPadTemplate video_template =
    GST_STATIC_PAD_TEMPLATE ("video_%u", GST_PAD_SINK, GST_PAD_REQUEST,
        GST_STATIC_CAPS ("application/x-rtp, media=(string)video, "
                         "encoding-name=(string){ H264, H265, AV1, VP8, VP9 }, "
                         "clock-rate=(int)90000"));

static GstStaticPadTemplate audio_template =
    GST_STATIC_PAD_TEMPLATE ("audio_%u", GST_PAD_SINK, GST_PAD_REQUEST,
        GST_STATIC_CAPS ("application/x-rtp, media=(string)audio, "
                         "encoding-name=(string)OPUS, clock-rate=(int)48000; "
                         "application/x-rtp, media=(string)audio, "
                         "encoding-name=(string){ PCMU, PCMA }, "
                         "clock-rate=(int)8000"));

static GstStaticPadTemplate mp4_template =
    GST_STATIC_PAD_TEMPLATE ("mp4_%u", GST_PAD_SINK, GST_PAD_REQUEST,
        GST_STATIC_CAPS ("video/quicktime, variant=(string)iso-fragmented"));

G_DEFINE_TYPE (GstWhepSink, gst_whep_sink, GST_TYPE_ELEMENT);
GST_ELEMENT_REGISTER_DEFINE (whepsink, "whepsink", GST_RANK_NONE,
    GST_TYPE_WHEP_SINK);

static gboolean
start_pad (GstElement *element, GstPad *pad, gpointer user_data)
{
  GstWhepSink *self = GST_WHEP_SINK (element);

  /* GStreamer activates a pad that is added while the state changes. */
  GST_PAD_STREAM_LOCK (pad);
  gst_whep_pad_start (GST_WHEP_PAD (pad), self->media, self->http);
  GST_PAD_STREAM_UNLOCK (pad);
  return TRUE;
}

/* From now on, any thread that reads properties may use the server. */
static void
take_server (GstWhepSink *self, const GstWhepServer *server)
{
  g_mutex_lock (&self->pads_lock);
  GST_OBJECT_LOCK (self);
  self->media = server->media;
  self->http = server->http;
  GST_OBJECT_UNLOCK (self);
  gst_element_foreach_pad (GST_ELEMENT (self), start_pad, NULL);
  g_mutex_unlock (&self->pads_lock);
  gst_whep_calls_open (&self->calls, server->http);
}

static gboolean
stop_pad (GstElement *element, GstPad *pad, gpointer user_data)
{
  gst_pad_set_active (pad, FALSE);
  gst_whep_pad_stop (GST_WHEP_PAD (pad));
  return TRUE;
}

/* Stops accepting new viewers first, then disconnects the current ones. */
static void
stop (GstWhepSink *self)
{
  WhepMedia *media;
  WhepHttp *http;

  gst_whep_calls_close (&self->calls);
  /* A pad that is requested from now on is not started. */
  g_mutex_lock (&self->pads_lock);
  gst_element_foreach_pad (GST_ELEMENT (self), stop_pad, NULL);
  GST_OBJECT_LOCK (self);
  http = g_steal_pointer (&self->http);
  media = g_steal_pointer (&self->media);
  GST_OBJECT_UNLOCK (self);
  g_mutex_unlock (&self->pads_lock);
  whep_http_free (http);
  gst_whep_end_reset (&self->end, GST_ELEMENT (self));
  whep_media_free (media);
}

/* From now on, the page shows where to publish. */
static gboolean
tell_ingest (GstWhepSink *self, GError **error)
{
  g_autoptr (GError) own_error = NULL;
  WhepIngest *ingest;

  GST_OBJECT_LOCK (self);
  ingest = gst_whep_ingest_new (self->ingest, self->settings.publish_url,
      &own_error);
  GST_OBJECT_UNLOCK (self);
  if (own_error != NULL) {
    g_propagate_error (error, g_steal_pointer (&own_error));
    return FALSE;
  }
  whep_http_take_ingest (self->http, ingest);
  return TRUE;
}

/* Uses a copy of the settings, which may change while the server runs. */
static gboolean
open_as_set (GstWhepSink *self)
{
  g_autoptr (GError) error = NULL;
  GstWhepSettings settings;
  GstWhepServer server;
  gboolean is_open;

  GST_OBJECT_LOCK (self);
  gst_whep_settings_copy (&settings, &self->settings);
  GST_OBJECT_UNLOCK (self);
  is_open =
      gst_whep_server_open (&server, GST_ELEMENT (self), &settings, &error);
  if (is_open)
    take_server (self, &server);
  else
    GST_ELEMENT_ERROR (self, RESOURCE, OPEN_READ_WRITE,
        ("Could not serve WHEP on port %u.", settings.port),
        ("%s", error->message));
  gst_whep_settings_clear (&settings);
  return is_open;
}

static gboolean
start (GstWhepSink *self)
{
  g_autoptr (GError) error = NULL;

  if (!open_as_set (self))
    return FALSE;
  if (!tell_ingest (self, &error)) {
    GST_ELEMENT_ERROR (self, RESOURCE, SETTINGS,
        ("The property \"publish-url\" is wrong."), ("%s", error->message));
    stop (self);
    return FALSE;
  }
  GST_INFO_OBJECT (self, "serving on port %u", whep_media_port (self->media));
  g_object_notify (G_OBJECT (self), "port");
  return TRUE;
}

GstWhepCalls *
gst_whep_sink_calls (GstWhepSink *self)
{
  return &self->calls;
}

void
gst_whep_sink_note_end (GstWhepSink *self)
{
  gst_whep_end_check (&self->end, GST_ELEMENT (self));
}

static gboolean
gst_whep_sink_send_event (GstElement *element, GstEvent *event)
{
  GstWhepSink *self = GST_WHEP_SINK (element);
  gboolean is_running;

  if (GST_EVENT_TYPE (event) != GST_EVENT_EOS)
    return GST_ELEMENT_CLASS (gst_whep_sink_parent_class)
        ->send_event (element, event);
  GST_OBJECT_LOCK (self);
  is_running = self->media != NULL;
  GST_OBJECT_UNLOCK (self);
  if (is_running)
    gst_whep_end_ask (&self->end, element, gst_event_get_seqnum (event));
  gst_event_unref (event);
  return is_running;
}

static void
set_playing (GstWhepSink *self, gboolean is_playing)
{
  whep_media_set_paused (self->media, !is_playing);
  gst_whep_end_set_playing (&self->end, GST_ELEMENT (self), is_playing);
}

static GstStateChangeReturn
gst_whep_sink_change_state (GstElement *element, GstStateChange transition)
{
  GstWhepSink *self = GST_WHEP_SINK (element);
  GstStateChangeReturn result;

  if (transition == GST_STATE_CHANGE_NULL_TO_READY &&
      !gst_journal_join_as_set (element))
    return GST_STATE_CHANGE_FAILURE;
  if (transition == GST_STATE_CHANGE_READY_TO_PAUSED && !start (self))
    return GST_STATE_CHANGE_FAILURE;
  if (transition == GST_STATE_CHANGE_PAUSED_TO_PLAYING ||
      transition == GST_STATE_CHANGE_PLAYING_TO_PAUSED)
    set_playing (self, transition == GST_STATE_CHANGE_PAUSED_TO_PLAYING);
  /* By then, the elements that accept publishers are listening. */
  if (transition == GST_STATE_CHANGE_PAUSED_TO_PLAYING) {
    gst_whep_ingest_ask (element);
    tell_ingest (self, NULL);
  }
  result = GST_ELEMENT_CLASS (gst_whep_sink_parent_class)
               ->change_state (element, transition);
  if (transition == GST_STATE_CHANGE_PAUSED_TO_READY ||
      (transition == GST_STATE_CHANGE_READY_TO_PAUSED &&
          result == GST_STATE_CHANGE_FAILURE))
    stop (self);
  if (transition == GST_STATE_CHANGE_READY_TO_NULL)
    gst_journal_leave (element);
  return result;
}

static gboolean
gst_whep_sink_post_message (GstElement *element, GstMessage *message)
{
  return GST_ELEMENT_CLASS (gst_whep_sink_parent_class)
      ->post_message (element, gst_journal_note (element, message));
}

static void
gst_whep_sink_set_context (GstElement *element, GstContext *context)
{
  GstWhepSink *self = GST_WHEP_SINK (element);

  if (gst_context_has_context_type (context, GST_WHEP_INGEST_CONTEXT)) {
    GST_OBJECT_LOCK (self);
    gst_context_replace (&self->ingest, context);
    GST_OBJECT_UNLOCK (self);
  }
  GST_ELEMENT_CLASS (gst_whep_sink_parent_class)
      ->set_context (element, context);
}

static GstPad *
pad_new (GstWhepSink *self, GstPadTemplate *templ, const gchar *name)
{
  const gchar *template = GST_PAD_TEMPLATE_NAME_TEMPLATE (templ);
  /* What precedes the number. */
  g_autofree gchar *kind = g_strndup (template, strcspn (template, "_"));
  g_autofree gchar *pad_name =
      gst_whep_pad_names_dup (GST_ELEMENT (self), &self->next_pad, kind, name);

  if (pad_name == NULL) {
    GST_WARNING_OBJECT (self, "a pad \"%s\" exists already", name);
    return NULL;
  }
  if (g_str_equal (kind, "mp4"))
    return gst_whep_mp4_pad_new (templ, pad_name);
  return gst_whep_sink_pad_new (templ, pad_name,
      g_str_equal (kind, "video") ? WHEP_VIDEO : WHEP_AUDIO);
}

static GstPad *
gst_whep_sink_request_new_pad (GstElement *element, GstPadTemplate *templ,
    const gchar *name, const GstCaps *caps)
{
  GstWhepSink *self = GST_WHEP_SINK (element);
  GstPad *pad = pad_new (self, templ, name);
  gboolean is_added;

  if (pad == NULL)
    return NULL;
  g_mutex_lock (&self->pads_lock);
  /* Otherwise the element starts and activates it with all its pads. */
  if (self->media != NULL) {
    start_pad (element, pad, NULL);
    gst_pad_set_active (pad, TRUE);
  }
  is_added = gst_element_add_pad (element, pad);
  g_mutex_unlock (&self->pads_lock);
  return is_added ? pad : NULL;
}

static void
gst_whep_sink_release_pad (GstElement *element, GstPad *pad)
{
  GstWhepSink *self = GST_WHEP_SINK (element);

  gst_pad_set_active (pad, FALSE);
  g_mutex_lock (&self->pads_lock);
  stop_pad (element, pad, NULL);
  gst_element_remove_pad (element, pad);
  g_mutex_unlock (&self->pads_lock);
  gst_whep_sink_note_end (self);
}

static gboolean
gst_whep_sink_query (GstElement *element, GstQuery *query)
{
  if (GST_QUERY_TYPE (query) == GST_QUERY_LATENCY)
    return gst_whep_latency_query (element, query);
  return GST_ELEMENT_CLASS (gst_whep_sink_parent_class)->query (element, query);
}

static const GstSetting *
setting_of (guint id)
{
  return gst_settings_find (gst_whep_settings_table (), PROP_FIRST_SETTING, id);
}

/* A server that is running is to use the current limits. */
static void
pass_limits_on (GstWhepSink *self)
{
  WhepViewerLimits limits;

  GST_OBJECT_LOCK (self);
  limits = gst_whep_server_limits (&self->settings);
  GST_OBJECT_UNLOCK (self);
  gst_whep_calls_set_limits (&self->calls, &limits);
}

static void
gst_whep_sink_set_property (GObject *object, guint id, const GValue *value,
    GParamSpec *pspec)
{
  GstWhepSink *self = GST_WHEP_SINK (object);
  const GstSetting *setting = setting_of (id);

  if (setting == NULL) {
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    return;
  }
  GST_OBJECT_LOCK (self);
  gst_settings_set (&self->settings, setting, value);
  GST_OBJECT_UNLOCK (self);
  if ((setting->flags & GST_PARAM_MUTABLE_PLAYING) != 0)
    pass_limits_on (self);
}

/* The values of a running server take precedence over the settings. */
static void
read_setting (const GstWhepSink *self, const GstSetting *setting, GValue *value)
{
  if (g_str_equal (setting->name, "n-viewers"))
    g_value_set_uint (value,
        self->media != NULL ? whep_media_n_viewers (self->media) : 0);
  else if (g_str_equal (setting->name, "port") && self->media != NULL)
    g_value_set_uint (value, whep_media_port (self->media));
  else if (g_str_equal (setting->name, "tls-fingerprint"))
    g_value_set_string (value,
        self->http != NULL ? whep_http_fingerprint (self->http) : NULL);
  else
    gst_settings_get (&self->settings, setting, value);
}

static void
gst_whep_sink_get_property (GObject *object, guint id, GValue *value,
    GParamSpec *pspec)
{
  GstWhepSink *self = GST_WHEP_SINK (object);
  const GstSetting *setting = setting_of (id);

  if (id == PROP_STATS) {
    g_value_take_boxed (value,
        gst_whep_stats_of (GST_ELEMENT (self), &self->media));
    return;
  }
  if (setting == NULL) {
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    return;
  }
  GST_OBJECT_LOCK (self);
  read_setting (self, setting, value);
  GST_OBJECT_UNLOCK (self);
}

static void
gst_whep_sink_finalize (GObject *object)
{
  GstWhepSink *self = GST_WHEP_SINK (object);

  gst_whep_settings_clear (&self->settings);
  g_clear_pointer (&self->ingest, gst_context_unref);
  g_mutex_clear (&self->pads_lock);
  gst_whep_calls_clear (&self->calls);
  G_OBJECT_CLASS (gst_whep_sink_parent_class)->finalize (object);
}

static void
gst_whep_sink_init (GstWhepSink *self)
{
  gst_whep_settings_init (&self->settings);
  g_mutex_init (&self->pads_lock);
  gst_whep_calls_init (&self->calls);
  /* The element is a sink, so that a pipeline continues until it has posted
   * EOS, and also a source, because a bin sends EOS only to its sources:
   * without publishers, no pad could deliver it. */
  GST_OBJECT_FLAG_SET (self, GST_ELEMENT_FLAG_SINK | GST_ELEMENT_FLAG_SOURCE);
}

static void
install_properties (GObjectClass *object_class)
{
  gst_settings_install (object_class, gst_whep_settings_table (),
      PROP_FIRST_SETTING);
  /**
   * GstWhepSink:stats:
   *
   * A structure `stats` with the sums over all viewers, the histograms of
   * #GstWhepSink:latency-tracing and of joins, and `viewers`, a list of
   * structures: one for each viewer, with its `ufrag`, its share of each sum,
   * `fraction-lost` and `round-trip` (in nanoseconds). `/metrics` explains the
   * names.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_STATS,
      g_param_spec_boxed ("stats", "Statistics",
          "What viewers have been sent and have reported about it, in total "
          "and for each current viewer, at most a second old; unset unless "
          "running",
          GST_TYPE_STRUCTURE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
}

static void
install_signals (GType type)
{
  /**
   * GstWhepSink::authorize-view:
   * @sink: the element
   * @app: the first part of the stream's name
   * @key: the rest of it
   * @query: what followed the question mark; may contain secrets. A bearer
   *     token is included as token=
   * @address: the viewer's IP address, or that of a proxy
   *
   * Emitted when a viewer asks to watch a stream, from the HTTP thread, which
   * serves no other client while a handler runs: an application that has to ask
   * a server should use #GstWhepSink:on-watch instead.
   *
   * Returns: (transfer full) (nullable): %NULL to allow it, or the reason for
   * the rejection, which is shown to the viewer.
   *
   * Since: 0.1
   */
  gst_authorize_install_signal (type, "authorize-view");
  gst_whep_snapshots_install_signal (type);
  gst_whep_recordings_install_signals (type);
}

static void
gst_whep_sink_class_init (GstWhepSinkClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);

  GST_DEBUG_CATEGORY_INIT (gst_whep_sink_debug, "whepsink", 0,
      "RTP in, browsers out over WHEP");
  object_class->set_property = gst_whep_sink_set_property;
  object_class->get_property = gst_whep_sink_get_property;
  object_class->finalize = gst_whep_sink_finalize;
  install_properties (object_class);
  install_signals (G_TYPE_FROM_CLASS (klass));
  gst_whep_sink_install_actions (G_TYPE_FROM_CLASS (klass));

  element_class->change_state = gst_whep_sink_change_state;
  element_class->post_message = gst_whep_sink_post_message;
  element_class->request_new_pad = gst_whep_sink_request_new_pad;
  element_class->release_pad = gst_whep_sink_release_pad;
  element_class->send_event = gst_whep_sink_send_event;
  element_class->query = gst_whep_sink_query;
  element_class->set_context = gst_whep_sink_set_context;
  gst_element_class_add_static_pad_template_with_gtype (element_class,
      &video_template, GST_TYPE_WHEP_SINK_PAD);
  gst_element_class_add_static_pad_template_with_gtype (element_class,
      &audio_template, GST_TYPE_WHEP_SINK_PAD);
  gst_element_class_add_static_pad_template_with_gtype (element_class,
      &mp4_template, GST_TYPE_WHEP_MP4_PAD);
  gst_element_class_set_static_metadata (element_class, "WHEP sink",
      "Sink/Network/WebRTC",
      "Serves RTP streams to browsers: a page and WHEP over HTTP, media over "
      "WebRTC",
      PACKAGE_AUTHOR);
  gst_type_mark_as_plugin_api (GST_TYPE_WHEP_PAD, 0);
  gst_type_mark_as_plugin_api (GST_TYPE_WHEP_SINK_PAD, 0);
  gst_type_mark_as_plugin_api (GST_TYPE_WHEP_MP4_PAD, 0);
}
