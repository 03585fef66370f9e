/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A track's pad and its output: see gstflvtrack.h. */

#include "gst/flv/gstflvtrack.h"

#include "gst/flv/gstflvsound.h"
#include "gst/flv/gstflvstream.h"
#include "gst/flv/gstflvvideo.h"

GST_DEBUG_CATEGORY_EXTERN (gst_flv_live_demux_debug);
#define GST_CAT_DEFAULT gst_flv_live_demux_debug

static const gchar *
flv_track_name (FlvTrackKind kind)
{
  return kind == FLV_TRACK_VIDEO ? "video" : "audio";
}

static gboolean
push_stream_start (FlvTracks *self, FlvTrackKind kind, GstCaps *caps)
{
  GstPad *pad = self->tracks[kind].pad;
  g_autofree gchar *id =
      gst_pad_create_stream_id (pad, self->element, flv_track_name (kind));
  GstEvent *event = gst_event_new_stream_start (id);

  gst_clear_object (&self->tracks[kind].stream);
  self->tracks[kind].stream = flv_stream_new (id, kind, caps);
  gst_event_set_stream (event, self->tracks[kind].stream);
  gst_event_set_group_id (event, self->group_id);
  if (self->stream_name != NULL)
    gst_structure_set (gst_event_writable_structure (event), "stream-name",
        G_TYPE_STRING, self->stream_name, NULL);
  return gst_pad_push_event (pad, event);
}

/* Informs applications and downstream elements about the current tracks. */
static void
announce_streams (FlvTracks *self)
{
  g_autoptr (GstPad) sink = gst_element_get_static_pad (self->element, "sink");
  g_autofree gchar *upstream_id = gst_pad_get_stream_id (sink);
  g_autoptr (GstStreamCollection) streams =
      gst_stream_collection_new (upstream_id);

  for (guint i = 0; i < FLV_N_TRACKS; i++)
    if (self->tracks[i].stream != NULL)
      gst_stream_collection_add_stream (streams,
          gst_object_ref (self->tracks[i].stream));
  if (gst_stream_collection_get_size (streams) == 0)
    return;
  gst_element_post_message (self->element,
      gst_message_new_stream_collection (GST_OBJECT (self->element), streams));
  for (guint i = 0; i < FLV_N_TRACKS; i++)
    if (self->tracks[i].pad != NULL)
      gst_pad_push_event (self->tracks[i].pad,
          gst_event_new_stream_collection (streams));
}

static void
push_segment (FlvTrack *track)
{
  GstSegment segment;

  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_pad_push_event (track->pad, gst_event_new_segment (&segment));
  track->needs_segment = FALSE;
}

/* What upstream says of the stream in events of its own. */
static gboolean
forward_custom (GstPad *sink, GstEvent **event, gpointer pad)
{
  if (GST_EVENT_TYPE (*event) == GST_EVENT_CUSTOM_DOWNSTREAM_STICKY)
    gst_pad_push_event (pad, gst_event_ref (*event));
  return TRUE;
}

static void
push_custom_events (FlvTracks *self, GstPad *pad)
{
  g_autoptr (GstPad) sink = gst_element_get_static_pad (self->element, "sink");

  gst_pad_sticky_events_foreach (sink, forward_custom, pad);
}

static void
remove_pad (FlvTracks *self, FlvTrack *track)
{
  if (track->pad == NULL)
    return;
  gst_flow_combiner_remove_pad (self->flows, track->pad);
  gst_pad_set_active (track->pad, FALSE);
  gst_element_remove_pad (self->element, track->pad);
  track->pad = NULL;
  gst_clear_object (&track->stream);
}

static void
clear_track (FlvTracks *self, FlvTrack *track)
{
  remove_pad (self, track);
  gst_clear_buffer (&track->config);
  gst_clear_buffer (&track->record);
  flv_pictures_clear (&track->pictures);
  *track = (FlvTrack){ 0 };
}

/* The sticky events are on the pad before it is added, so that its caps are
 * known when it is linked. */
