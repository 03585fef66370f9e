/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One track of an MP4 file, and its sample entry (ISO/IEC 14496-12 section
 * 8.5.2 and the bindings of each codec). Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  MP4_AVC,  /* config: AVCDecoderConfigurationRecord, ISO/IEC 14496-15 */
  MP4_HEVC, /* config: HEVCDecoderConfigurationRecord, likewise */
  MP4_AV1,  /* config: AV1CodecConfigurationRecord */
  MP4_VP9,  /* config: VPCodecConfigurationRecord */
  MP4_AAC,  /* config: AudioSpecificConfig, ISO/IEC 14496-3 */
  MP4_MP3,  /* no config */
  MP4_OPUS, /* config: the body of OpusSpecificBox */
  MP4_FLAC, /* config: the body of STREAMINFO, 34 bytes */
  MP4_AC3,  /* config: the body of AC3SpecificBox, 3 bytes */
} Mp4Codec;

/* A longer configuration is not written: none is near it. */
#define MP4_MAX_CONFIG_BYTES 4096

typedef struct
{
  guint32 id; /* from 1 */
  Mp4Codec codec;
  guint width, height; /* in pixels; video */
  guint rate;          /* in Hz; audio */
  guint n_channels;
  const guint8 *config;
  gsize config_size;
} Mp4Track;

gboolean mp4_track_is_video (const Mp4Track *self);
/* The number of ticks in a second. */
guint32 mp4_track_timescale (const Mp4Track *self);
/* Writes the whole trak box. */
void mp4_track_write (const Mp4Track *self, GByteArray *out);

G_END_DECLS
