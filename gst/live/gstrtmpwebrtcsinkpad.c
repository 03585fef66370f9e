/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One publisher's input of rtmpwebrtcsink: see gstrtmpwebrtcsinkpad.h. */

#include "gst/live/gstrtmpwebrtcsinkpad.h"
#include "gst/live/gstalternatives.h"
#include "gst/live/gstbacklog.h"
#include "gst/live/gsth264livepay.h"
#include "gst/live/gstmp4branch.h"
#include "gst/live/gstpicturelimit.h"
#include "gst/live/gstrendition.h"
#include "gst/live/gstrtmpwebrtcsink.h"
#include "gst/live/gsttrackfault.h"
#include "gst/live/gstuntouchedbranch.h"
#include "gst/live/heap-io.h"

GST_DEBUG_CATEGORY_EXTERN (gst_rtmp_webrtc_sink_debug);
#define GST_CAT_DEFAULT gst_rtmp_webrtc_sink_debug

/* Data on an element in the bin: the pad that it was created for. */
static GQuark owner_quark;

/* The chain from a pad of the demuxer, by way of the branch to MP4 if there is
 * one, to a pad of whepsink. */
typedef struct
{
  GstRtmpWebrtcSinkPad *owner;
  GstPad *source; /* the demuxer's pad */
  GstElement *chain;
  GstPad *whep_pad;
  GstRendition *rendition;       /* nullable */
  GstUntouchedBranch *untouched; /* nullable */
  gboolean has_slot;             /* a slot for transcoding */
  gint has_failed;               /* atomic: the chain gets no more frames */
} Track;

struct _GstRtmpWebrtcSinkPad
{
  GstGhostPad parent;

  GstBin *bin; /* the parent, which therefore outlives the pad */
  GstElement *whep;
  GstElement *demux;
  GstMp4Branch *mp4; /* NULL before the first track */
  gint is_retired;   /* atomic */

  /* Guarded by the object lock. */
  gchar *stream_name; /* property */
  GList *tracks;      /* of Track */
  GList *faults;      /* of GstTrackFault */
};

enum
{
  PROP_0,
  PROP_STREAM_NAME,
};

G_DEFINE_TYPE (GstRtmpWebrtcSinkPad, gst_rtmp_webrtc_sink_pad,
    GST_TYPE_GHOST_PAD);

static gchar *
dup_property (GstRtmpWebrtcSinkPad *self)
{
  gchar *name;

  GST_OBJECT_LOCK (self);
  name = g_strdup (self->stream_name);
  GST_OBJECT_UNLOCK (self);
  return name;
}

static gchar *
dup_upstream_name (GstRtmpWebrtcSinkPad *self)
{
  g_autoptr (GstEvent) event =
      gst_pad_get_sticky_event (GST_PAD (self), GST_EVENT_STREAM_START, 0);

  if (event == NULL)
    return NULL;
  return g_strdup (gst_structure_get_string (gst_event_get_structure (event),
      "stream-name"));
}

/* Returns: (nullable): NULL for a stream without a name. */
static gchar *
dup_known_name (GstRtmpWebrtcSinkPad *self)
{
  gchar *name = dup_property (self);

  return name != NULL ? name : dup_upstream_name (self);
}

gchar *
gst_rtmp_webrtc_sink_pad_dup_stream (GstRtmpWebrtcSinkPad *self)
{
  gchar *name = dup_known_name (self);

  return name != NULL ? name : gst_object_get_name (GST_OBJECT (self));
}

static void
add_element (GstRtmpWebrtcSinkPad *self, GstElement *element)
{
  g_object_set_qdata_full (G_OBJECT (element), owner_quark,
      gst_object_ref (self), gst_object_unref);
  gst_bin_add (self->bin, element);
}

GstRtmpWebrtcSinkPad *
gst_rtmp_webrtc_sink_pad_of (GstElement *element)
{
  gpointer self = g_object_get_qdata (G_OBJECT (element), owner_quark);

  return self != NULL ? gst_object_ref (self) : NULL;
}

static void
warn (GstRtmpWebrtcSinkPad *self, const gchar *what, const gchar *details)
{
  g_autofree gchar *stream = gst_rtmp_webrtc_sink_pad_dup_stream (self);

  GST_ELEMENT_WARNING (self->bin, STREAM, FAILED,
      ("The stream \"%s\" continues without its %s.", stream, what),
      ("%s", details));
}

