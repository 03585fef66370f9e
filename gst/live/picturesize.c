/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Picture sizes from headers: see picturesize.h. */

#include "gst/live/picturesize.h"

#include "gst/bitstream/bitreader.h"
#include "gst/bitstream/startcode.h"
#include "gst/live/obu.h"
#include "gst/live/vp8frame.h"
#include "gst/live/vp9frame.h"

/* H.264 has up to 32 SPS. A frame in which more units than this have a size is
 * malicious, and is considered too large. */
#define MAX_HEADERS 64

/* ITU-T H.264, sections 7.3.1 and 7.3.2.1.1. */
#define H264_TYPE_MASK 0x1f
#define H264_SPS 7
#define H264_MACROBLOCK 16
#define H264_MAX_REFS_IN_CYCLE 255
#define CHROMA_444 3

/* ITU-T H.265, sections 7.3.1.2 and 7.3.3. */
#define H265_HEADER_BYTES 2
#define H265_SPS 33
#define H265_PROFILE_BITS 88
#define H265_LEVEL_BITS 8
#define H265_MAX_SUB_LAYERS 8

/* AV1 specification, section 5.5.1. */
#define AV1_MAX_UVLC_ZEROES 32
#define AV1_LEVELS_WITHOUT_TIER 7

/* ISO 14496-2, section 6.2.3. */
#define MPEG4_FIRST_LAYER 0x20
#define MPEG4_LAST_LAYER 0x2f
#define MPEG4_FIRST_STUDIO_TYPE 14
#define MPEG4_EXTENDED_ASPECT 15
#define MPEG4_VBV_BITS (15 + 1 + 15 + 1 + 15 + 1 + 3 + 11 + 1 + 15 + 1)
#define MPEG4_RECTANGULAR 0
#define MPEG4_SIZE_BITS 13

/* The header of VP6 is in bytes, with sizes in macroblocks. */
#define VP6_IS_INTER 0x80
#define VP6_HAS_SEPARATE_COEFFICIENTS 0x01
#define VP6_FILTER_MASK 0x06
#define VP6_OFFSET_BYTES 2
#define VP6_MACROBLOCK 16

/* Keeps the larger one. */
static void
take (PictureSize *self, guint64 width, guint64 height)
{
  PictureSize other = {
    .width = MIN (width, G_MAXUINT32),
    .height = MIN (height, G_MAXUINT32),
  };

  if (picture_size_area (&other) > picture_size_area (self))
    *self = other;
}

static gboolean
h264_has_chroma_format (guint profile)
{
  static const guint8 profiles[] = { 100, 110, 122, 244, 44, 83, 86, 118, 128,
    138, 139, 134, 135, 144 };

  for (guint i = 0; i < G_N_ELEMENTS (profiles); i++) {
    if (profiles[i] == profile)
      return TRUE;
  }
  return FALSE;
}

/* Section 9.1.1. */
static gint64
read_se (BitReader *reader)
{
  gint64 number = bit_reader_read_ue (reader);

  return (number & 1) != 0 ? (number + 1) / 2 : -(number / 2);
}

/* Section 7.3.2.1.1.1. */
static void
skip_scaling_list (BitReader *reader, guint n)
{
  gint64 next = 8;

  for (guint i = 0; i < n && next != 0; i++)
    next = (next + read_se (reader)) & 0xff;
}

static void
skip_scaling_lists (BitReader *reader, guint chroma)
{
  guint n_lists = chroma == CHROMA_444 ? 12 : 8;

  for (guint i = 0; i < n_lists; i++) {
    if (bit_reader_read (reader, 1))
      skip_scaling_list (reader, i < 6 ? 16 : 64);
  }
}

static void
skip_h264_chroma (BitReader *reader)
{
  guint chroma = bit_reader_read_ue (reader);

  if (chroma == CHROMA_444)
    bit_reader_skip (reader, 1);
  bit_reader_read_ue (reader);
  bit_reader_read_ue (reader);
  bit_reader_skip (reader, 1);
  if (bit_reader_read (reader, 1))
    skip_scaling_lists (reader, chroma);
}

