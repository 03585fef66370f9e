/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * SECTION:element-flvlivedemux
 * @title: flvlivedemux
 * @short_description: FLV to elementary streams, without waiting
 *
 * Takes a live FLV stream apart, classic or Enhanced RTMP, in tags or in chunks
 * of any size. A pad appears with the first sequence header of its track (or
 * the first frame, if the codec has none) and never waits for the other track;
 * each frame leaves in the same call that brought its last byte. Times are
 * running time: the first tag is put where it arrived, the others keep their
 * distance to it, and wraps and jumps of the publisher's clock don't show.
 * H.264 is freed of access unit delimiters, filler and supplemental information
 * other than recovery points. Tracks of codecs that it doesn't know are
 * skipped.
 *
 * #rtmplivedemux adds the parsers that decoders and payloaders want.
 *
 * ## Example
 *
 * |[
 * gst-launch-1.0 filesrc location=live.flv ! flvlivedemux name=demux \
 *     demux.video ! h264parse ! avdec_h264 ! autovideosink
 * ]|
 */

#include "gst/flv/gstflvlivedemux.h"

#include "gst/flv/audio.h"
#include "gst/flv/avc.h"
#include "gst/flv/flvreader.h"
#include "gst/flv/gstflvcaps.h"
#include "gst/flv/timeline.h"
#include "gst/flv/video.h"

#include <gst/base/gstadapter.h>
#include <gst/base/gstflowcombiner.h>

GST_DEBUG_CATEGORY_STATIC (gst_flv_live_demux_debug);
#define GST_CAT_DEFAULT gst_flv_live_demux_debug

typedef struct
{
  GstPad *pad; /* NULL until the track has begun */
  const FlvCodec *codec;
  GstBuffer *config;
  guint n_length_bytes;   /* of H.264's NAL units */
  guint32 unknown_codec;  /* the last that was logged */
  gboolean needs_segment; /* before the next buffer */
  gboolean is_discont;
} FlvTrack;

/* Everything but the pads themselves belongs to the streaming thread. */
struct _GstFlvLiveDemux
{
  GstElement parent;

  GstPad *sink;
  GstSegment segment; /* upstream's */
  GstAdapter *adapter;
  FlvReader reader;
  FlvTimeline timeline;
  FlvTrack tracks[FLV_N_TRACKS];
  GstFlowCombiner *flows;

  guint group_id;
  gchar *stream_name;
};

static GstStaticPadTemplate sink_template = GST_STATIC_PAD_TEMPLATE ("sink",
    GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS ("video/x-flv"));

static GstStaticPadTemplate video_template =
    GST_STATIC_PAD_TEMPLATE ("video", GST_PAD_SRC, GST_PAD_SOMETIMES,
        GST_STATIC_CAPS ("video/x-h264, stream-format=avc, alignment=au"));

static GstStaticPadTemplate audio_template =
    GST_STATIC_PAD_TEMPLATE ("audio", GST_PAD_SRC, GST_PAD_SOMETIMES,
        GST_STATIC_CAPS ("audio/mpeg, mpegversion=4, stream-format=raw; "
                         "audio/mpeg, mpegversion=1, layer=3; "
                         "audio/x-alaw, rate=8000; audio/x-mulaw, rate=8000"));

G_DEFINE_TYPE (GstFlvLiveDemux, gst_flv_live_demux, GST_TYPE_ELEMENT);
GST_ELEMENT_REGISTER_DEFINE (flvlivedemux, "flvlivedemux", GST_RANK_NONE,
    GST_TYPE_FLV_LIVE_DEMUX);

static const gchar *
track_name (FlvTrackKind kind)
{
  return kind == FLV_TRACK_VIDEO ? "video" : "audio";
}

static gboolean
push_stream_start (GstFlvLiveDemux *self, FlvTrackKind kind)
{
  GstPad *pad = self->tracks[kind].pad;
  g_autofree gchar *id =
      gst_pad_create_stream_id (pad, GST_ELEMENT (self), track_name (kind));
  GstEvent *event = gst_event_new_stream_start (id);

  gst_event_set_group_id (event, self->group_id);
  if (self->stream_name != NULL)
    gst_structure_set (gst_event_writable_structure (event), "stream-name",
        G_TYPE_STRING, self->stream_name, NULL);
  return gst_pad_push_event (pad, event);
}

static void
push_segment (FlvTrack *track)
{
  GstSegment segment;

  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_pad_push_event (track->pad, gst_event_new_segment (&segment));
  track->needs_segment = FALSE;
}