/* Posts what the chain's own error would, because there was none. */
static void
post_failure (Track *track, const gchar *reason)
{
  GstStructure *facts = gst_track_fault_facts_of (track->source, reason);

  warn (track->owner, GST_PAD_NAME (track->source), reason);
  if (facts != NULL)
    gst_element_post_message (track->chain,
        gst_message_new_element (GST_OBJECT (track->chain), facts));
}

/* A track that fails does not affect upstream and the other track: they get OK,
 * unless the stream is rejected. A failed element may leak all further buffers.
 */
static GstFlowReturn
on_buffer (GstPad *pad, GstObject *parent, GstBuffer *buffer)
{
  Track *track = gst_pad_get_element_private (pad);
  GstFlowReturn flow;

  if (g_atomic_int_get (&track->has_failed)) {
    gst_buffer_unref (buffer);
    return GST_FLOW_OK;
  }
  flow = gst_proxy_pad_chain_default (pad, parent, buffer);
  if (flow == GST_FLOW_OK || flow == GST_FLOW_FLUSHING)
    return flow;
  if (flow == GST_H264_LIVE_PAY_REJECTED)
    return GST_FLOW_ERROR;
  GST_DEBUG_OBJECT (pad, "the chain returned %s", gst_flow_get_name (flow));
  if (flow != GST_FLOW_EOS &&
      g_atomic_int_compare_and_exchange (&track->has_failed, FALSE, TRUE))
    post_failure (track, "its frames could not be processed");
  return GST_FLOW_OK;
}

static GstPadProbeReturn
drop (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  return GST_PAD_PROBE_DROP;
}

/* A fault is dropped if the pad is being closed. */
static void
note_fault (GstRtmpWebrtcSinkPad *self, GstPad *source,
    const GstStructure *facts)
{
  g_autofree gchar *name = dup_known_name (self);
  GstTrackFault *fault = gst_track_fault_new (self->whep, source, name, facts);

  if (fault == NULL)
    return;
  GST_OBJECT_LOCK (self);
  if (!g_atomic_int_get (&self->is_retired))
    self->faults = g_list_prepend (self->faults, g_steal_pointer (&fault));
  GST_OBJECT_UNLOCK (self);
  g_clear_pointer (&fault, gst_track_fault_free);
}

void
gst_rtmp_webrtc_sink_pad_note_fault (GstRtmpWebrtcSinkPad *self,
    const GstStructure *facts)
{
  note_fault (self, NULL, facts);
}

/* As for gst_track_faults_steal(). */
static void
end_faults (GstRtmpWebrtcSinkPad *self, const GstPad *source,
    const gchar *media)
{
  GList *ended;

  GST_OBJECT_LOCK (self);
  ended = gst_track_faults_steal (&self->faults, source, media);
  GST_OBJECT_UNLOCK (self);
  g_list_free_full (ended, (GDestroyNotify) gst_track_fault_free);
}

/* @why is text for viewers; @details is for the log. */
static void
post_left_out (GstRtmpWebrtcSinkPad *self, GstPad *source, const gchar *why,
    const gchar *details)
{
  g_autofree gchar *stream = gst_rtmp_webrtc_sink_pad_dup_stream (self);
  GstStructure *facts = gst_track_fault_facts_of (source, why);

  warn (self, GST_PAD_NAME (source), details);
  if (facts == NULL)
    return;
  note_fault (self, source, facts);
  gst_structure_set (facts, "stream-name", G_TYPE_STRING, stream, NULL);
  gst_element_post_message (GST_ELEMENT (self->bin),
      gst_message_new_element (GST_OBJECT (self->bin), facts));
}

static void
leave_out (GstRtmpWebrtcSinkPad *self, GstPad *source, const gchar *why,
    const gchar *details)
{
  gst_pad_add_probe (gst_mp4_branch_pad (self->mp4, source),
      GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST, drop, NULL,
      NULL);
  post_left_out (self, source, why, details);
}

static GstPad *
request_whep_pad (GstRtmpWebrtcSinkPad *self, const gchar *template)
{
  GstPad *pad = gst_element_request_pad_simple (self->whep, template);
  g_autofree gchar *name = dup_known_name (self);

  if (pad != NULL && name != NULL)
    g_object_set (pad, "stream-name", name, NULL);
  return pad;
}