static void
skip_h264_picture_order (BitReader *reader)
{
  guint type = bit_reader_read_ue (reader);
  guint n_refs;

  if (type == 0)
    bit_reader_read_ue (reader);
  if (type != 1)
    return;
  bit_reader_skip (reader, 1);
  read_se (reader);
  read_se (reader);
  n_refs = bit_reader_read_ue (reader);
  for (guint i = 0; i < MIN (n_refs, H264_MAX_REFS_IN_CYCLE); i++)
    read_se (reader);
}

static void
read_h264_sps (PictureSize *self, const guint8 *data, gsize size)
{
  BitReader reader;
  guint64 width, height;
  guint profile;

  bit_reader_init_rbsp (&reader, data, size);
  profile = bit_reader_read (&reader, 8);
  bit_reader_skip (&reader, 16);
  bit_reader_read_ue (&reader);
  if (h264_has_chroma_format (profile))
    skip_h264_chroma (&reader);
  bit_reader_read_ue (&reader);
  skip_h264_picture_order (&reader);
  bit_reader_read_ue (&reader);
  bit_reader_skip (&reader, 1);
  width = bit_reader_read_ue (&reader) + G_GUINT64_CONSTANT (1);
  height = bit_reader_read_ue (&reader) + G_GUINT64_CONSTANT (1);
  /* A picture has two fields. */
  if (bit_reader_read (&reader, 1) == 0)
    height *= 2;
  take (self, width * H264_MACROBLOCK, height * H264_MACROBLOCK);
}

static void
skip_h265_profile (BitReader *reader, guint n_sub_layers)
{
  gboolean has_profile[H265_MAX_SUB_LAYERS] = { FALSE };
  gboolean has_level[H265_MAX_SUB_LAYERS] = { FALSE };

  bit_reader_skip (reader, H265_PROFILE_BITS + H265_LEVEL_BITS);
  for (guint i = 0; i < n_sub_layers; i++) {
    has_profile[i] = bit_reader_read (reader, 1);
    has_level[i] = bit_reader_read (reader, 1);
  }
  if (n_sub_layers > 0)
    bit_reader_skip (reader, 2 * (H265_MAX_SUB_LAYERS - n_sub_layers));
  for (guint i = 0; i < n_sub_layers; i++)
    bit_reader_skip (reader,
        has_profile[i] * H265_PROFILE_BITS + has_level[i] * H265_LEVEL_BITS);
}

static void
read_h265_sps (PictureSize *self, const guint8 *data, gsize size)
{
  BitReader reader;
  guint n_sub_layers;
  guint64 width;

  bit_reader_init_rbsp (&reader, data, size);
  bit_reader_skip (&reader, 8 * (H265_HEADER_BYTES - 1) + 4);
  n_sub_layers = bit_reader_read (&reader, 3);
  bit_reader_skip (&reader, 1);
  skip_h265_profile (&reader, n_sub_layers);
  bit_reader_read_ue (&reader);
  if (bit_reader_read_ue (&reader) == CHROMA_444)
    bit_reader_skip (&reader, 1);
  width = bit_reader_read_ue (&reader);
  take (self, width, bit_reader_read_ue (&reader));
}

static guint
mpeg4_bits_for (guint n)
{
  guint n_bits = 1;

  while (n_bits < 16 && n > 1u << n_bits)
    n_bits++;
  return n_bits;
}

