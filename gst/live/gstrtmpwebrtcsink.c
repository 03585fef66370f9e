/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * SECTION:element-rtmpwebrtcsink
 * @title: rtmpwebrtcsink
 * @short_description: Publishers in, browsers out
 *
 * Each sink pad takes one publisher's FLV and becomes one stream that browsers
 * can watch. H.264, H.265, AV1, VP8 and VP9 are forwarded unchanged, as are
 * Opus and G.711; AAC, MP3, FLAC and AC-3 are transcoded to Opus, once per
 * stream. One #whepsink serves all of them; this element has its properties,
 * too. Start with `http://localhost:8080/`.
 *
 * A viewer whose browser cannot play H.265, AV1, VP8 or VP9 gets a rendition in
 * H.264, which is encoded once for all such viewers, and only while one is
 * connected.
 *
 * A stream with B-frames, which browsers drop or freeze at, and video that no
 * browser plays are transcoded to H.264; the properties
 * #GstRtmpWebrtcSink:b-frames and #GstRtmpWebrtcSink:transcode change that. The
 * first B-frame of a stream is reported by an element message `b-frames` with
 * the fields `stream-name` and `b-frames`, the action taken.
 *
 * A stream that has no further IDR frames is treated like one with B-frames and
 * reported by the element message `no-idr-frames`.
 * #GstRtmpWebrtcSink:max-transcodes and #GstRtmpWebrtcSink:max-picture-area
 * limit how much is transcoded at the same time. The codecs are those with the
 * highest rank that can be used here; #GstRtmpWebrtcSink:decoder and
 * #GstRtmpWebrtcSink:encoder name others, and
 * #GstRtmpWebrtcSink::encoder-setup sets an encoder's own properties.
 *
 * A track that viewers do not get is reported by an element message
 * `track-unplayable` with the fields `stream-name`, `media` (video, audio),
 * `codec` (its common name, if it is known) and `reason`; the pages and
 * `/api/streams` show it, too.
 *
 * #GstRtmpWebrtcSink:record-location records the streams, as fragmented MP4
 * with the publisher's own tracks; #GstRtmpWebrtcSink::start-recording and
 * #GstRtmpWebrtcSink::stop-recording record single ones. Each file is reported
 * by the element messages `recording-started`, with the fields `stream-name`
 * and `location`, and `recording-ended`, which has `reason`, `duration` and
 * `bytes` as well.
 *
 * With #GstRtmpWebrtcSink:origin, the element is an edge: a stream that a
 * viewer asks for and nobody publishes is pulled from that server by
 * `rtmp2src`, once for all viewers, and until #GstRtmpWebrtcSink:origin-linger
 * after the last one has left. With #GstRtmpWebrtcSink:directory, elements on
 * several machines find each other's streams in Redis: each announces what is
 * published to it, and an edge needs no #GstRtmpWebrtcSink:origin.
 *
 * A pad that is unlinked is released automatically, with everything downstream
 * of it. Neither the end of a publisher nor an error in its media ends the
 * pipeline: an error becomes a warning that names the stream.
 *
 * ## Examples
 *
 * The whole gateway:
 * |[
 * gst-launch-1.0 rtmpserversrc : rtmpwebrtcsink
 * ]|
 * A stream from another server, under a name of your own:
 * |[
 * gst-launch-1.0 rtmp2src location=rtmp://example.net/live/cam ! \
 *     rtmpwebrtcsink port=8081 sink_0::stream-name=live/door
 * ]|
 * An edge of another gateway:
 * |[
 * gst-launch-1.0 rtmpwebrtcsink origin=rtmp://example.net
 * ]|
 * One of several gateways, whose viewers get the streams of all:
 * |[
 * gst-launch-1.0 rtmpserversrc play=true : \
 *     rtmpwebrtcsink directory=redis://example.net
 * ]|
 * Every publisher in a file of its own:
 * |[
 * gst-launch-1.0 -e rtmpserversrc : \
 *     rtmpwebrtcsink record-location=recordings/%a/%k/%Y-%m-%dT%H-%M-%S.mp4
 * ]|
 *
 * Since: 0.1
 */