static void
remove_pad (GstFlvLiveDemux *self, FlvTrack *track)
{
  if (track->pad == NULL)
    return;
  gst_flow_combiner_remove_pad (self->flows, track->pad);
  gst_pad_set_active (track->pad, FALSE);
  gst_element_remove_pad (GST_ELEMENT (self), track->pad);
  track->pad = NULL;
}

static void
clear_track (GstFlvLiveDemux *self, FlvTrack *track)
{
  remove_pad (self, track);
  gst_clear_buffer (&track->config);
  *track = (FlvTrack){ 0 };
}

/* Events are stuck to the pad before anyone sees it, so that whoever links it
 * knows its caps. */
static void
add_pad (GstFlvLiveDemux *self, FlvTrackKind kind, GstCaps *caps)
{
  FlvTrack *track = &self->tracks[kind];

  track->pad = gst_pad_new_from_static_template (kind == FLV_TRACK_VIDEO
          ? &video_template
          : &audio_template,
      track_name (kind));
  gst_pad_use_fixed_caps (track->pad);
  gst_pad_set_active (track->pad, TRUE);

  push_stream_start (self, kind);
  gst_pad_set_caps (track->pad, caps);
  push_segment (track);
  track->is_discont = TRUE;

  GST_INFO_OBJECT (self, "%s: %s begins as %" GST_PTR_FORMAT,
      GST_STR_NULL (self->stream_name), track_name (kind), caps);
  gst_flow_combiner_add_pad (self->flows, track->pad);
  gst_element_add_pad (GST_ELEMENT (self), track->pad);
}

/* Downstream is built for one codec: a track that changes it starts over. */
static void
leave_codec (GstFlvLiveDemux *self, FlvTrackKind kind)
{
  FlvTrack *track = &self->tracks[kind];

  if (track->pad != NULL) {
    GST_INFO_OBJECT (self, "%s: %s changes its codec",
        GST_STR_NULL (self->stream_name), track_name (kind));
    gst_pad_push_event (track->pad, gst_event_new_eos ());
  }
  clear_track (self, track);
}