static void
read_mpeg4_layer (PictureSize *self, const guint8 *data, gsize size)
{
  BitReader reader;
  guint version = 1, shape, resolution, width;

  bit_reader_init (&reader, data, size);
  bit_reader_skip (&reader, 1);
  /* Studio profiles, which are not streamed, have a different header. */
  if (bit_reader_read (&reader, 8) >= MPEG4_FIRST_STUDIO_TYPE)
    take (self, G_MAXUINT16, G_MAXUINT16);
  if (bit_reader_read (&reader, 1)) {
    version = bit_reader_read (&reader, 4);
    bit_reader_skip (&reader, 3);
  }
  if (bit_reader_read (&reader, 4) == MPEG4_EXTENDED_ASPECT)
    bit_reader_skip (&reader, 8 + 8);
  if (bit_reader_read (&reader, 1)) {
    bit_reader_skip (&reader, 2 + 1);
    if (bit_reader_read (&reader, 1))
      bit_reader_skip (&reader, MPEG4_VBV_BITS);
  }
  shape = bit_reader_read (&reader, 2);
  if (shape == 3 && version != 1)
    bit_reader_skip (&reader, 4);
  bit_reader_skip (&reader, 1);
  resolution = bit_reader_read (&reader, 16);
  bit_reader_skip (&reader, 1);
  if (bit_reader_read (&reader, 1))
    bit_reader_skip (&reader, mpeg4_bits_for (resolution));
  if (shape != MPEG4_RECTANGULAR)
    return;
  bit_reader_skip (&reader, 1);
  width = bit_reader_read (&reader, MPEG4_SIZE_BITS);
  bit_reader_skip (&reader, 1);
  take (self, width, bit_reader_read (&reader, MPEG4_SIZE_BITS));
}

/* Reads the unit that begins at @data, if it has a size. */
static gboolean
read_unit (PictureSize *self, PictureCodec codec, const guint8 *data,
    gsize size)
{
  if (codec == PICTURE_H264 && (data[0] & H264_TYPE_MASK) == H264_SPS)
    read_h264_sps (self, data + 1, size - 1);
  else if (codec == PICTURE_H265 && (data[0] >> 1 & 0x3f) == H265_SPS)
    read_h265_sps (self, data + 1, size - 1);
  else if (codec == PICTURE_MPEG4 && data[0] >= MPEG4_FIRST_LAYER &&
      data[0] <= MPEG4_LAST_LAYER)
    read_mpeg4_layer (self, data + 1, size - 1);
  else
    return FALSE;
  return TRUE;
}

static void
read_units (PictureSize *self, PictureCodec codec, const guint8 *data,
    gsize size)
{
  gsize at = start_code_next (data, size, 0);
  guint n_headers = 0;

  while (at < size) {
    gsize next = start_code_next (data, size, at);

    n_headers += read_unit (self, codec, data + at, next - at);
    if (n_headers > MAX_HEADERS) {
      take (self, G_MAXUINT16, G_MAXUINT16);
      return;
    }
    at = next;
  }
}

static void
skip_uvlc (BitReader *reader)
{
  guint n_zeroes = 0;

  while (n_zeroes < AV1_MAX_UVLC_ZEROES && bit_reader_read (reader, 1) == 0)
    n_zeroes++;
  if (n_zeroes < AV1_MAX_UVLC_ZEROES)
    bit_reader_skip (reader, n_zeroes);
}

/* Sections 5.5.3 and 5.5.4. Returns: the number of bits of a buffer delay, 0
 * without a decoder model. */
static guint
skip_av1_timing (BitReader *reader)
{
  guint n_delay_bits;

  if (!bit_reader_read (reader, 1))
    return 0;
  bit_reader_skip (reader, 32 + 32);
  if (bit_reader_read (reader, 1))
    skip_uvlc (reader);
  if (!bit_reader_read (reader, 1))
    return 0;
  n_delay_bits = bit_reader_read (reader, 5) + 1;
  bit_reader_skip (reader, 32 + 5 + 5);
  return n_delay_bits;
}

static void
skip_av1_operating_points (BitReader *reader, guint n_delay_bits)
{
  gboolean has_display_delay = bit_reader_read (reader, 1);
  guint n_points = bit_reader_read (reader, 5) + 1;

  for (guint i = 0; i < n_points; i++) {
    bit_reader_skip (reader, 12);
    if (bit_reader_read (reader, 5) > AV1_LEVELS_WITHOUT_TIER)
      bit_reader_skip (reader, 1);
    if (n_delay_bits > 0 && bit_reader_read (reader, 1))
      bit_reader_skip (reader, 2 * n_delay_bits + 1);
    if (has_display_delay && bit_reader_read (reader, 1))
      bit_reader_skip (reader, 4);
  }
}