#include "gst/live/gstrtmpwebrtcsink.h"
#include "gst/access/gstauthorize.h"
#include "gst/journal/gstjournal.h"
#include "gst/live/gstdirectory.h"
#include "gst/live/gstorigin.h"
#include "gst/live/gstproxiedproperties.h"
#include "gst/live/gstpull.h"
#include "gst/live/gstrecipe.h"
#include "gst/live/gstrecordcontrol.h"
#include "gst/live/gstrtmpwebrtcsinkactions.h"
#include "gst/live/gstrtmpwebrtcsinkpad.h"
#include "gst/live/gstrtmpwebrtcsinksettings.h"
#include "gst/live/gstsnapshots.h"
#include "gst/live/gststreammessage.h"
#include "gst/settings/gstwhepsinksettings.h"

#include <stdio.h>

GST_DEBUG_CATEGORY (gst_rtmp_webrtc_sink_debug);
#define GST_CAT_DEFAULT gst_rtmp_webrtc_sink_debug

/* Transcoding 720p takes about one core, smaller pictures take less; a machine
 * with few cores can handle several of those. */
#define MIN_TRANSCODES 4

struct _GstRtmpWebrtcSink
{
  GstBin parent;

  GstElement *whep;                   /* nullable: the element is missing */
  guint next_pad;                     /* its number; object lock */
  GstRtmpWebrtcSinkSettings settings; /* see there */
  TranscodeSlots *slots;
  GstRecordings *recordings;
  GstPublications *publications;
  GstOrigin *origin; /* nullable; set while PAUSED or PLAYING */
};

/* The IDs of our own properties; those of whepsink follow. */
#define FIRST_SETTING 1

static GstStaticPadTemplate sink_template = GST_STATIC_PAD_TEMPLATE ("sink_%u",
    GST_PAD_SINK, GST_PAD_REQUEST, GST_STATIC_CAPS ("video/x-flv"));

G_DEFINE_TYPE (GstRtmpWebrtcSink, gst_rtmp_webrtc_sink, GST_TYPE_BIN);
GST_ELEMENT_REGISTER_DEFINE (rtmpwebrtcsink, "rtmpwebrtcsink", GST_RANK_NONE,
    GST_TYPE_RTMP_WEBRTC_SINK);

GstRtmpWebrtcTranscode
gst_rtmp_webrtc_sink_get_transcode (GstRtmpWebrtcSink *self)
{
  return g_atomic_int_get (&self->settings.transcode);
}

gboolean
gst_rtmp_webrtc_sink_has_mp4 (GstRtmpWebrtcSink *self)
{
  return g_atomic_int_get (&self->settings.has_mp4);
}

TranscodeSlots *
gst_rtmp_webrtc_sink_get_slots (GstRtmpWebrtcSink *self)
{
  return self->slots;
}

GstRecordings *
gst_rtmp_webrtc_sink_get_recordings (GstRtmpWebrtcSink *self)
{
  return self->recordings;
}

GstElement *
gst_rtmp_webrtc_sink_get_whep (GstRtmpWebrtcSink *self)
{
  return self->whep;
}

/* 0 means the number of CPU cores, but at least MIN_TRANSCODES. */
static void
limit_slots (GstRtmpWebrtcSink *self)
{
  guint number = g_atomic_int_get (&self->settings.max_slots);

  if (number == 0)
    number = MAX (g_get_num_processors (), MIN_TRANSCODES);
  transcode_slots_set_limit (self->slots, number);
}

static GstRtmpWebrtcBFrames
get_b_frames (GstRtmpWebrtcSink *self)
{
  GstRtmpWebrtcBFrames b_frames = g_atomic_int_get (&self->settings.b_frames);

  if (b_frames == GST_RTMP_WEBRTC_B_FRAMES_TRANSCODE &&
      gst_rtmp_webrtc_sink_get_transcode (self) ==
          GST_RTMP_WEBRTC_TRANSCODE_NEVER)
    return GST_RTMP_WEBRTC_B_FRAMES_PASS;
  return b_frames;
}