static void
begin_track (GstFlvLiveDemux *self, FlvTrackKind kind, const FlvCodec *codec,
    const FlvPacket *packet)
{
  FlvTrack *track = &self->tracks[kind];
  g_autoptr (GstCaps) caps = flv_codec_caps (codec, packet, track->config);

  track->codec = codec;
  if (caps == NULL) {
    GST_WARNING_OBJECT (self, "%s: %s has a malformed sequence header",
        GST_STR_NULL (self->stream_name), track_name (kind));
    gst_clear_buffer (&track->config);
  } else if (track->pad == NULL) {
    add_pad (self, kind, caps);
  } else {
    GST_DEBUG_OBJECT (self, "%s: %s goes on as %" GST_PTR_FORMAT,
        GST_STR_NULL (self->stream_name), track_name (kind), caps);
    gst_pad_set_caps (track->pad, caps);
  }
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

/* Publishers repeat the sequence header; only another one changes the caps. */
static void
take_config (GstFlvLiveDemux *self, FlvTrackKind kind, const FlvCodec *codec,
    const FlvPacket *packet, GstBuffer *tag)
{
  FlvTrack *track = &self->tracks[kind];
  g_autoptr (GstBuffer) config = gst_buffer_copy_region (tag,
      GST_BUFFER_COPY_MEMORY, packet->offset, packet->size);

  if (is_same (track->config, config))
    return;
  if (codec->codec == FLV_CODEC_AVC) {
    guint n_length_bytes = flv_codec_avc_length_bytes (config);

    if (n_length_bytes == 0) {
      GST_WARNING_OBJECT (self, "%s: video has a malformed sequence header",
          GST_STR_NULL (self->stream_name));
      return;
    }
    track->n_length_bytes = n_length_bytes;
  }
  gst_buffer_replace (&track->config, config);
  begin_track (self, kind, codec, packet);
}

/* Returns: (nullable): the access unit, sharing the tag's memory. */
static GstBuffer *
take_avc (GstFlvLiveDemux *self, const FlvPacket *packet, GstBuffer *tag)
{
  FlvTrack *track = &self->tracks[FLV_TRACK_VIDEO];
  GstBuffer *frame;
  FlvAvcFrame look;
  GstMapInfo map;
  gboolean is_whole;

  if (!gst_buffer_map (tag, &map, GST_MAP_READ))
    return NULL;
  is_whole = flv_avc_look (&look, track->n_length_bytes,
      map.data + packet->offset, packet->size);
  gst_buffer_unmap (tag, &map);
  if (!is_whole) {
    GST_WARNING_OBJECT (self, "%s: video frame dropped: its units don't fit",
        GST_STR_NULL (self->stream_name));
    return NULL;
  }
  if (look.n_runs == 0)
    return NULL;

  frame = gst_buffer_new ();
  for (guint i = 0; i < look.n_runs; i++)
    gst_buffer_copy_into (frame, tag, GST_BUFFER_COPY_MEMORY,
        packet->offset + look.runs[i].offset, look.runs[i].size);
  return frame;
}

/* Running time of what arrives now. */
static gint64
arrival_us (GstFlvLiveDemux *self, GstBuffer *buffer)
{
  GstClockTime time;

  if (self->segment.format != GST_FORMAT_TIME)
    return FLV_TIMELINE_NO_ARRIVAL;
  time = gst_segment_to_running_time (&self->segment, GST_FORMAT_TIME,
      GST_BUFFER_DTS_OR_PTS (buffer));
  if (!GST_CLOCK_TIME_IS_VALID (time))
    return FLV_TIMELINE_NO_ARRIVAL;
  return GST_TIME_AS_USECONDS (time);
}

static void
stamp_frame (GstFlvLiveDemux *self, FlvTrackKind kind, GstBuffer *frame,
    const FlvPacket *packet, FlvStamp stamp)
{
  gint64 shown_us = stamp.time_us + packet->cts_ms * G_GINT64_CONSTANT (1000);

  if (stamp.is_jump) {
    GST_DEBUG_OBJECT (self, "%s: the publisher's clock jumped",
        GST_STR_NULL (self->stream_name));
    for (guint i = 0; i < FLV_N_TRACKS; i++)
      self->tracks[i].is_discont = TRUE;
  }
  GST_BUFFER_DTS (frame) = stamp.time_us * GST_USECOND;
  GST_BUFFER_PTS (frame) = MAX (shown_us, 0) * GST_USECOND;
  if (!packet->is_key)
    GST_BUFFER_FLAG_SET (frame, GST_BUFFER_FLAG_DELTA_UNIT);
  if (self->tracks[kind].is_discont)
    GST_BUFFER_FLAG_SET (frame, GST_BUFFER_FLAG_DISCONT);
  self->tracks[kind].is_discont = FALSE;
}

/* While a track may still come, it may be the one that is linked. */
static GstFlowReturn
combine (GstFlvLiveDemux *self, FlvTrack *track, GstFlowReturn flow)
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

static GstFlowReturn
push_frame (GstFlvLiveDemux *self, FlvTrackKind kind, const FlvPacket *packet,
    GstBuffer *tag, FlvStamp stamp)
{
  FlvTrack *track = &self->tracks[kind];
  GstBuffer *frame;

  if (track->codec->codec == FLV_CODEC_AVC)
    frame = take_avc (self, packet, tag);
  else
    frame = gst_buffer_copy_region (tag, GST_BUFFER_COPY_MEMORY, packet->offset,
        packet->size);
  if (frame == NULL)
    return GST_FLOW_OK;

  stamp_frame (self, kind, frame, packet, stamp);
  if (track->needs_segment)
    push_segment (track);
  GST_LOG_OBJECT (self, "%s: %s %" GST_PTR_FORMAT,
      GST_STR_NULL (self->stream_name), track_name (kind), frame);
  return combine (self, track, gst_pad_push (track->pad, frame));
}

static void
log_unknown (GstFlvLiveDemux *self, FlvTrackKind kind, guint32 codec)
{
  FlvTrack *track = &self->tracks[kind];

  if (track->unknown_codec == codec)
    return;
  track->unknown_codec = codec;
  GST_WARNING_OBJECT (self, "%s: %s of codec 0x%08x is skipped",
      GST_STR_NULL (self->stream_name), track_name (kind), codec);
}

static GstFlowReturn
take_packet (GstFlvLiveDemux *self, FlvTrackKind kind, const FlvPacket *packet,
    GstBuffer *tag, const FlvPiece *piece, gint64 now_us)
{
  FlvTrack *track = &self->tracks[kind];
  const FlvCodec *codec = flv_codec_find (packet->codec);

  if (codec == NULL) {
    log_unknown (self, kind, packet->codec);
    return GST_FLOW_OK;
  }
  if (track->codec != NULL && track->codec != codec)
    leave_codec (self, kind);
  if (packet->size == 0)
    return GST_FLOW_OK;
  if (packet->kind == FLV_PACKET_CONFIG) {
    if (codec->has_config)
      take_config (self, kind, codec, packet, tag);
    return GST_FLOW_OK;
  }

  if (track->pad == NULL && !codec->has_config)
    begin_track (self, kind, codec, packet);
  if (track->pad == NULL) {
    GST_DEBUG_OBJECT (self, "%s: %s frame before its sequence header",
        GST_STR_NULL (self->stream_name), track_name (kind));
    return GST_FLOW_OK;
  }
  return push_frame (self, kind, packet, tag,
      flv_timeline_map (&self->timeline, kind, piece->time_ms, now_us));
}

/* Takes @tag. */
static GstFlowReturn
take_tag (GstFlvLiveDemux *self, FlvTrackKind kind, GstBuffer *tag,
    const FlvPiece *piece, gint64 now_us)
{
  GstFlowReturn flow = GST_FLOW_OK;
  FlvPacket packet;
  GstMapInfo map;
  gboolean is_valid = FALSE;

  if (gst_buffer_map (tag, &map, GST_MAP_READ)) {
    if (kind == FLV_TRACK_VIDEO)
      is_valid = flv_video_parse (&packet, map.data + piece->offset,
          map.size - piece->offset);
    else
      is_valid = flv_audio_parse (&packet, map.data + piece->offset,
          map.size - piece->offset);
    gst_buffer_unmap (tag, &map);
  }

  if (!is_valid) {
    GST_WARNING_OBJECT (self, "%s: malformed %s tag dropped",
        GST_STR_NULL (self->stream_name), track_name (kind));
  } else if (packet.kind != FLV_PACKET_NONE) {
    packet.offset += piece->offset;
    flow = take_packet (self, kind, &packet, tag, piece, now_us);
  }
  gst_buffer_unref (tag);
  return flow;
}

static GstFlowReturn
take_piece (GstFlvLiveDemux *self, const FlvPiece *piece, gint64 now_us)
{
  FlvTrackKind kind = FLV_TRACK_VIDEO;

  flv_reader_advance (&self->reader, piece);
  switch (piece->kind) {
    case FLV_PIECE_HEADER:
    case FLV_PIECE_BACK_POINTER:
    case FLV_PIECE_OTHER:
      gst_adapter_flush (self->adapter, piece->size);
      return GST_FLOW_OK;
    case FLV_PIECE_AUDIO:
      kind = FLV_TRACK_AUDIO;
      break;
    case FLV_PIECE_VIDEO:
      break;
  }
  return take_tag (self, kind,
      gst_adapter_take_buffer (self->adapter, piece->size), piece, now_us);
}

static FlvLook
look (GstFlvLiveDemux *self, FlvPiece *piece)
{
  guint8 start[FLV_LOOK_BYTES];
  gsize size = MIN (gst_adapter_available (self->adapter), sizeof start);

  if (size > 0)
    gst_adapter_copy (self->adapter, start, 0, size);
  return flv_reader_look (&self->reader, start, size, piece);
}

static GstFlowReturn
on_buffer (GstPad *pad, GstObject *parent, GstBuffer *buffer)
{
  GstFlvLiveDemux *self = GST_FLV_LIVE_DEMUX (parent);
  gint64 now_us = arrival_us (self, buffer);
  GstFlowReturn flow = GST_FLOW_OK;

  gst_adapter_push (self->adapter, buffer);

  while (flow == GST_FLOW_OK) {
    FlvPiece piece;

    switch (look (self, &piece)) {
      case FLV_LOOK_MORE:
        return GST_FLOW_OK;
      case FLV_LOOK_BROKEN:
        GST_ELEMENT_ERROR (self, STREAM, DEMUX,
            ("The stream is not FLV, or bytes of it are missing."),
            ("No tag starts like the next %" G_GSIZE_FORMAT " bytes.",
                gst_adapter_available (self->adapter)));
        return GST_FLOW_ERROR;
      case FLV_LOOK_PIECE:
        break;
    }
    if (gst_adapter_available (self->adapter) < piece.size)
      return GST_FLOW_OK;
    flow = take_piece (self, &piece, now_us);
  }
  return flow;
}

static void
restart_reading (GstFlvLiveDemux *self)
{
  gst_adapter_clear (self->adapter);
  self->reader = (FlvReader){ 0 };
  self->timeline = (FlvTimeline){ 0 };
  gst_flow_combiner_reset (self->flows);
  for (guint i = 0; i < FLV_N_TRACKS; i++) {
    self->tracks[i].is_discont = TRUE;
    self->tracks[i].needs_segment = TRUE;
  }
}

static void
take_stream_start (GstFlvLiveDemux *self, GstEvent *event)
{
  const GstStructure *s = gst_event_get_structure (event);

  restart_reading (self);
  g_free (self->stream_name);
  self->stream_name = g_strdup (gst_structure_get_string (s, "stream-name"));
  if (!gst_event_parse_group_id (event, &self->group_id))
    self->group_id = gst_util_group_id_next ();

  for (guint i = 0; i < FLV_N_TRACKS; i++) {
    if (self->tracks[i].pad != NULL)
      push_stream_start (self, i);
  }
}

static gboolean
on_event (GstPad *pad, GstObject *parent, GstEvent *event)
{
  GstFlvLiveDemux *self = GST_FLV_LIVE_DEMUX (parent);

  if (GST_EVENT_TYPE (event) == GST_EVENT_STREAM_START)
    take_stream_start (self, event);
  else if (GST_EVENT_TYPE (event) == GST_EVENT_SEGMENT)
    gst_event_copy_segment (event, &self->segment);
  else if (GST_EVENT_TYPE (event) == GST_EVENT_FLUSH_STOP)
    restart_reading (self);

  /* Ours says the same about each track. */
  if (GST_EVENT_TYPE (event) == GST_EVENT_STREAM_START ||
      GST_EVENT_TYPE (event) == GST_EVENT_SEGMENT ||
      GST_EVENT_TYPE (event) == GST_EVENT_CAPS) {
    gst_event_unref (event);
    return TRUE;
  }
  /* Without a track there is nobody to tell, and nothing wrong with it. */
  gst_pad_event_default (pad, parent, event);
  return TRUE;
}

static GstStateChangeReturn
change_state (GstElement *element, GstStateChange transition)
{
  GstFlvLiveDemux *self = GST_FLV_LIVE_DEMUX (element);
  GstStateChangeReturn result =
      GST_ELEMENT_CLASS (gst_flv_live_demux_parent_class)
          ->change_state (element, transition);

  if (transition == GST_STATE_CHANGE_PAUSED_TO_READY) {
    restart_reading (self);
    for (guint i = 0; i < FLV_N_TRACKS; i++)
      clear_track (self, &self->tracks[i]);
    gst_segment_init (&self->segment, GST_FORMAT_UNDEFINED);
    g_clear_pointer (&self->stream_name, g_free);
  }
  return result;
}

static void
finalize (GObject *object)
{
  GstFlvLiveDemux *self = GST_FLV_LIVE_DEMUX (object);

  for (guint i = 0; i < FLV_N_TRACKS; i++)
    gst_clear_buffer (&self->tracks[i].config);
  g_free (self->stream_name);
  gst_flow_combiner_free (self->flows);
  g_object_unref (self->adapter);
  G_OBJECT_CLASS (gst_flv_live_demux_parent_class)->finalize (object);
}

static void
gst_flv_live_demux_init (GstFlvLiveDemux *self)
{
  self->adapter = gst_adapter_new ();
  self->flows = gst_flow_combiner_new ();
  self->group_id = gst_util_group_id_next ();
  gst_segment_init (&self->segment, GST_FORMAT_UNDEFINED);

  self->sink = gst_pad_new_from_static_template (&sink_template, "sink");
  gst_pad_set_chain_function (self->sink, on_buffer);
  gst_pad_set_event_function (self->sink, on_event);
  gst_element_add_pad (GST_ELEMENT (self), self->sink);
}

static void
gst_flv_live_demux_class_init (GstFlvLiveDemuxClass *klass)
{
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);

  GST_DEBUG_CATEGORY_INIT (gst_flv_live_demux_debug, "flvlivedemux", 0,
      "FLV to elementary streams");
  G_OBJECT_CLASS (klass)->finalize = finalize;
  element_class->change_state = change_state;

  gst_element_class_add_static_pad_template (element_class, &sink_template);
  gst_element_class_add_static_pad_template (element_class, &video_template);
  gst_element_class_add_static_pad_template (element_class, &audio_template);
  gst_element_class_set_static_metadata (element_class, "Live FLV demuxer",
      "Codec/Demuxer",
      "Takes live FLV (RTMP, classic or enhanced) apart: a pad appears with "
      "its track's first header and waits for no other; frames leave at once, "
      "in running time, H.264 without AUD, filler and SEI",
      "gst-rtmp-webrtc");
}
