/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a tag says of the frame in it, as far as it concerns the encoder's
 * settings. Pure; nothing is decoded. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* NAL units of a tag after these are not examined. */
#define RTMP_FRAMEINFO_MAX_UNITS 64

typedef enum
{
  RTMP_FRAMEINFO_NONE,   /* neither audio nor video that is decoded */
  RTMP_FRAMEINFO_CONFIG, /* of video */
  RTMP_FRAMEINFO_AUDIO,
  RTMP_FRAMEINFO_VIDEO,
} RtmpFrameInfoKind;

typedef struct
{
  RtmpFrameInfoKind kind;
  guint32 codec; /* of video: FourCC, or as in gst/flv/packet.h */

  /* Of a CONFIG of H.264; 0: unknown. */
  guint profile; /* profile_idc */
  guint n_length_bytes;

  /* Of VIDEO. */
  gboolean is_key;
  gint32 cts_ms;
  guint n_slices; /* of H.264 and HEVC; 0: unknown */
} RtmpFrameInfo;

/* Reads a complete tag, as rtmp_flv_take_tag() makes it. @n_length_bytes is
 * that of the newest CONFIG. */
void rtmp_frameinfo_read (RtmpFrameInfo *self, guint n_length_bytes,
    const guint8 *tag, gsize size);

G_END_DECLS