void
gst_rtmp_webrtc_sink_get_recipe_settings (GstRtmpWebrtcSink *self,
    GstRecipeSettings *settings)
{
  *settings = (GstRecipeSettings){
    .b_frames = get_b_frames (self),
    .max_area = g_atomic_int_get (&self->settings.max_area),
    .slots = self->slots,
    .opus_ms = g_atomic_int_get (&self->settings.opus_ms),
    .datagram_bytes = g_atomic_int_get (&self->settings.datagram_bytes),
    .choice.isolates = g_atomic_int_get (&self->settings.isolates),
    .choice.element = GST_ELEMENT (self),
  };
  GST_OBJECT_LOCK (self);
  settings->choice.decoder = g_strdup (self->settings.decoder);
  settings->choice.encoder = g_strdup (self->settings.encoder);
  GST_OBJECT_UNLOCK (self);
}

static void
close_pad (GstElement *element, gpointer pad)
{
  gst_rtmp_webrtc_sink_pad_close (pad);
  /* Again: its streaming thread may have gone on for a moment. */
  gst_publications_unfollow (GST_RTMP_WEBRTC_SINK (element)->publications, pad);
}

/* The pad is removed immediately, so that an application that links to any free
 * pad does not get this one. The elements behind it are removed by another
 * thread, because that waits for the pad's streaming thread, which may be the
 * one that unlinks. */
static void
on_unlinked (GstPad *pad, GstPad *peer, GstElement *self)
{
  GST_DEBUG_OBJECT (pad, "unlinked");
  if (!gst_rtmp_webrtc_sink_pad_retire (GST_RTMP_WEBRTC_SINK_PAD (pad)))
    return;
  gst_publications_unfollow (GST_RTMP_WEBRTC_SINK (self)->publications, pad);
  gst_element_call_async (self, close_pad, gst_object_ref (pad),
      gst_object_unref);
  gst_element_remove_pad (self, pad);
}

static gboolean
has_pad_locked (GstElement *self, const gchar *name)
{
  for (GList *link = self->pads; link != NULL; link = link->next)
    if (g_str_equal (GST_PAD_NAME (link->data), name))
      return TRUE;
  return FALSE;
}

/* A name with a number above those of all earlier pads, unless the caller
 * requests one. Returns: (nullable) (transfer full): NULL if a pad has that
 * name. */
static gchar *
dup_pad_name (GstRtmpWebrtcSink *self, const gchar *name)
{
  gchar *own = g_strdup (name);
  guint number;

  GST_OBJECT_LOCK (self);
  if (name != NULL && has_pad_locked (GST_ELEMENT (self), name))
    g_clear_pointer (&own, g_free);
  else if (name != NULL && sscanf (name, "sink_%u", &number) == 1)
    self->next_pad = MAX (self->next_pad, number + 1);
  /* There is at most one iteration more than there are pads. */
  while (name == NULL &&
      (own == NULL || has_pad_locked (GST_ELEMENT (self), own))) {
    g_free (own);
    own = g_strdup_printf ("sink_%u", self->next_pad++);
  }
  GST_OBJECT_UNLOCK (self);
  return own;
}

static GstPad *
gst_rtmp_webrtc_sink_request_new_pad (GstElement *element,
    GstPadTemplate *templ, const gchar *name, const GstCaps *caps)
{
  GstRtmpWebrtcSink *self = GST_RTMP_WEBRTC_SINK (element);
  g_autofree gchar *pad_name = dup_pad_name (self, name);
  GstPad *pad;

  if (self->whep == NULL)
    return NULL;
  if (pad_name == NULL) {
    GST_WARNING_OBJECT (self, "a pad \"%s\" exists already", name);
    return NULL;
  }
  pad = gst_object_ref_sink (gst_rtmp_webrtc_sink_pad_new (templ, pad_name));
  g_signal_connect (pad, "unlinked", G_CALLBACK (on_unlinked), self);
  gst_publications_follow (self->publications, pad);
  if (!gst_rtmp_webrtc_sink_pad_open (GST_RTMP_WEBRTC_SINK_PAD (pad),
          GST_BIN (self), self->whep) ||
      !gst_pad_set_active (pad, TRUE) || !gst_element_add_pad (element, pad)) {
    gst_rtmp_webrtc_sink_pad_close (GST_RTMP_WEBRTC_SINK_PAD (pad));
    g_clear_pointer (&pad, gst_object_unref);
  }
  /* The element's reference keeps the pad alive. */
  if (pad != NULL)
    gst_object_unref (pad);
  return pad;
}