/* Links from the downstream end, so that the first event finds all linked. */
static gboolean
link_track (Track *track)
{
  g_autoptr (GstPad) sink = gst_element_get_static_pad (track->chain, "sink");
  g_autoptr (GstPad) src = gst_element_get_static_pad (track->chain, "src");

  gst_pad_set_element_private (sink, track);
  gst_pad_set_chain_function (sink, on_buffer);
  if (track->whep_pad == NULL ||
      gst_pad_link (src, track->whep_pad) != GST_PAD_LINK_OK)
    return FALSE;
  if (!gst_element_sync_state_with_parent (track->chain))
    return FALSE;
  return gst_pad_link (gst_mp4_branch_pad (track->owner->mp4, track->source),
             sink) == GST_PAD_LINK_OK;
}

static TranscodeSlots *
slots_of (GstRtmpWebrtcSinkPad *self)
{
  return gst_rtmp_webrtc_sink_get_slots (GST_RTMP_WEBRTC_SINK (self->bin));
}

/* A GstCodecChoice's function. */
static void
set_up_encoder (gpointer sender, GstElement *encoder, gpointer user_data)
{
  GstRtmpWebrtcSinkPad *self = user_data;
  g_autofree gchar *stream = gst_rtmp_webrtc_sink_pad_dup_stream (self);

  g_signal_emit_by_name (self->bin, "encoder-setup", stream, encoder);
}

static void
free_track (GstRtmpWebrtcSinkPad *self, Track *track)
{
  gst_element_set_locked_state (track->chain, TRUE);
  gst_element_set_state (track->chain, GST_STATE_NULL);
  gst_rendition_free (track->rendition);
  gst_untouched_branch_free (track->untouched);
  gst_bin_remove (self->bin, track->chain);
  if (track->whep_pad != NULL) {
    gst_element_release_request_pad (self->whep, track->whep_pad);
    gst_object_unref (track->whep_pad);
  }
  if (track->has_slot) {
    transcode_slots_give_back (slots_of (self));
    heap_trim ();
  }
  g_free (track);
}

static gboolean
may_transcode (GstRtmpWebrtcSinkPad *self)
{
  return gst_rtmp_webrtc_sink_get_transcode (GST_RTMP_WEBRTC_SINK (
             self->bin)) == GST_RTMP_WEBRTC_TRANSCODE_AUTO;
}

static void
add_branches (GstRtmpWebrtcSinkPad *self, Track *track, const GstRecipe *recipe,
    const GstRecipeSettings *settings)
{
  g_autofree gchar *name = dup_known_name (self);

  track->untouched =
      gst_untouched_branch_new (track->chain, track->whep_pad, name);
  if (track->whep_pad != NULL && may_transcode (self) &&
      gst_recipe_has_rendition (recipe, &settings->choice))
    track->rendition = gst_rendition_new (recipe, track->chain, track->whep_pad,
        name, settings);
}

/* Removes the track of @source from the list, or any track if that is NULL. */
static Track *
steal_track (GstRtmpWebrtcSinkPad *self, GstPad *source)
{
  Track *found = NULL;

  GST_OBJECT_LOCK (self);
  for (GList *l = self->tracks; l != NULL && found == NULL; l = l->next) {
    Track *track = l->data;

    if (source == NULL || track->source == source)
      found = track;
  }
  self->tracks = g_list_remove (self->tracks, found);
  GST_OBJECT_UNLOCK (self);
  return found;
}

static void
add_track (GstRtmpWebrtcSinkPad *self, GstPad *source, const GstRecipe *recipe,
    GstElement *chain, const GstRecipeSettings *settings)
{
  Track *track = g_new0 (Track, 1);

  track->owner = self;
  track->source = source;
  track->chain = chain;
  track->has_slot = recipe->transcodes_video;
  track->whep_pad = request_whep_pad (self, recipe->pad);
  add_element (self, chain);
  add_branches (self, track, recipe, settings);
  GST_OBJECT_LOCK (self);
  self->tracks = g_list_prepend (self->tracks, track);
  GST_OBJECT_UNLOCK (self);
  end_faults (self, NULL,
      g_str_has_prefix (recipe->pad, "video") ? "video" : "audio");
  if (link_track (track))
    return;
  free_track (self, steal_track (self, source));
  leave_out (self, source, "the server could not set up its conversion",
      "its chain could not be linked");
}

/* If the recipe transcodes, a slot has been taken. Returns FALSE if it was
 * given back, because the elements that transcode are still being tried. */
