/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * SECTION:element-flvlivedemux
 * @title: flvlivedemux
 * @short_description: FLV to elementary streams, without delay
 *
 * Demultiplexes a live FLV stream, classic or Enhanced RTMP, in tags or in
 * chunks of any size. A pad appears with the first sequence header of its track
 * (or the first frame, if the codec has none) and never waits for the other
 * track; each frame is pushed in the same call that delivered its last byte.
 * Timestamps are running time: the first tag gets the time of its arrival and
 * the others keep their distance to it; wraps and jumps of the publisher's
 * clock are not visible in them. Access unit delimiters, filler data and SEI
 * other than recovery points are removed from H.264; delimiters, filler data
 * and user data from HEVC.
 *
 * H.264 and HEVC are output as access units with lengths of four bytes, however
 * the encoder writes them: with start codes in place of lengths, with one
 * length for several units, with the units of one picture in several tags, or
 * without a usable sequence header if the stream has parameter sets. A
 * publisher that splits pictures is detected by the second slice; from then on
 * a picture waits for the next one, until it is known which slice is the last.
 *
 * A track that no decoder could use has no pad: its codec is unknown, its
 * sequence header is malformed or missing, or its frames have been malformed
 * for a second or two. An element message `track-unplayable` with the fields
 * `media` (video, audio), `codec` and `reason` is posted once; the other track
 * continues, and this one begins as soon as it can.
 *
 * Each pad's stream-start event has a #GstStream with its type, its caps and,
 * as a tag, the name of its codec. Whenever a track begins or ends, a stream
 * collection of the current tracks is posted, and sent downstream on their
 * pads: before a new pad is added, so that decodebin3 and applications can
 * choose.
 *
 * #rtmplivedemux adds the parsers that decoders and payloaders need.
 *
 * ## Example
 *
 * |[
 * gst-launch-1.0 filesrc location=live.flv ! flvlivedemux name=demux \
 *     demux.video ! h264parse ! avdec_h264 ! autovideosink
 * ]|
 *
 * Since: 0.1
 */

#include "gst/flv/gstflvlivedemux.h"

#include "gst/flv/audio.h"
#include "gst/flv/flvreader.h"
#include "gst/flv/gstflvtrack.h"
#include "gst/flv/video.h"

#include <gst/base/gstadapter.h>

GST_DEBUG_CATEGORY (gst_flv_live_demux_debug);
#define GST_CAT_DEFAULT gst_flv_live_demux_debug

/* Everything except the pads themselves is owned by the streaming thread. */
struct _GstFlvLiveDemux
{
  GstElement parent;

  GstPad *sink;
  GstSegment segment; /* upstream's */
  GstAdapter *adapter;
  FlvReader reader;
  FlvTimeline timeline;
  FlvTracks tracks;
};

static GstStaticPadTemplate sink_template = GST_STATIC_PAD_TEMPLATE ("sink",
    GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS ("video/x-flv"));

static GstStaticPadTemplate video_template =
    GST_STATIC_PAD_TEMPLATE ("video", GST_PAD_SRC, GST_PAD_SOMETIMES,
        GST_STATIC_CAPS ("video/x-h264, stream-format=avc, alignment=au; "
                         "video/x-h265, stream-format=hvc1, alignment=au; "
                         "video/x-av1, stream-format=obu-stream, "
                         "alignment=tu; "
                         "video/x-vp8; video/x-vp9, alignment=super-frame; "
                         "video/x-flash-video, flvversion=1; "
                         "video/x-vp6-flash; "
                         "video/mpeg, mpegversion=4, systemstream=false"));

static GstStaticPadTemplate audio_template =
    GST_STATIC_PAD_TEMPLATE ("audio", GST_PAD_SRC, GST_PAD_SOMETIMES,
        GST_STATIC_CAPS ("audio/mpeg, mpegversion=4, stream-format=raw; "
                         "audio/mpeg, mpegversion=1, layer=3; "
                         "audio/x-opus; audio/x-flac, framed=true; "
                         "audio/x-ac3, framed=true; audio/x-eac3, framed=true; "
                         "audio/x-alaw, rate=8000; audio/x-mulaw, rate=8000"));

