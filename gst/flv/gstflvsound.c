/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Audio tracks: see gstflvsound.h. */

#include "gst/flv/gstflvsound.h"

#include <string.h>

GST_DEBUG_CATEGORY_EXTERN (gst_flv_live_demux_debug);
#define GST_CAT_DEFAULT gst_flv_live_demux_debug

/* Frames per audio tag; any that follow are ignored. */
#define FLV_TAG_FRAMES 256

GstBuffer *
flv_sound_unwrap_config (GstBuffer *config)
{
  FlvAdtsFrame adts;
  GstMapInfo map;

  if (!gst_buffer_map (config, &map, GST_MAP_READ))
    return config;
  if (flv_adts_parse (&adts, map.data, map.size)) {
    gst_buffer_unmap (config, &map);
    gst_buffer_unref (config);
    return gst_buffer_new_memdup (adts.config, sizeof adts.config);
  }
  gst_buffer_unmap (config, &map);
  return config;
}

/* Starts a track of AAC that has no sequence header, or whose frames contradict
 * it. */
static void
take_adts (FlvTracks *self, const FlvCodec *codec, const FlvPacket *packet,
    const FlvAdtsFrame *adts)
{
  FlvTrack *track = &self->tracks[FLV_TRACK_AUDIO];
  g_autoptr (GstBuffer) config = NULL;
  FlvAudioFormat format;

  if (memcmp (track->adts, adts->config, sizeof track->adts) == 0)
    return;
  memcpy (track->adts, adts->config, sizeof track->adts);
  config = gst_buffer_new_memdup (adts->config, sizeof adts->config);
  flv_codec_audio_format (codec, packet, config, &format);
  /* The sequence header may contain more: the extensions of HE-AAC. */
  if (track->pad != NULL && format.rate == track->format.rate &&
      (format.n_channels == track->format.n_channels ||
          format.n_channels == 0 || track->format.n_channels == 0))
    return;
  flv_tracks_begin (self, FLV_TRACK_AUDIO, codec, packet, config);
}

gboolean
flv_sound_take_headers (FlvTracks *self, const FlvCodec *codec,
    const FlvPacket *packet, GstBuffer *tag)
{
  FlvTrack *track = &self->tracks[FLV_TRACK_AUDIO];
  gboolean is_adts, is_loas;
  FlvAdtsFrame adts;
  GstMapInfo map;

  if (!gst_buffer_map (tag, &map, GST_MAP_READ))
    return FALSE;
  is_adts = flv_adts_parse (&adts, map.data + packet->offset, packet->size);
  is_loas = flv_aac_is_loas (map.data + packet->offset, packet->size);
  gst_buffer_unmap (tag, &map);

  if (is_loas && track->pad == NULL) {
    flv_tracks_leave_out (self, FLV_TRACK_AUDIO, codec->codec,
        "AAC in LATM is not supported over RTMP");
    return FALSE;
  }
  if (is_adts && adts.has_many_blocks) {
    flv_tracks_leave_out (self, FLV_TRACK_AUDIO, codec->codec,
        "the server can't decode several blocks of AAC in an ADTS frame");
    return FALSE;
  }
  if (is_adts)
    take_adts (self, codec, packet, &adts);
  return TRUE;
}

/* Returns: when the frame begins. @time_ns is the publisher's time. */
static gint64
count_sound (FlvTrack *track, const FlvAudioFrame *frame, gint64 time_ns)
{
  FlvSampleStamp stamp = flv_sample_clock_count (&track->clock, time_ns,
      frame->n_samples, frame->rate);

  track->is_discont |= stamp.is_gap;
  return stamp.time_ns;
}

GstFlowReturn
flv_sound_push (FlvTracks *self, const FlvPacket *packet, GstBuffer *tag,
    const FlvStamp *stamp)
{
  FlvTrack *track = &self->tracks[FLV_TRACK_AUDIO];
  gint64 written_ns = stamp->written_us * GST_USECOND;
  GstFlowReturn flow = GST_FLOW_OK;
  gsize n_read = 0;

  track->format.n_channels = MAX (packet->n_channels, track->format.n_channels);
  for (guint i = 0;
       i < FLV_TAG_FRAMES && n_read < packet->size && flow == GST_FLOW_OK;
       i++) {
    gint64 time_ns = stamp->time_us * GST_USECOND;
    FlvAudioFrame frame;
    GstMapInfo map;

    if (!gst_buffer_map (tag, &map, GST_MAP_READ))
      return GST_FLOW_OK;
    flv_audio_frame_parse (&frame, track->codec->codec, &track->format,
        map.data + packet->offset + n_read, packet->size - n_read);
    gst_buffer_unmap (tag, &map);
    if (frame.n_samples > 0) {
      time_ns = count_sound (track, &frame, written_ns);
      written_ns +=
          gst_util_uint64_scale (frame.n_samples, GST_SECOND, frame.rate);
    }
    if (frame.size > 0)
      flow = flv_tracks_push_frame (self, FLV_TRACK_AUDIO, packet,
          gst_buffer_copy_region (tag, GST_BUFFER_COPY_MEMORY,
              packet->offset + n_read + frame.offset, frame.size),
          time_ns);
    n_read += frame.end;
  }
  return flow;
}