static void
gst_rtmp_webrtc_sink_release_pad (GstElement *element, GstPad *pad)
{
  if (!gst_rtmp_webrtc_sink_pad_retire (GST_RTMP_WEBRTC_SINK_PAD (pad)))
    return;
  gst_rtmp_webrtc_sink_pad_close (GST_RTMP_WEBRTC_SINK_PAD (pad));
  gst_publications_unfollow (GST_RTMP_WEBRTC_SINK (element)->publications, pad);
  g_signal_handlers_disconnect_by_func (pad, on_unlinked, element);
  gst_element_remove_pad (element, pad);
}

static void
gst_rtmp_webrtc_sink_handle_message (GstBin *bin, GstMessage *message)
{
  if (!gst_pull_take_message (message))
    GST_BIN_CLASS (gst_rtmp_webrtc_sink_parent_class)
        ->handle_message (bin, gst_stream_message_of (bin, message));
}

static gboolean
open_origin (GstRtmpWebrtcSink *self)
{
  g_autofree gchar *url = NULL;
  g_autofree gchar *key_file = NULL;
  Directory *directory;

  if (!gst_directory_open (GST_ELEMENT (self), self->whep, &directory))
    return FALSE;
  g_object_get (self, "origin", &url, "origin-key-file", &key_file, NULL);
  if (directory == NULL && (url == NULL || *url == '\0'))
    return TRUE;
  self->origin = gst_origin_new (GST_BIN (self), self->whep,
      &(GstOriginParams){ url, key_file, directory, self->publications });
  return self->origin != NULL;
}

/* Before a stream needs one. */
static void
try_encoders (GstRtmpWebrtcSink *self)
{
  g_auto (GstRecipeSettings) settings = { 0 };

  if (gst_rtmp_webrtc_sink_get_transcode (self) !=
      GST_RTMP_WEBRTC_TRANSCODE_AUTO)
    return;
  gst_rtmp_webrtc_sink_get_recipe_settings (self, &settings);
  gst_recipe_try_encoders (&settings.choice);
}

static GstStateChangeReturn
gst_rtmp_webrtc_sink_change_state (GstElement *element,
    GstStateChange transition)
{
  GstRtmpWebrtcSink *self = GST_RTMP_WEBRTC_SINK (element);
  gboolean is_start = transition == GST_STATE_CHANGE_NULL_TO_READY;
  GstStateChangeReturn result;

  if (is_start && self->whep == NULL) {
    GST_ELEMENT_ERROR (self, CORE, MISSING_PLUGIN,
        ("The element \"whepsink\" is missing."), (NULL));
    return GST_STATE_CHANGE_FAILURE;
  }
  if (is_start && !gst_record_control_check (self, &self->settings))
    return GST_STATE_CHANGE_FAILURE;
  if (is_start) {
    gst_journal_join (element); /* whepsink does what on-event asks for */
    try_encoders (self);
  }
  if (transition == GST_STATE_CHANGE_READY_TO_PAUSED && !open_origin (self))
    return GST_STATE_CHANGE_FAILURE;
  if (transition == GST_STATE_CHANGE_PAUSED_TO_READY)
    gst_origin_stop (self->origin);
  result = GST_ELEMENT_CLASS (gst_rtmp_webrtc_sink_parent_class)
               ->change_state (element, transition);
  if (transition == GST_STATE_CHANGE_PAUSED_TO_READY ||
      (transition == GST_STATE_CHANGE_READY_TO_PAUSED &&
          result == GST_STATE_CHANGE_FAILURE))
    g_clear_pointer (&self->origin, gst_origin_free);
  if (transition == GST_STATE_CHANGE_PAUSED_TO_READY)
    gst_recordings_end (self->recordings);
  if (transition == GST_STATE_CHANGE_READY_TO_NULL)
    gst_journal_leave (element);
  return result;
}

