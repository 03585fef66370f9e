/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* NAL units of HEVC: see hevc.h. */

#include "gst/flv/hevc.h"
#include "gst/bitstream/bitreader.h"

/* ITU-T H.265, table 7-1. */
enum
{
  NAL_FIRST_KEY = 16,
  NAL_LAST_KEY = 23,
  NAL_VPS = 32,
  NAL_SPS = 33,
  NAL_PPS = 34,
  NAL_DELIMITER = 35,
  NAL_FILLER = 38,
  NAL_PREFIX_SEI = 39,
  NAL_SUFFIX_SEI = 40,
};
/* Section D.2.1: encoders' signatures, up to kilobytes. */
#define SEI_USER_DATA 5
#define HEADER_BYTES 2
#define FIRST_SLICE_FLAG 0x80

#define MAX_LAYERS 7
#define LAYER_PROFILE_BITS 88
#define LAYER_LEVEL_BITS 8
#define CHROMA_444 3
#define MIN_SAMPLE_BITS 8
#define MAX_SAMPLE_BITS 16

static guint
nal_type (const guint8 *nal)
{
  return nal[0] >> 1 & 0x3f;
}

static FlvNaluFacts
read_slice (const guint8 *nal, gsize size)
{
  guint type = nal_type (nal);

  return (FlvNaluFacts){ .kind = FLV_NALU_SLICE,
    .is_key = type >= NAL_FIRST_KEY && type <= NAL_LAST_KEY,
    .starts_picture =
        size > HEADER_BYTES && (nal[HEADER_BYTES] & FIRST_SLICE_FLAG) != 0 };
}

FlvNaluFacts
flv_hevc_read_nalu (const guint8 *nal, gsize size)
{
  guint type = nal_type (nal);

  if (type < NAL_VPS)
    return read_slice (nal, size);
  if (type <= NAL_PPS)
    return (FlvNaluFacts){ .kind = FLV_NALU_SET,
      .set = FLV_SET_VPS + (type - NAL_VPS) };
  if (type == NAL_PREFIX_SEI && size > HEADER_BYTES &&
      nal[HEADER_BYTES] == SEI_USER_DATA)
    return (FlvNaluFacts){ .kind = FLV_NALU_USELESS };
  if (type == NAL_DELIMITER || type == NAL_FILLER || type == NAL_SUFFIX_SEI)
    return (FlvNaluFacts){ .kind = FLV_NALU_USELESS };
  return (FlvNaluFacts){ .kind = FLV_NALU_OTHER };
}

/* Section 7.3.3, after the general part. */
static void
skip_layers (BitReader *self, guint n_layers)
{
  guint flags[MAX_LAYERS] = { 0 };

  if (n_layers == 1)
    return;
  for (guint i = 0; i < 8; i++) {
    guint both = bit_reader_read (self, 2);

    if (i + 1 < n_layers)
      flags[i] = both;
  }
  for (guint i = 0; i + 1 < n_layers; i++) {
    if ((flags[i] & 2) != 0)
      bit_reader_skip (self, LAYER_PROFILE_BITS);
    if ((flags[i] & 1) != 0)
      bit_reader_skip (self, LAYER_LEVEL_BITS);
  }
}

/* The sum with an invalid field may have wrapped around. */
static gboolean
is_depth (guint n_bits)
{
  return n_bits >= MIN_SAMPLE_BITS && n_bits <= MAX_SAMPLE_BITS;
}

/* Section 7.3.2.2.1. */
gboolean
flv_hevc_parse_sps (FlvHevcSps *self, const guint8 *nal, gsize size)
{
  BitReader bits;

  *self = (FlvHevcSps){ 0 };
  if (size <= HEADER_BYTES || nal_type (nal) != NAL_SPS)
    return FALSE;
  bit_reader_init_rbsp (&bits, nal + HEADER_BYTES, size - HEADER_BYTES);
  bit_reader_read (&bits, 4);
  self->n_temporal_layers = bit_reader_read (&bits, 3) + 1;
  self->has_nested_layers = bit_reader_read (&bits, 1);
  if (self->n_temporal_layers > MAX_LAYERS)
    return FALSE;
  for (guint i = 0; i < FLV_HEVC_PROFILE_BYTES; i++)
    self->profile[i] = bit_reader_read (&bits, 8);
  skip_layers (&bits, self->n_temporal_layers);

  bit_reader_read_ue (&bits);
  self->chroma_format = bit_reader_read_ue (&bits);
  if (self->chroma_format == CHROMA_444)
    bit_reader_read (&bits, 1);
  bit_reader_read_ue (&bits);
  bit_reader_read_ue (&bits);
  if (bit_reader_read (&bits, 1) != 0) {
    for (guint i = 0; i < 4; i++)
      bit_reader_read_ue (&bits);
  }
  self->luma_bits = MIN_SAMPLE_BITS + bit_reader_read_ue (&bits);
  self->chroma_bits = MIN_SAMPLE_BITS + bit_reader_read_ue (&bits);
  return !bit_reader_is_past_end (&bits) && self->chroma_format <= CHROMA_444 &&
      is_depth (self->luma_bits) && is_depth (self->chroma_bits);
}
