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
 * limit how much is transcoded at the same time.
 *
 * A track that viewers do not get is reported by an element message
 * `track-unplayable` with the fields `stream-name`, `media` (video, audio),
 * `codec` (its common name, if it is known) and `reason`; the pages and
 * `/api/streams` show it, too.
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
 *
 * Since: 0.1
 */

#include "gst/live/gstrtmpwebrtcsink.h"
#include "gst/access/gstauthorize.h"
#include "gst/live/gstproxiedproperties.h"
#include "gst/live/gstrecipe.h"
#include "gst/live/gstrtmpwebrtcsinkpad.h"
#include "gst/live/gstrtmpwebrtcsinksettings.h"
#include "gst/live/gsttrackfault.h"
#include "gst/settings/gstwhepsinksettings.h"

#include <stdio.h>
#include <string.h>

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
  GstRtmpWebrtcSinkSettings settings; /* each atomic */
  TranscodeSlots *slots;
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

guint
gst_rtmp_webrtc_sink_get_opus_frame_size (GstRtmpWebrtcSink *self)
{
  return g_atomic_int_get (&self->settings.opus_ms);
}

guint
gst_rtmp_webrtc_sink_get_max_area (GstRtmpWebrtcSink *self)
{
  return g_atomic_int_get (&self->settings.max_area);
}

TranscodeSlots *
gst_rtmp_webrtc_sink_get_slots (GstRtmpWebrtcSink *self)
{
  return self->slots;
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

GstRtmpWebrtcBFrames
gst_rtmp_webrtc_sink_get_b_frames (GstRtmpWebrtcSink *self)
{
  GstRtmpWebrtcBFrames b_frames = g_atomic_int_get (&self->settings.b_frames);

  if (b_frames == GST_RTMP_WEBRTC_B_FRAMES_TRANSCODE &&
      gst_rtmp_webrtc_sink_get_transcode (self) ==
          GST_RTMP_WEBRTC_TRANSCODE_NEVER)
    return GST_RTMP_WEBRTC_B_FRAMES_PASS;
  return b_frames;
}

static void
close_pad (GstElement *element, gpointer pad)
{
  gst_rtmp_webrtc_sink_pad_close (pad);
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
  g_signal_handlers_disconnect_by_func (pad, on_unlinked, element);
  gst_element_remove_pad (element, pad);
}

/* Returns: (nullable) (transfer none): the child of the bin that is, or
 * contains, the source of a message. */
static GstElement *
find_child (GstRtmpWebrtcSink *self, GstObject *source)
{
  while (source != NULL && GST_OBJECT_PARENT (source) != GST_OBJECT (self))
    source = GST_OBJECT_PARENT (source);
  return source != NULL ? GST_ELEMENT (source) : NULL;
}

/* A rendition is optional: the track continues without it. */
static gboolean
is_in_rendition (GstObject *source)
{
  while (source != NULL &&
      g_strcmp0 (GST_OBJECT_NAME (source), GST_RECIPE_RENDITION) != 0)
    source = GST_OBJECT_PARENT (source);
  return source != NULL;
}

/* Gives applications and viewers the same reason. */
static void
post_fault (GstRtmpWebrtcSink *self, GstRtmpWebrtcSinkPad *owner,
    GstElement *child, GstMessage *error_message)
{
  g_autoptr (GError) error = NULL;
  GstStructure *facts;

  if (is_in_rendition (GST_MESSAGE_SRC (error_message)))
    return;
  gst_message_parse_error (error_message, &error, NULL);
  if (g_str_has_suffix (error->message, "."))
    error->message[strlen (error->message) - 1] = '\0';
  facts = gst_rtmp_webrtc_sink_pad_fail (owner, child, error->message);
  if (facts != NULL)
    gst_element_post_message (child,
        gst_message_new_element (GST_OBJECT (child), facts));
}

/* An error in one publisher's media only affects that publisher. Warnings are
 * more useful with the stream's name. */
static GstMessage *
soften (GstRtmpWebrtcSink *self, GstMessage *message,
    GstRtmpWebrtcSinkPad *owner)
{
  gboolean is_error = GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR;
  g_autofree gchar *stream = gst_rtmp_webrtc_sink_pad_dup_stream (owner);
  g_autoptr (GError) error = NULL;
  g_autofree gchar *details = NULL;
  g_autofree gchar *source = gst_object_get_path_string (message->src);
  g_autofree gchar *text = NULL;

  if (is_error)
    gst_message_parse_error (message, &error, &details);
  else
    gst_message_parse_warning (message, &error, &details);
  text = g_strdup_printf ("The stream \"%s\"%s: %s", stream,
      is_error ? " has an error" : "", error->message);
  g_free (error->message);
  error->message = g_steal_pointer (&text);
  gst_message_unref (message);
  text = g_strdup_printf ("%s: %s", source, details != NULL ? details : "");
  GST_WARNING_OBJECT (self, "%s: %s", error->message, text);
  return gst_message_new_warning (GST_OBJECT (self), error, text);
}

/* An element's message about a stream is more useful with the stream's name. */
static GstMessage *
add_name (GstMessage *message, GstRtmpWebrtcSinkPad *owner)
{
  g_autofree gchar *stream = gst_rtmp_webrtc_sink_pad_dup_stream (owner);

  message = gst_message_make_writable (message);
  gst_structure_set (gst_message_writable_structure (message), "stream-name",
      G_TYPE_STRING, stream, NULL);
  return message;
}

/* A chain whose elements post such a message gets no more frames. */
static void
note_fault (GstRtmpWebrtcSinkPad *owner, GstElement *child, GstMessage *message)
{
  const GstStructure *facts = gst_message_get_structure (message);
  GstStructure *own = gst_rtmp_webrtc_sink_pad_fail (owner, child, "");

  gst_clear_structure (&own);
  gst_rtmp_webrtc_sink_pad_note_fault (owner, facts);
}

/* Returns: the message to post in place of one from within a stream. */
static GstMessage *
take_message (GstRtmpWebrtcSink *self, GstMessage *message, GstElement *child,
    GstRtmpWebrtcSinkPad *owner)
{
  if (gst_message_has_name (message, GST_TRACK_FAULT_MESSAGE))
    note_fault (owner, child, message);
  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ELEMENT)
    return add_name (message, owner);
  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR)
    post_fault (self, owner, child, message);
  return soften (self, message, owner);
}