static void
add_pad (FlvTracks *self, FlvTrackKind kind, GstCaps *caps)
{
  FlvTrack *track = &self->tracks[kind];

  track->pad =
      gst_pad_new_from_template (gst_element_get_pad_template (self->element,
                                     flv_track_name (kind)),
          flv_track_name (kind));
  gst_pad_use_fixed_caps (track->pad);
  gst_pad_set_active (track->pad, TRUE);

  push_stream_start (self, kind, caps);
  gst_pad_set_caps (track->pad, caps);
  push_segment (track);
  announce_streams (self);
  push_custom_events (self, track->pad);
  track->is_discont = TRUE;

  GST_INFO_OBJECT (self->element, "%s: %s begins as %" GST_PTR_FORMAT,
      GST_STR_NULL (self->stream_name), flv_track_name (kind), caps);
  gst_flow_combiner_add_pad (self->flows, track->pad);
  gst_element_add_pad (self->element, track->pad);
}

static void
end_pad (FlvTracks *self, FlvTrack *track)
{
  if (track->pad == NULL)
    return;
  gst_pad_push_event (track->pad, gst_event_new_eos ());
  remove_pad (self, track);
  announce_streams (self);
}

/* Downstream is built for one codec, so a track that changes its codec starts
 * over. */
static void
leave_codec (FlvTracks *self, FlvTrackKind kind)
{
  FlvTrack *track = &self->tracks[kind];

  if (track->pad != NULL)
    GST_INFO_OBJECT (self->element, "%s: %s changes its codec",
        GST_STR_NULL (self->stream_name), flv_track_name (kind));
  if (kind == FLV_TRACK_VIDEO)
    flv_video_end (self);
  end_pad (self, track);
  clear_track (self, track);
}

void
flv_tracks_leave_out (FlvTracks *self, FlvTrackKind kind, guint32 codec,
    const gchar *reason)
{
  FlvTrack *track = &self->tracks[kind];
  g_autofree gchar *name = NULL;

  if (track->fault == reason && track->unplayable_codec == codec)
    return;
  track->fault = reason;
  track->unplayable_codec = codec;
  name = flv_codec_dup_name (codec);
  GST_WARNING_OBJECT (self->element, "%s: %s (%s): %s",
      GST_STR_NULL (self->stream_name), flv_track_name (kind), name, reason);
  if (track->pad != NULL)
    return;
  gst_element_post_message (self->element,
      gst_message_new_element (GST_OBJECT (self->element),
          gst_structure_new ("track-unplayable", "media", G_TYPE_STRING,
              flv_track_name (kind), "codec", G_TYPE_STRING, name, "reason",
              G_TYPE_STRING, reason, NULL)));
}

gboolean
flv_tracks_begin (FlvTracks *self, FlvTrackKind kind, const FlvCodec *codec,
    const FlvPacket *packet, GstBuffer *config)
{
  FlvTrack *track = &self->tracks[kind];
  const gchar *why;
  g_autoptr (GstCaps) caps = flv_codec_caps (codec, packet, config, &why);

  track->codec = codec;
  if (caps == NULL) {
    flv_tracks_leave_out (self, kind, codec->codec, why);
    return FALSE;
  }
  track->fault = NULL;
  flv_codec_audio_format (codec, packet, config, &track->format);
  track->clock.step_ns = codec->is_for_viewers ? FLV_SOUND_STEP_NS : 0;
  if (track->pad == NULL) {
    add_pad (self, kind, caps);
  } else {
    GST_DEBUG_OBJECT (self->element, "%s: %s continues as %" GST_PTR_FORMAT,
        GST_STR_NULL (self->stream_name), flv_track_name (kind), caps);
    flv_stream_set_caps (track->stream, caps);
    gst_pad_set_caps (track->pad, caps);
  }
  return TRUE;
}

static gboolean
is_same (GstBuffer *a, GstBuffer *b)
{
  GstMapInfo map;
  gboolean same;

  if (a == NULL || gst_buffer_get_size (a) != gst_buffer_get_size (b))
    return FALSE;
  if (!gst_buffer_map (b, &map, GST_MAP_READ))
    return FALSE;
  same = gst_buffer_memcmp (a, 0, map.data, map.size) == 0;
  gst_buffer_unmap (b, &map);
  return same;
}

/* Publishers repeat the sequence header; only a different one changes the caps.
 */
static void
take_config (FlvTracks *self, FlvTrackKind kind, const FlvCodec *codec,
    const FlvPacket *packet, GstBuffer *tag)
{
  FlvTrack *track = &self->tracks[kind];
  g_autoptr (GstBuffer) config = gst_buffer_copy_region (tag,
      GST_BUFFER_COPY_MEMORY, packet->offset, packet->size);

  if (codec->codec == FLV_CODEC_AAC)
    config = flv_sound_unwrap_config (config);
  if (is_same (track->config, config))
    return;
  if (codec->is_in_nalus)
    flv_video_take_config (self, codec, packet, config);
  else if (flv_tracks_begin (self, kind, codec, packet, config))
    gst_buffer_replace (&track->config, config);
}