static gboolean
begin_track (GstRtmpWebrtcSinkPad *self, GstPad *source,
    const GstRecipe *recipe)
{
  g_auto (GstRecipeSettings) settings = { 0 };
  g_autoptr (GError) error = NULL;
  GstElement *chain;

  gst_rtmp_webrtc_sink_get_recipe_settings (GST_RTMP_WEBRTC_SINK (self->bin),
      &settings);
  settings.choice.set_up = set_up_encoder;
  settings.choice.user_data = self;
  chain = gst_recipe_make (recipe, &settings.choice, &error);
  if (chain == NULL) {
    if (recipe->transcodes_video)
      transcode_slots_give_back (settings.slots);
    if (gst_alternatives_are_tried (error))
      return FALSE;
    leave_out (self, source, "the server lacks the elements to convert it",
        error->message);
    return TRUE;
  }
  gst_recipe_set_up (chain, &settings);
  if (recipe->transcodes_video) {
    gst_picture_limit_add (chain, recipe->picture, GST_RECIPE_ENCODER,
        settings.max_area);
    gst_backlog_add (chain, GST_RECIPE_QUEUE);
  }
  add_track (self, source, recipe, chain, &settings);
  return TRUE;
}

/* Called at each key frame, while no slot is free or elements are tried. */
static GstPadProbeReturn
try_again (GstPad *source, GstPadProbeInfo *info, gpointer user_data)
{
  GstRtmpWebrtcSinkPad *self = user_data;
  GstBuffer *frame = GST_PAD_PROBE_INFO_BUFFER (info);
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (source);

  if (GST_BUFFER_FLAG_IS_SET (frame, GST_BUFFER_FLAG_DELTA_UNIT) ||
      !transcode_slots_take (slots_of (self)) ||
      !begin_track (self, source, gst_recipe_find (caps)))
    return GST_PAD_PROBE_DROP;
  return GST_PAD_PROBE_REMOVE;
}

static void
begin_later (GstRtmpWebrtcSinkPad *self, GstPad *source)
{
  gst_pad_add_probe (source,
      GST_PAD_PROBE_TYPE_BLOCK | GST_PAD_PROBE_TYPE_BUFFER, try_again, self,
      NULL);
}

static void
wait_for_slot (GstRtmpWebrtcSinkPad *self, GstPad *source)
{
  post_left_out (self, source,
      "the server already transcodes as many videos as it may",
      "max-transcodes");
  begin_later (self, source);
}

/* Without its elements, the stream is served nevertheless. */
static void
open_mp4 (GstRtmpWebrtcSinkPad *self)
{
  GstRtmpWebrtcSink *sink = GST_RTMP_WEBRTC_SINK (self->bin);
  GstElement *whep = gst_rtmp_webrtc_sink_has_mp4 (sink) ? self->whep : NULL;
  g_autofree gchar *name = dup_known_name (self);

  if (self->mp4 != NULL)
    return;
  self->mp4 = gst_mp4_branch_new (whep, name,
      gst_rtmp_webrtc_sink_get_recordings (sink));
  add_element (self, gst_mp4_branch_element (self->mp4));
}

static void
on_pad_added (GstElement *demux, GstPad *source, GstRtmpWebrtcSinkPad *self)
{
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (source);
  const GstRecipe *recipe = caps != NULL ? gst_recipe_find (caps) : NULL;
  g_autofree gchar *words = gst_caps_to_string (caps);

  open_mp4 (self);
  gst_mp4_branch_add (self->mp4, source);
  if (recipe == NULL)
    leave_out (self, source, "neither browsers nor the server can decode it",
        words);
  else if (recipe->transcodes_video && !may_transcode (self))
    leave_out (self, source,
        "browsers can't decode it, and transcoding is switched off", words);
  else if (recipe->transcodes_video && !transcode_slots_take (slots_of (self)))
    wait_for_slot (self, source);
  else if (!begin_track (self, source, recipe))
    begin_later (self, source);
}

static void
on_pad_removed (GstElement *demux, GstPad *source, GstRtmpWebrtcSinkPad *self)
{
  Track *track = steal_track (self, source);

  if (track != NULL)
    free_track (self, track);
  gst_mp4_branch_remove (self->mp4, source);
  end_faults (self, source, NULL);
}

GstStructure *
gst_rtmp_webrtc_sink_pad_fail (GstRtmpWebrtcSinkPad *self,
    const GstElement *element, const gchar *reason)
{
  g_autoptr (GstPad) source = NULL;

  GST_OBJECT_LOCK (self);
  for (GList *l = self->tracks; l != NULL; l = l->next) {
    Track *track = l->data;

    if (track->chain == element &&
        g_atomic_int_compare_and_exchange (&track->has_failed, FALSE, TRUE))
      source = gst_object_ref (track->source);
  }
  GST_OBJECT_UNLOCK (self);
  return source != NULL ? gst_track_fault_facts_of (source, reason) : NULL;
}