/* A pull would otherwise be tried again. */
static gboolean
gst_rtmp_webrtc_sink_send_event (GstElement *element, GstEvent *event)
{
  if (GST_EVENT_TYPE (event) == GST_EVENT_EOS)
    gst_origin_finish (GST_RTMP_WEBRTC_SINK (element)->origin);
  return GST_ELEMENT_CLASS (gst_rtmp_webrtc_sink_parent_class)
      ->send_event (element, event);
}

static gboolean
gst_rtmp_webrtc_sink_post_message (GstElement *element, GstMessage *message)
{
  return GST_ELEMENT_CLASS (gst_rtmp_webrtc_sink_parent_class)
      ->post_message (element, gst_journal_note (element, message));
}

static const GstSetting *
setting_of (guint id)
{
  return gst_settings_find (gst_rtmp_webrtc_sink_settings_table (),
      FIRST_SETTING, id);
}

/* whepsink, or another element of that name, may be missing or lack the
 * property. */
static gboolean
has_proxied (const GstRtmpWebrtcSink *self, const gchar *name)
{
  return self->whep != NULL &&
      g_object_class_find_property (G_OBJECT_GET_CLASS (self->whep), name) !=
      NULL;
}

static void
apply_setting (GstRtmpWebrtcSink *self, const gchar *name)
{
  if (g_str_equal (name, "max-transcodes"))
    limit_slots (self);
  else if (g_str_has_prefix (name, "record-"))
    gst_record_control_apply (self, &self->settings);
}

static void
gst_rtmp_webrtc_sink_set_property (GObject *object, guint id,
    const GValue *value, GParamSpec *pspec)
{
  GstRtmpWebrtcSink *self = GST_RTMP_WEBRTC_SINK (object);
  const GstSetting *setting = setting_of (id);

  if (setting != NULL) {
    GST_OBJECT_LOCK (self);
    gst_settings_set (&self->settings, setting, value);
    GST_OBJECT_UNLOCK (self);
    apply_setting (self, setting->name);
  } else if (has_proxied (self, pspec->name)) {
    g_object_set_property (G_OBJECT (self->whep), pspec->name, value);
  }
}

static void
gst_rtmp_webrtc_sink_get_property (GObject *object, guint id, GValue *value,
    GParamSpec *pspec)
{
  GstRtmpWebrtcSink *self = GST_RTMP_WEBRTC_SINK (object);
  const GstSetting *setting = setting_of (id);

  if (setting != NULL) {
    GST_OBJECT_LOCK (self);
    gst_settings_get (&self->settings, setting, value);
    GST_OBJECT_UNLOCK (self);
  } else if (has_proxied (self, pspec->name)) {
    g_object_get_property (G_OBJECT (self->whep), pspec->name, value);
  } else {
    g_param_value_set_default (pspec, value);
  }
}

/* Passes the decision on to the handlers of the bin's own signal. */
static gchar *
on_authorize_view (GstElement *whep, const gchar *app, const gchar *key,
    const gchar *query, const gchar *address, GObject *self)
{
  gchar *why = NULL;

  g_signal_emit_by_name (self, "authorize-view", app, key, query, address,
      &why);
  return why;
}

static void
gst_rtmp_webrtc_sink_finalize (GObject *object)
{
  GstRtmpWebrtcSink *self = GST_RTMP_WEBRTC_SINK (object);

  transcode_slots_unref (self->slots);
  gst_recordings_free (self->recordings);
  gst_publications_free (self->publications);
  gst_settings_clear (&self->settings, gst_rtmp_webrtc_sink_settings_table ());
  G_OBJECT_CLASS (gst_rtmp_webrtc_sink_parent_class)->finalize (object);
}

