/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* NAL units of HEVC: see hevc.h. */

#include "gst/flv/hevc.h"

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
/* Section D.2.1: what encoders sign with, up to kilobytes of it. */
#define SEI_USER_DATA 5
#define HEADER_BYTES 2
#define FIRST_SLICE_FLAG 0x80

/* What precedes the sizes of samples in an SPS has 8 + 96 bits, 96 for each
 * layer but one, and six numbers. */
#define SPS_MAX_BYTES 160
#define MAX_LAYERS 7
#define LAYER_PROFILE_BITS 88
#define LAYER_LEVEL_BITS 8
#define CHROMA_444 3
#define MAX_SAMPLE_BITS 16
#define UE_MAX_ZEROES 20

typedef struct
{
  guint8 data[SPS_MAX_BYTES];
  guint n_bits;
  guint at;
  gboolean is_cut;
} Bits;

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

/* Section 7.4.2: without the bytes that prevent emulation. */
static void
bits_init (Bits *self, const guint8 *data, gsize size)
{
  guint n_zeroes = 0, n_bytes = 0;

  *self = (Bits){ 0 };
  for (gsize i = 0; i < size && n_bytes < SPS_MAX_BYTES; i++) {
    gboolean is_emulation = n_zeroes >= 2 && data[i] == 3;

    n_zeroes = data[i] == 0 ? n_zeroes + 1 : 0;
    if (!is_emulation)
      self->data[n_bytes++] = data[i];
  }
  self->n_bits = n_bytes * 8;
}

static guint
read_bits (Bits *self, guint n)
{
  guint number = 0;

  for (guint i = 0; i < n; i++, self->at++) {
    guint bit = 0;

    if (self->at < self->n_bits)
      bit = self->data[self->at / 8] >> (7 - self->at % 8) & 1;
    else
      self->is_cut = TRUE;
    number = number << 1 | bit;
  }
  return number;
}

/* Section 9.2. */
static guint
read_ue (Bits *self)
{
  guint n_zeroes = 0;

  while (n_zeroes < UE_MAX_ZEROES && read_bits (self, 1) == 0)
    n_zeroes++;
  return (1u << n_zeroes) - 1 + read_bits (self, n_zeroes);
}

static void
skip_bits (Bits *self, guint n)
{
  for (guint i = 0; i < n; i++)
    read_bits (self, 1);
}

/* Section 7.3.3, behind the general part. */
static void
skip_layers (Bits *self, guint n_layers)
{
  guint flags[MAX_LAYERS] = { 0 };

  if (n_layers == 1)
    return;
  for (guint i = 0; i < 8; i++) {
    guint both = read_bits (self, 2);

    if (i + 1 < n_layers)
      flags[i] = both;
  }
  for (guint i = 0; i + 1 < n_layers; i++) {
    if ((flags[i] & 2) != 0)
      skip_bits (self, LAYER_PROFILE_BITS);
    if ((flags[i] & 1) != 0)
      skip_bits (self, LAYER_LEVEL_BITS);
  }
}

/* Section 7.3.2.2.1. */
gboolean
flv_hevc_parse_sps (FlvHevcSps *self, const guint8 *nal, gsize size)
{
  Bits bits;

  *self = (FlvHevcSps){ 0 };
  if (size <= HEADER_BYTES || nal_type (nal) != NAL_SPS)
    return FALSE;
  bits_init (&bits, nal + HEADER_BYTES, size - HEADER_BYTES);
  read_bits (&bits, 4);
  self->n_temporal_layers = read_bits (&bits, 3) + 1;
  self->has_nested_layers = read_bits (&bits, 1);
  if (self->n_temporal_layers > MAX_LAYERS)
    return FALSE;
  for (guint i = 0; i < FLV_HEVC_PROFILE_BYTES; i++)
    self->profile[i] = read_bits (&bits, 8);
  skip_layers (&bits, self->n_temporal_layers);

  read_ue (&bits);
  self->chroma_format = read_ue (&bits);
  if (self->chroma_format == CHROMA_444)
    read_bits (&bits, 1);
  read_ue (&bits);
  read_ue (&bits);
  if (read_bits (&bits, 1) != 0) {
    for (guint i = 0; i < 4; i++)
      read_ue (&bits);
  }
  self->luma_bits = read_ue (&bits) + 8;
  self->chroma_bits = read_ue (&bits) + 8;
  return !bits.is_cut && self->chroma_format <= CHROMA_444 &&
      self->luma_bits <= MAX_SAMPLE_BITS &&
      self->chroma_bits <= MAX_SAMPLE_BITS;
}