gboolean
gst_rtmp_webrtc_sink_pad_open (GstRtmpWebrtcSinkPad *self, GstBin *bin,
    GstElement *whep)
{
  g_autoptr (GstPad) sink = NULL;

  self->bin = bin;
  self->whep = whep;
  self->demux = gst_element_factory_make ("rtmplivedemux", NULL);
  if (self->demux == NULL)
    return FALSE;
  add_element (self, self->demux);
  g_signal_connect (self->demux, "pad-added", G_CALLBACK (on_pad_added), self);
  g_signal_connect (self->demux, "pad-removed", G_CALLBACK (on_pad_removed),
      self);
  sink = gst_element_get_static_pad (self->demux, "sink");
  return gst_ghost_pad_set_target (GST_GHOST_PAD (self), sink) &&
      gst_element_sync_state_with_parent (self->demux);
}

gboolean
gst_rtmp_webrtc_sink_pad_retire (GstRtmpWebrtcSinkPad *self)
{
  return g_atomic_int_compare_and_exchange (&self->is_retired, FALSE, TRUE);
}

/* Unlinks from the upstream end, so that nothing reaches elements being
 * removed. */
void
gst_rtmp_webrtc_sink_pad_close (GstRtmpWebrtcSinkPad *self)
{
  Track *track;

  gst_pad_set_active (GST_PAD (self), FALSE);
  gst_ghost_pad_set_target (GST_GHOST_PAD (self), NULL);
  if (self->demux != NULL) {
    gst_element_set_locked_state (self->demux, TRUE);
    gst_element_set_state (self->demux, GST_STATE_NULL);
    gst_bin_remove (self->bin, g_steal_pointer (&self->demux));
  }
  while ((track = steal_track (self, NULL)) != NULL)
    free_track (self, track);
  g_clear_pointer (&self->mp4, gst_mp4_branch_free);
  end_faults (self, NULL, NULL);
}

GstPad *
gst_rtmp_webrtc_sink_pad_new (GstPadTemplate *templ, const gchar *name)
{
  return g_object_new (GST_TYPE_RTMP_WEBRTC_SINK_PAD, "name", name, "direction",
      GST_PAD_SINK, "template", templ, NULL);
}

static void
gst_rtmp_webrtc_sink_pad_set_property (GObject *object, guint id,
    const GValue *value, GParamSpec *pspec)
{
  GstRtmpWebrtcSinkPad *self = GST_RTMP_WEBRTC_SINK_PAD (object);

  g_assert (id == PROP_STREAM_NAME);
  GST_OBJECT_LOCK (self);
  g_free (self->stream_name);
  self->stream_name = g_value_dup_string (value);
  GST_OBJECT_UNLOCK (self);
}

static void
gst_rtmp_webrtc_sink_pad_get_property (GObject *object, guint id, GValue *value,
    GParamSpec *pspec)
{
  g_assert (id == PROP_STREAM_NAME);
  g_value_take_string (value, dup_property (GST_RTMP_WEBRTC_SINK_PAD (object)));
}

static void
gst_rtmp_webrtc_sink_pad_finalize (GObject *object)
{
  g_free (GST_RTMP_WEBRTC_SINK_PAD (object)->stream_name);
  G_OBJECT_CLASS (gst_rtmp_webrtc_sink_pad_parent_class)->finalize (object);
}

static void
gst_rtmp_webrtc_sink_pad_init (GstRtmpWebrtcSinkPad *self)
{
}

static void
gst_rtmp_webrtc_sink_pad_class_init (GstRtmpWebrtcSinkPadClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  owner_quark = g_quark_from_static_string ("rtmpwebrtcsink-owner");
  object_class->set_property = gst_rtmp_webrtc_sink_pad_set_property;
  object_class->get_property = gst_rtmp_webrtc_sink_pad_get_property;
  object_class->finalize = gst_rtmp_webrtc_sink_pad_finalize;

  g_object_class_install_property (object_class, PROP_STREAM_NAME,
      g_param_spec_string ("stream-name", "Stream name",
          "Name of the stream, APP/KEY. If unset, the name in upstream's "
          "stream-start event, as set by rtmpserversrc, or \"live/stream\". "
          "Must be set before the first data",
          NULL,
          G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS |
              GST_PARAM_MUTABLE_READY));
}