static void
gst_rtmp_webrtc_sink_init (GstRtmpWebrtcSink *self)
{
  gst_settings_init (&self->settings, gst_rtmp_webrtc_sink_settings_table ());
  self->slots = transcode_slots_new (0);
  self->recordings = gst_recordings_new (GST_ELEMENT (self));
  self->publications = gst_publications_new ();
  limit_slots (self);
  self->whep = gst_element_factory_make ("whepsink", "whepsink");
  if (self->whep == NULL)
    return;
  gst_bin_add (GST_BIN (self), self->whep);
  gst_snapshots_serve (GST_BIN (self), self->whep);
  gst_record_control_serve (self, self->whep);
  gst_proxied_properties_follow (GST_BIN (self), self->whep);
  /* Another element of that name may lack the signal and admit all viewers. */
  if (g_signal_lookup ("authorize-view", G_OBJECT_TYPE (self->whep)) != 0)
    g_signal_connect_object (self->whep, "authorize-view",
        G_CALLBACK (on_authorize_view), self, 0);
}

static void
install_properties (GObjectClass *object_class)
{
  guint id = gst_settings_install (object_class,
      gst_rtmp_webrtc_sink_settings_table (), FIRST_SETTING);

  id = gst_settings_install (object_class, gst_whep_settings_table (), id);
  gst_proxied_properties_install (object_class, "whepsink", id);
}

static void
install_signals (GType type)
{
  /**
   * GstRtmpWebrtcSink::authorize-view:
   * @sink: the element
   * @app: the first part of the stream's name
   * @key: the rest of it
   * @query: what followed the question mark; may contain secrets
   * @address: the viewer's IP address
   *
   * Emitted when a viewer asks to watch a stream: whepsink's signal of that
   * name.
   *
   * Returns: (transfer full) (nullable): %NULL to allow it, or the reason for
   * the rejection, which is shown to the viewer.
   *
   * Since: 0.1
   */
  gst_authorize_install_signal (type, "authorize-view");
  gst_record_control_install_signals (type);
  /**
   * GstRtmpWebrtcSink::encoder-setup:
   * @sink: the element
   * @stream: the stream's name, APP/KEY
   * @encoder: the encoder, which has our settings
   *
   * Emitted in a stream's thread before an encoder of its video is started, so
   * that the application can set its properties.
   *
   * Since: 0.1
   */
  g_signal_new ("encoder-setup", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
      G_TYPE_NONE, 2, G_TYPE_STRING, GST_TYPE_ELEMENT);
}

static void
gst_rtmp_webrtc_sink_class_init (GstRtmpWebrtcSinkClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);

  GST_DEBUG_CATEGORY_INIT (gst_rtmp_webrtc_sink_debug, "rtmpwebrtcsink", 0,
      "Publishers in, browsers out");
  object_class->set_property = gst_rtmp_webrtc_sink_set_property;
  object_class->get_property = gst_rtmp_webrtc_sink_get_property;
  object_class->finalize = gst_rtmp_webrtc_sink_finalize;
  install_properties (object_class);
  install_signals (G_TYPE_FROM_CLASS (klass));
  gst_rtmp_webrtc_sink_install_actions (G_TYPE_FROM_CLASS (klass));

  element_class->change_state = gst_rtmp_webrtc_sink_change_state;
  element_class->post_message = gst_rtmp_webrtc_sink_post_message;
  element_class->send_event = gst_rtmp_webrtc_sink_send_event;
  element_class->request_new_pad = gst_rtmp_webrtc_sink_request_new_pad;
  element_class->release_pad = gst_rtmp_webrtc_sink_release_pad;
  GST_BIN_CLASS (klass)->handle_message = gst_rtmp_webrtc_sink_handle_message;
  gst_element_class_add_static_pad_template_with_gtype (element_class,
      &sink_template, GST_TYPE_RTMP_WEBRTC_SINK_PAD);
  gst_element_class_set_static_metadata (element_class, "RTMP to WebRTC sink",
      "Sink/Network/WebRTC",
      "Serves the streams of RTMP publishers to every browser, live",
      PACKAGE_AUTHOR);
  gst_type_mark_as_plugin_api (GST_TYPE_RTMP_WEBRTC_SINK_PAD, 0);
  gst_rtmp_webrtc_sink_settings_mark_types ();
}
