/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Video tracks: see gstflvvideo.h. */

#include "gst/flv/gstflvvideo.h"

#include "gst/flv/av1.h"

GST_DEBUG_CATEGORY_EXTERN (gst_flv_live_demux_debug);
#define GST_CAT_DEFAULT gst_flv_live_demux_debug

static FlvTrack *
video_of (FlvTracks *self)
{
  return &self->tracks[FLV_TRACK_VIDEO];
}

void
flv_video_end (FlvTracks *self)
{
  FlvTrack *track = video_of (self);
  GstBuffer *picture = flv_pictures_end (&track->pictures);

  if (picture != NULL && track->pad != NULL)
    flv_tracks_push_buffer (self, FLV_TRACK_VIDEO, picture);
  else
    gst_clear_buffer (&picture);
}

/* A header without valid parts is ignored: the stream may have the parameter
 * sets. */
void
flv_video_take_config (FlvTracks *self, const FlvCodec *codec,
    const FlvPacket *packet, GstBuffer *config)
{
  FlvTrack *track = video_of (self);
  guint n_length_bytes = FLV_NALU_LENGTH_BYTES;
  g_autoptr (GstBuffer) record =
      flv_codec_mend_config (codec, config, &n_length_bytes);

  /* What precedes it belongs to the previous picture. */
  flv_video_end (self);
  flv_pictures_init (&track->pictures, codec->codec);
  track->pictures.n_length_bytes = n_length_bytes;
  gst_buffer_replace (&track->config, config);
  if (record == NULL) {
    GST_WARNING_OBJECT (self->element,
        "%s: video has a sequence header without parameter sets",
        GST_STR_NULL (self->stream_name));
    return;
  }
  gst_buffer_replace (&track->record, record);
  flv_tracks_begin (self, FLV_TRACK_VIDEO, codec, packet, record);
}

gboolean
flv_video_has_config (const FlvCodec *codec, const FlvPacket *packet,
    GstBuffer *tag)
{
  gboolean has_it;
  GstMapInfo map;

  if (codec->codec != FLV_CODEC_AV1 ||
      !gst_buffer_map (tag, &map, GST_MAP_READ))
    return FALSE;
  has_it =
      flv_av1_has_sequence_header (map.data + packet->offset, packet->size);
  gst_buffer_unmap (tag, &map);
  return has_it;
}

/* The parameter sets may be in the stream. */
static GstFlowReturn
push_picture (FlvTracks *self, const FlvPacket *packet, GstBuffer *picture)
{
  FlvTrack *track = video_of (self);

  if (track->pad == NULL) {
    g_autoptr (GstBuffer) config = track->record != NULL
        ? gst_buffer_ref (track->record)
        : flv_pictures_write_config (&track->pictures, picture);

    if (config != NULL)
      flv_tracks_begin (self, FLV_TRACK_VIDEO, track->codec, packet, config);
  }
  if (track->pad == NULL) {
    flv_tracks_count_early (self, FLV_TRACK_VIDEO,
        GST_BUFFER_DTS (picture) / GST_USECOND,
        "its parameter sets are missing");
    gst_buffer_unref (picture);
    return GST_FLOW_OK;
  }
  return flv_tracks_push_buffer (self, FLV_TRACK_VIDEO, picture);
}

GstFlowReturn
flv_video_push (FlvTracks *self, const FlvPacket *packet, GstBuffer *tag,
    guint32 time_ms, const FlvStamp *stamp)
{
  FlvTrack *track = video_of (self);
  GstBuffer *out[FLV_PICTURE_MAX_OUT];
  GstFlowReturn flow = GST_FLOW_OK;
  guint n_out;

  flv_pictures_init (&track->pictures, track->codec->codec);
  if (!flv_pictures_take (&track->pictures, packet, tag, time_ms,
          stamp->time_us, out, &n_out)) {
    flv_tracks_count_early (self, FLV_TRACK_VIDEO, stamp->time_us,
        "its frames are malformed");
    return GST_FLOW_OK;
  }
  for (guint i = 0; i < n_out; i++) {
    if (flow == GST_FLOW_OK)
      flow = push_picture (self, packet, out[i]);
    else
      gst_buffer_unref (out[i]);
  }
  return flow;
}