/* Types are compared one by one, because extended types contain the bits of
 * others. */
static gboolean
is_for_owner (GstMessage *message)
{
  return GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR ||
      GST_MESSAGE_TYPE (message) == GST_MESSAGE_WARNING ||
      GST_MESSAGE_TYPE (message) == GST_MESSAGE_ELEMENT;
}

static void
gst_rtmp_webrtc_sink_handle_message (GstBin *bin, GstMessage *message)
{
  GstRtmpWebrtcSink *self = GST_RTMP_WEBRTC_SINK (bin);

  if (is_for_owner (message)) {
    GstElement *child = find_child (self, GST_MESSAGE_SRC (message));
    g_autoptr (GstRtmpWebrtcSinkPad) owner =
        child != NULL ? gst_rtmp_webrtc_sink_pad_of (child) : NULL;

    if (owner != NULL)
      message = take_message (self, message, child, owner);
  }
  GST_BIN_CLASS (gst_rtmp_webrtc_sink_parent_class)
      ->handle_message (bin, message);
}

static GstStateChangeReturn
gst_rtmp_webrtc_sink_change_state (GstElement *element,
    GstStateChange transition)
{
  GstRtmpWebrtcSink *self = GST_RTMP_WEBRTC_SINK (element);

  if (transition == GST_STATE_CHANGE_NULL_TO_READY && self->whep == NULL) {
    GST_ELEMENT_ERROR (self, CORE, MISSING_PLUGIN,
        ("The element \"whepsink\" is missing."), (NULL));
    return GST_STATE_CHANGE_FAILURE;
  }
  return GST_ELEMENT_CLASS (gst_rtmp_webrtc_sink_parent_class)
      ->change_state (element, transition);
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
gst_rtmp_webrtc_sink_set_property (GObject *object, guint id,
    const GValue *value, GParamSpec *pspec)
{
  GstRtmpWebrtcSink *self = GST_RTMP_WEBRTC_SINK (object);
  const GstSetting *setting = setting_of (id);

  if (setting != NULL) {
    gst_settings_set (&self->settings, setting, value);
    if (g_str_equal (setting->name, "max-transcodes"))
      limit_slots (self);
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

  if (setting != NULL)
    gst_settings_get (&self->settings, setting, value);
  else if (has_proxied (self, pspec->name))
    g_object_get_property (G_OBJECT (self->whep), pspec->name, value);
  else
    g_param_value_set_default (pspec, value);
}

static void
on_notify (GObject *whep, GParamSpec *pspec, GObject *self)
{
  if (pspec->owner_type == G_OBJECT_TYPE (whep))
    g_object_notify (self, pspec->name);
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
  transcode_slots_unref (GST_RTMP_WEBRTC_SINK (object)->slots);
  G_OBJECT_CLASS (gst_rtmp_webrtc_sink_parent_class)->finalize (object);
}

static void
gst_rtmp_webrtc_sink_init (GstRtmpWebrtcSink *self)
{
  gst_settings_init (&self->settings, gst_rtmp_webrtc_sink_settings_table ());
  self->slots = transcode_slots_new (0);
  limit_slots (self);
  self->whep = gst_element_factory_make ("whepsink", "whepsink");
  if (self->whep == NULL)
    return;
  gst_bin_add (GST_BIN (self), self->whep);
  g_signal_connect_object (self->whep, "notify", G_CALLBACK (on_notify), self,
      0);
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

  element_class->change_state = gst_rtmp_webrtc_sink_change_state;
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
  gst_type_mark_as_plugin_api (gst_rtmp_webrtc_transcode_get_type (), 0);
  gst_type_mark_as_plugin_api (gst_rtmp_webrtc_opus_frame_size_get_type (), 0);
}