G_DEFINE_TYPE (GstFlvLiveDemux, gst_flv_live_demux, GST_TYPE_ELEMENT);
GST_ELEMENT_REGISTER_DEFINE (flvlivedemux, "flvlivedemux", GST_RANK_NONE,
    GST_TYPE_FLV_LIVE_DEMUX);

/* The running time at which the data arrived. */
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

static GstFlowReturn
take_packet (GstFlvLiveDemux *self, FlvTrackKind kind, const FlvPacket *packet,
    GstBuffer *tag, const FlvPiece *piece, gint64 now_us)
{
  FlvStamp stamp;

  if (!flv_tracks_accept (&self->tracks, kind, packet, tag))
    return GST_FLOW_OK;
  stamp = flv_timeline_map (&self->timeline, kind, piece->time_ms, now_us);
  if (stamp.is_jump) {
    GST_DEBUG_OBJECT (self, "%s: the publisher's clock jumped",
        GST_STR_NULL (self->tracks.stream_name));
    flv_tracks_jump (&self->tracks);
  }
  if (stamp.is_held)
    flv_tracks_hold (&self->tracks);
  return flv_tracks_push (&self->tracks, kind, packet, tag, piece->time_ms,
      &stamp);
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
    flv_tracks_count_malformed (&self->tracks, kind);
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
            ("The stream is not FLV, or data is missing."),
            ("No tag starts with the next %" G_GSIZE_FORMAT " bytes.",
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
  flv_tracks_restart (&self->tracks);
}

static gboolean
on_event (GstPad *pad, GstObject *parent, GstEvent *event)
{
  GstFlvLiveDemux *self = GST_FLV_LIVE_DEMUX (parent);

  if (GST_EVENT_TYPE (event) == GST_EVENT_STREAM_START) {
    restart_reading (self);
    flv_tracks_start_stream (&self->tracks, event);
  } else if (GST_EVENT_TYPE (event) == GST_EVENT_SEGMENT) {
    gst_event_copy_segment (event, &self->segment);
  } else if (GST_EVENT_TYPE (event) == GST_EVENT_FLUSH_STOP) {
    restart_reading (self);
  } else if (GST_EVENT_TYPE (event) == GST_EVENT_EOS) {
    flv_tracks_end (&self->tracks);
  }

  /* This element sends its own such events for each track. */
  if (GST_EVENT_TYPE (event) == GST_EVENT_STREAM_START ||
      GST_EVENT_TYPE (event) == GST_EVENT_SEGMENT ||
      GST_EVENT_TYPE (event) == GST_EVENT_CAPS) {
    gst_event_unref (event);
    return TRUE;
  }
  /* Without a track, the event is not handled, which is not an error. */
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
    flv_tracks_reset (&self->tracks);
    gst_segment_init (&self->segment, GST_FORMAT_UNDEFINED);
  }
  return result;
}

static void
finalize (GObject *object)
{
  GstFlvLiveDemux *self = GST_FLV_LIVE_DEMUX (object);

  flv_tracks_clear (&self->tracks);
  g_object_unref (self->adapter);
  G_OBJECT_CLASS (gst_flv_live_demux_parent_class)->finalize (object);
}

static void
gst_flv_live_demux_init (GstFlvLiveDemux *self)
{
  self->adapter = gst_adapter_new ();
  flv_tracks_init (&self->tracks, GST_ELEMENT (self));
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
      "Demultiplexes live FLV (RTMP, classic or enhanced) without delay: a "
      "pad appears with its track's first header, frames are pushed as they "
      "arrive, in running time, H.264 without AUD, filler data and SEI",
      PACKAGE_AUTHOR);
}