static void
stamp_frame (GstBuffer *frame, const FlvPacket *packet, gint64 time_ns)
{
  gint64 shown_ns = time_ns + packet->cts_ms * GST_MSECOND;

  GST_BUFFER_DTS (frame) = time_ns;
  GST_BUFFER_PTS (frame) = MAX (shown_ns, 0);
  if (!packet->is_key)
    GST_BUFFER_FLAG_SET (frame, GST_BUFFER_FLAG_DELTA_UNIT);
}

/* Until both tracks exist, the missing one may be the one that will be linked.
 */
static GstFlowReturn
combine (FlvTracks *self, FlvTrack *track, GstFlowReturn flow)
{
  flow = gst_flow_combiner_update_pad_flow (self->flows, track->pad, flow);
  if (flow != GST_FLOW_NOT_LINKED)
    return flow;
  for (guint i = 0; i < FLV_N_TRACKS; i++) {
    if (self->tracks[i].pad == NULL)
      return GST_FLOW_OK;
  }
  return flow;
}

/* A sequence header may come too late for the first frames, and a few frames
 * may be malformed; a header that never comes is a fault. */
void
flv_tracks_count_early (FlvTracks *self, FlvTrackKind kind, gint64 time_us,
    const gchar *reason)
{
  FlvTrack *track = &self->tracks[kind];

  GST_DEBUG_OBJECT (self->element, "%s: %s frame dropped: %s",
      GST_STR_NULL (self->stream_name), flv_track_name (kind), reason);
  if (track->n_early++ == 0)
    track->early_us = time_us;
  if (track->fault != NULL ||
      (track->n_early < FLV_EARLY_FRAMES &&
          time_us - track->early_us < FLV_EARLY_US))
    return;
  end_pad (self, track);
  flv_tracks_leave_out (self, kind, track->codec->codec, reason);
}

void
flv_tracks_count_malformed (FlvTracks *self, FlvTrackKind kind)
{
  GstDebugLevel level = self->tracks[kind].n_malformed++ == 0
      ? GST_LEVEL_WARNING
      : GST_LEVEL_DEBUG;

  GST_CAT_LEVEL_LOG (GST_CAT_DEFAULT, level, self->element,
      "%s: malformed %s tag dropped (%u of them)",
      GST_STR_NULL (self->stream_name), flv_track_name (kind),
      self->tracks[kind].n_malformed);
}

/* Mono and stereo of one codec need different caps downstream. */
static gboolean
has_other_channels (const FlvTrack *track, const FlvPacket *packet)
{
  return track->pad != NULL && track->codec->has_channels &&
      track->format.n_channels != packet->n_channels;
}

gboolean
flv_tracks_accept (FlvTracks *self, FlvTrackKind kind, const FlvPacket *packet,
    GstBuffer *tag)
{
  FlvTrack *track = &self->tracks[kind];
  const FlvCodec *codec = flv_codec_find (packet->codec);

  if (track->codec != NULL &&
      (track->codec != codec || has_other_channels (track, packet)))
    leave_codec (self, kind);
  track->codec = codec;
  if (codec == NULL) {
    flv_tracks_leave_out (self, kind, packet->codec,
        "this server can't decode it");
    return FALSE;
  }
  if (packet->kind == FLV_PACKET_CONFIG) {
    if (codec->has_config)
      take_config (self, kind, codec, packet, tag);
    return FALSE;
  }
  if (packet->size <= codec->n_skip)
    return FALSE;

  if (codec->codec == FLV_CODEC_AAC &&
      !flv_sound_take_headers (self, codec, packet, tag))
    return FALSE;
  if (track->pad == NULL &&
      (!codec->has_config || flv_video_has_config (codec, packet, tag)))
    flv_tracks_begin (self, kind, codec, packet, NULL);
  if (track->pad == NULL && !codec->is_in_nalus) {
    flv_tracks_count_early (self, kind, 0, "its sequence header is missing");
    return FALSE;
  }
  return TRUE;
}

