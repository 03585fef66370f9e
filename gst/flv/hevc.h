/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Classifies NAL units of HEVC (ITU-T H.265, section 7.3.1), and reads the
 * fields of an SPS that the configuration record repeats. Pure. */

#pragma once

#include "gst/flv/nalu.h"

G_BEGIN_DECLS

/* @nal has at least one byte. */
FlvNaluFacts flv_hevc_read_nalu (const guint8 *nal, gsize size);

/* The bytes from general_profile_space to general_level_idc, section 7.3.3. */
#define FLV_HEVC_PROFILE_BYTES 12

typedef struct
{
  guint8 profile[FLV_HEVC_PROFILE_BYTES];
  guint n_temporal_layers;
  gboolean has_nested_layers;
  guint chroma_format;
  guint luma_bits;
  guint chroma_bits;
} FlvHevcSps;

/* Returns FALSE if it is not an SPS. */
gboolean flv_hevc_parse_sps (FlvHevcSps *self, const guint8 *nal, gsize size);

G_END_DECLS