/* No frame may be larger than the size in the sequence header. */
static void
read_av1_sequence (PictureSize *self, const guint8 *data, gsize size)
{
  BitReader reader;
  guint n_width_bits, n_height_bits;
  guint64 width;

  bit_reader_init (&reader, data, size);
  bit_reader_skip (&reader, 3 + 1);
  if (bit_reader_read (&reader, 1))
    bit_reader_skip (&reader, 5);
  else
    skip_av1_operating_points (&reader, skip_av1_timing (&reader));
  n_width_bits = bit_reader_read (&reader, 4) + 1;
  n_height_bits = bit_reader_read (&reader, 4) + 1;
  width = bit_reader_read (&reader, n_width_bits) + G_GUINT64_CONSTANT (1);
  take (self, width,
      bit_reader_read (&reader, n_height_bits) + G_GUINT64_CONSTANT (1));
}

/* Also reads what precedes a malformed unit, because decoders accept that. */
static void
read_av1 (PictureSize *self, const guint8 *data, gsize size)
{
  ObuUnit unit = { 0 };

  obu_unit_read (&unit, data, size);
  for (guint i = 0; i < unit.n_obus; i++) {
    if (unit.obus[i].type == OBU_SEQUENCE_HEADER)
      read_av1_sequence (self, unit.obus[i].payload, unit.obus[i].size);
  }
}

/* Each picture has its size. */
static void
read_sorenson (PictureSize *self, const guint8 *data, gsize size)
{
  static const PictureSize sizes[] = { { 0, 0 }, { 0, 0 }, { 352, 288 },
    { 176, 144 }, { 128, 96 }, { 320, 240 }, { 160, 120 }, { 0, 0 } };
  BitReader reader;
  guint format, width;

  bit_reader_init (&reader, data, size);
  if (bit_reader_read (&reader, 17) != 1)
    return;
  bit_reader_skip (&reader, 5 + 8);
  format = bit_reader_read (&reader, 3);
  if (format > 1) {
    take (self, sizes[format].width, sizes[format].height);
    return;
  }
  width = bit_reader_read (&reader, format == 0 ? 8 : 16);
  take (self, width, bit_reader_read (&reader, format == 0 ? 8 : 16));
}

static void
read_vp6 (PictureSize *self, const guint8 *data, gsize size)
{
  gsize at = 2;

  if (size < 2 || (data[0] & VP6_IS_INTER) != 0)
    return;
  if ((data[0] & VP6_HAS_SEPARATE_COEFFICIENTS) != 0 ||
      (data[1] & VP6_FILTER_MASK) == 0)
    at += VP6_OFFSET_BYTES;
  if (size < at + 2)
    return;
  take (self, data[at + 1] * VP6_MACROBLOCK, data[at] * VP6_MACROBLOCK);
}

/* The size counts even if the frame turns out malformed later: decoders use it.
 */
static void
read_vp8 (PictureSize *self, const guint8 *data, gsize size)
{
  Vp8Frame frame;

  vp8_frame_read (&frame, data, size);
  take (self, frame.width, frame.height);
}

static void
read_vp9 (PictureSize *self, const guint8 *data, gsize size)
{
  Vp9Frame frame;

  vp9_frame_read (&frame, data, size);
  take (self, frame.width, frame.height);
}

gboolean
picture_size_read (PictureSize *self, PictureCodec codec, const guint8 *data,
    gsize size)
{
  PictureSize found = { 0 };

  switch (codec) {
    case PICTURE_NONE:
      break;
    case PICTURE_H264:
    case PICTURE_H265:
    case PICTURE_MPEG4:
      read_units (&found, codec, data, size);
      break;
    case PICTURE_AV1:
      read_av1 (&found, data, size);
      break;
    case PICTURE_VP8:
      read_vp8 (&found, data, size);
      break;
    case PICTURE_VP9:
      read_vp9 (&found, data, size);
      break;
    case PICTURE_SORENSON:
      read_sorenson (&found, data, size);
      break;
    case PICTURE_VP6:
      read_vp6 (&found, data, size);
      break;
  }
  if (picture_size_area (&found) == 0)
    return FALSE;
  *self = found;
  return TRUE;
}

guint64
picture_size_area (const PictureSize *self)
{
  return (guint64) self->width * self->height;
}