GstFlowReturn
flv_tracks_push_buffer (FlvTracks *self, FlvTrackKind kind, GstBuffer *frame)
{
  FlvTrack *track = &self->tracks[kind];

  if (track->is_discont)
    GST_BUFFER_FLAG_SET (frame, GST_BUFFER_FLAG_DISCONT);
  track->is_discont = FALSE;
  track->n_early = 0;
  if (track->needs_segment)
    push_segment (track);
  GST_LOG_OBJECT (self->element, "%s: %s %" GST_PTR_FORMAT,
      GST_STR_NULL (self->stream_name), flv_track_name (kind), frame);
  return combine (self, track, gst_pad_push (track->pad, frame));
}

GstFlowReturn
flv_tracks_push_frame (FlvTracks *self, FlvTrackKind kind,
    const FlvPacket *packet, GstBuffer *frame, gint64 time_ns)
{
  stamp_frame (frame, packet, time_ns);
  return flv_tracks_push_buffer (self, kind, frame);
}

GstFlowReturn
flv_tracks_push (FlvTracks *self, FlvTrackKind kind, const FlvPacket *packet,
    GstBuffer *tag, guint32 time_ms, const FlvStamp *stamp)
{
  const FlvCodec *codec = self->tracks[kind].codec;

  if (kind == FLV_TRACK_AUDIO)
    return flv_sound_push (self, packet, tag, stamp);
  if (codec->is_in_nalus)
    return flv_video_push (self, packet, tag, time_ms, stamp);
  return flv_tracks_push_frame (self, kind, packet,
      gst_buffer_copy_region (tag, GST_BUFFER_COPY_MEMORY,
          packet->offset + codec->n_skip, packet->size - codec->n_skip),
      stamp->time_us * GST_USECOND);
}

void
flv_tracks_end (FlvTracks *self)
{
  flv_video_end (self);
}

void
flv_tracks_start_stream (FlvTracks *self, GstEvent *stream_start)
{
  const GstStructure *s = gst_event_get_structure (stream_start);

  g_free (self->stream_name);
  self->stream_name = g_strdup (gst_structure_get_string (s, "stream-name"));
  if (!gst_event_parse_group_id (stream_start, &self->group_id))
    self->group_id = gst_util_group_id_next ();

  for (guint i = 0; i < FLV_N_TRACKS; i++) {
    if (self->tracks[i].pad != NULL) {
      g_autoptr (GstCaps) caps = gst_pad_get_current_caps (self->tracks[i].pad);

      push_stream_start (self, i, caps);
    }
  }
  announce_streams (self);
}

void
flv_tracks_hold (FlvTracks *self)
{
  flv_sample_clock_restart (&self->tracks[FLV_TRACK_AUDIO].clock);
}

void
flv_tracks_jump (FlvTracks *self)
{
  flv_tracks_hold (self);
  for (guint i = 0; i < FLV_N_TRACKS; i++)
    self->tracks[i].is_discont = TRUE;
}

void
flv_tracks_restart (FlvTracks *self)
{
  gst_flow_combiner_reset (self->flows);
  flv_tracks_jump (self);
  for (guint i = 0; i < FLV_N_TRACKS; i++) {
    self->tracks[i].needs_segment = TRUE;
    self->tracks[i].clock =
        (FlvSampleClock){ .step_ns = self->tracks[i].clock.step_ns };
    flv_pictures_restart (&self->tracks[i].pictures);
  }
}

void
flv_tracks_init (FlvTracks *self, GstElement *element)
{
  *self = (FlvTracks){
    .element = element,
    .flows = gst_flow_combiner_new (),
    .group_id = gst_util_group_id_next (),
  };
}

void
flv_tracks_reset (FlvTracks *self)
{
  for (guint i = 0; i < FLV_N_TRACKS; i++)
    clear_track (self, &self->tracks[i]);
  g_clear_pointer (&self->stream_name, g_free);
}

void
flv_tracks_clear (FlvTracks *self)
{
  for (guint i = 0; i < FLV_N_TRACKS; i++) {
    gst_clear_buffer (&self->tracks[i].config);
    gst_clear_buffer (&self->tracks[i].record);
    gst_clear_object (&self->tracks[i].stream);
    flv_pictures_clear (&self->tracks[i].pictures);
  }
  g_free (self->stream_name);
  g_clear_pointer (&self->flows, gst_flow_combiner_free);
}
