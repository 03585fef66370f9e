/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the headers of enhanced audio and video tags have in common (Enhanced
 * RTMP v2, ExAudioTagHeader and ExVideoTagHeader): ModEx, Multitrack and
 * FourCC. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Packet types that mean the same in audio and video. */
#define FLV_EX_SEQUENCE_START 0
#define FLV_EX_CODED_FRAMES 1
/* The one packet type with a meaning in both but a number in each. */
#define FLV_EX_VIDEO_MULTITRACK 6
#define FLV_EX_AUDIO_MULTITRACK 5

typedef struct
{
  guint type; /* packet type, once ModEx and Multitrack are peeled off */
  guint32 codec;
  gboolean is_ours; /* track 0; FALSE if the tag only has others */
  /* The body of the track, from the start of the tag's body. */
  gsize offset;
  gsize size;
} FlvExHeader;

/* Reads on after the first byte, whose lower half is the packet type. Returns
 * FALSE if the tag is cut or absurd. */
gboolean flv_ex_header_parse (FlvExHeader *self, const guint8 *data, gsize size,
    guint multitrack_type);

G_END_DECLS
