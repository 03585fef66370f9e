/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Access units of H.264: see h264frame.h. */

#include "gst/live/h264frame.h"

#include "gst/bitstream/bitreader.h"
#include "gst/bitstream/sei.h"
#include "gst/bitstream/startcode.h"

#include <string.h>

/* Table 7-1, section 7.3.1. */
#define NAL_TYPE_MASK 0x1f
#define NAL_REF_IDC_MASK 0x60
#define NAL_SLICE 1
#define NAL_PARTITION_A 2
#define NAL_IDR 5
#define NAL_SEI 6
#define NAL_SPS 7
#define NAL_PPS 8

/* Table 7-6: the upper five mean that all slices of the picture have the same
 * type. */
#define SLICE_B 1
#define SLICE_I 2
#define SLICE_SI 4
#define N_SLICE_TYPES 5

/* Annex B. */
static const guint8 start_code[] = { 0, 0, 1 };

/* The header starts with first_mb_in_slice and slice_type. Emulation prevention
 * needs two zero bytes in a row, which only the address of a later slice can
 * have. */
static guint
slice_type (const guint8 *header, gsize size)
{
  BitReader reader;

  bit_reader_init_rbsp (&reader, header, size);
  bit_reader_read_ue (&reader);
  return bit_reader_read_ue (&reader) % N_SLICE_TYPES;
}

/* Decoders do not need units of unspecified types. */
static gboolean
is_needed (guint type)
{
  return (type >= NAL_SLICE && type <= NAL_IDR) || type == NAL_SPS ||
      type == NAL_PPS;
}

/* Returns the size without the start code of the next unit. A unit's last byte
 * is never zero (section 7.4.1), so trailing zeroes are padding. */
static gsize
unit_size (const guint8 *data, gsize at, gsize next, gsize size)
{
  gsize end = next < size ? next - sizeof start_code : size;

  while (end > at && data[end - 1] == 0)
    end--;
  return end - at;
}

static gboolean
is_set (guint type)
{
  return type == NAL_SPS || type == NAL_PPS;
}

/* Copies the units whose types @is_wanted selects. A unit never grows, so @out
 * can't overflow; the loop ends with the data. */
static gsize
copy_units (const guint8 *data, gsize size, guint8 *out,
    gboolean (*is_wanted) (guint type))
{
  gsize at = start_code_next (data, size, 0);
  gsize n_out = 0;

  while (at < size) {
    gsize next = start_code_next (data, size, at);
    gsize n_bytes = unit_size (data, at, next, size);

    if (n_bytes > 0 && is_wanted (data[at] & NAL_TYPE_MASK)) {
      memcpy (out + n_out, start_code, sizeof start_code);
      memcpy (out + n_out + sizeof start_code, data + at, n_bytes);
      n_out += sizeof start_code + n_bytes;
    }
    at = next;
  }
  return n_out;
}

gsize
h264_frame_strip (const guint8 *data, gsize size, guint8 *out)
{
  return copy_units (data, size, out, is_needed);
}

gsize
h264_frame_copy_sets (const guint8 *data, gsize size, guint8 *out)
{
  return copy_units (data, size, out, is_set);
}

static void
read_slice (H264Frame *self, const guint8 *unit, gsize size, guint *n_slices)
{
  guint type = slice_type (unit + 1, size - 1);
  gboolean is_intra = type == SLICE_I || type == SLICE_SI;

  self->is_reference |= (unit[0] & NAL_REF_IDC_MASK) != 0;
  self->is_key |= (unit[0] & NAL_TYPE_MASK) == NAL_IDR;
  self->has_b_slice |= type == SLICE_B;
  self->is_intra = is_intra && (self->is_intra || *n_slices == 0);
  (*n_slices)++;
}

void
h264_frame_read (H264Frame *self, const guint8 *data, gsize size)
{
  gsize at = start_code_next (data, size, 0);
  guint n_slices = 0;

  *self = (H264Frame){ 0 };
  for (guint i = 0; i < H264_FRAME_MAX_UNITS && at < size; i++) {
    guint type = data[at] & NAL_TYPE_MASK;
    gsize next = start_code_next (data, size, at);

    self->has_extras |= !is_needed (type);
    self->has_sps |= type == NAL_SPS;
    if (type == NAL_SEI)
      self->is_recovery_point |= sei_has_recovery_point (data + at + 1,
          unit_size (data, at, next, size) - 1);
    if (type == NAL_SLICE || type == NAL_PARTITION_A || type == NAL_IDR)
      read_slice (self, data + at, size - at, &n_slices);
    at = next;
  }
  self->has_sps |= at < size;
}
