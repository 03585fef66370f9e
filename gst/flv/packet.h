/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The contents of an audio or video tag's body. Filled by video.c and audio.c,
 * the same for classic and enhanced headers. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Codecs are identified by their FourCC (Enhanced RTMP v2), first letter
 * highest. Classic codecs without one keep their classic number, below 16, plus
 * a base that distinguishes audio from video. */
#define FLV_FOURCC(a, b, c, d)                                                 \
  ((guint32) (a) << 24 | (guint32) (b) << 16 | (guint32) (c) << 8 |            \
      (guint32) (d))
#define FLV_CODEC_CLASSIC_VIDEO 0x100
#define FLV_CODEC_CLASSIC_AUDIO 0x200

#define FLV_CODEC_AVC FLV_FOURCC ('a', 'v', 'c', '1')
#define FLV_CODEC_HEVC FLV_FOURCC ('h', 'v', 'c', '1')
#define FLV_CODEC_VVC FLV_FOURCC ('v', 'v', 'c', '1')
#define FLV_CODEC_AV1 FLV_FOURCC ('a', 'v', '0', '1')
#define FLV_CODEC_VP8 FLV_FOURCC ('v', 'p', '0', '8')
#define FLV_CODEC_VP9 FLV_FOURCC ('v', 'p', '0', '9')
#define FLV_CODEC_SORENSON (FLV_CODEC_CLASSIC_VIDEO + 2)
#define FLV_CODEC_VP6 (FLV_CODEC_CLASSIC_VIDEO + 4)
/* Not in any specification, but ffmpeg uses it for MPEG-4 part 2. */
#define FLV_CODEC_MPEG4 (FLV_CODEC_CLASSIC_VIDEO + 9)
#define FLV_CODEC_AAC FLV_FOURCC ('m', 'p', '4', 'a')
#define FLV_CODEC_MP3 FLV_FOURCC ('.', 'm', 'p', '3')
#define FLV_CODEC_OPUS FLV_FOURCC ('O', 'p', 'u', 's')
#define FLV_CODEC_FLAC FLV_FOURCC ('f', 'L', 'a', 'C')
#define FLV_CODEC_AC3 FLV_FOURCC ('a', 'c', '-', '3')
#define FLV_CODEC_EAC3 FLV_FOURCC ('e', 'c', '-', '3')
#define FLV_CODEC_ALAW (FLV_CODEC_CLASSIC_AUDIO + 7)
#define FLV_CODEC_MULAW (FLV_CODEC_CLASSIC_AUDIO + 8)

typedef enum
{
  FLV_PACKET_NONE,   /* well-formed, but not meant for decoders */
  FLV_PACKET_CONFIG, /* a sequence header: the payload is codec_data */
  FLV_PACKET_FRAME,
} FlvPacketKind;

typedef struct
{
  FlvPacketKind kind;
  guint32 codec;
  gboolean is_key;  /* always TRUE for audio */
  gint32 cts_ms;    /* presentation time minus decoding time */
  guint n_channels; /* according to the classic audio header, or 0 */
  /* Start of the payload, from the start of the tag's body. */
  gsize offset;
  gsize size;
} FlvPacket;

G_END_DECLS
