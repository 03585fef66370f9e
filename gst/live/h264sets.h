/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The parameter sets of an H.264 stream (ITU-T H.264, section 7.4.1.2.1), which
 * are sent with each key frame, because a viewer may start at any of them.
 * Pure. */

#pragma once

#include "gst/bitstream/nalunits.h"

G_BEGIN_DECLS

/* Encoders use one of each; a stream may have 32 SPS and 256 PPS. Together they
 * take no more than a key frame is large. */
#define H264_SETS_MAX 32
#define H264_SETS_MAX_BYTES (16 * 1024)

typedef enum
{
  H264_SETS_KNOWN,
  H264_SETS_CHANGED,
  H264_SETS_REJECTED, /* not a parameter set, or one too many */
} H264SetsVerdict;

/* Zeroed: no sets. */
typedef struct
{
  NalUnit units[H264_SETS_MAX]; /* SPS before PPS; their bytes are owned */
  guint n_units;
  gsize n_bytes;
} H264Sets;

void h264_sets_clear (H264Sets *self);

/* Takes a copy of @unit, in place of the one with the same identifier. */
H264SetsVerdict h264_sets_take (H264Sets *self, const NalUnit *unit);

/* Whether it has exactly @unit. */
gboolean h264_sets_has (const H264Sets *self, const NalUnit *unit);

/* Returns: (nullable): the first SPS. */
const NalUnit *h264_sets_sps (const H264Sets *self);

G_END_DECLS
