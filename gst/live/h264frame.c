/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Access units of H.264: see h264frame.h. */

#include "gst/live/h264frame.h"

#include "gst/live/startcode.h"

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

/* Table 7-6: the upper five say that all slices of the picture are alike. */
#define SLICE_B 1
#define SLICE_I 2
#define SLICE_SI 4
#define N_SLICE_TYPES 5

/* Section D.1. */
#define SEI_RECOVERY_POINT 6
#define SEI_END 0x80

/* Both numbers before the end of interest are short: 8 bytes hold them, even
 * with a first macroblock of 8K. */
#define SLICE_HEADER_BITS 64
/* Of 2^17 macroblocks' addresses. */
#define UE_MAX_ZEROES 20

/* Annex B. */
static const guint8 start_code[] = { 0, 0, 1 };

/* Behind the end there are zeroes. */
static guint
read_bits (guint64 bits, guint *at, guint n)
{
  guint number = 0;

  for (guint i = 0; i < n; i++, (*at)++) {
    guint bit =
        *at < SLICE_HEADER_BITS ? bits >> (SLICE_HEADER_BITS - 1 - *at) & 1 : 0;

    number = number << 1 | bit;
  }
  return number;
}

/* Section 9.1. */
static guint
read_ue (guint64 bits, guint *at)
{
  guint n_zeroes = 0;

  while (n_zeroes < UE_MAX_ZEROES && read_bits (bits, at, 1) == 0)
    n_zeroes++;
  return (1u << n_zeroes) - 1 + read_bits (bits, at, n_zeroes);
}

/* first_mb_in_slice, then slice_type. Emulation prevention takes a run of two
 * zero bytes, which only the address of a slice behind the first can have. */
static guint
slice_type (const guint8 *header, gsize size)
{
  guint64 bits = 0;
  guint at = 0, n_zeroes = 0, n_taken = 0;

  for (gsize i = 0; i < size && n_taken < sizeof bits; i++) {
    gboolean is_emulation = n_zeroes >= 2 && header[i] == 3;

    n_zeroes = header[i] == 0 ? n_zeroes + 1 : 0;
    if (is_emulation)
      continue;
    bits = bits << 8 | header[i];
    n_taken++;
  }
  if (n_taken == 0)
    return 0;
  bits <<= 8 * (sizeof bits - n_taken);
  read_ue (bits, &at);
  return read_ue (bits, &at) % N_SLICE_TYPES;
}

/* Of what no type is given to, a decoder needs nothing. */
static gboolean
is_needed (guint type)
{
  return (type >= NAL_SLICE && type <= NAL_IDR) || type == NAL_SPS ||
      type == NAL_PPS;
}

/* The unit without the next one's start code. Its last byte is never zero
 * (section 7.4.1): zeroes are padding. */
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

/* Those of the types that @is_wanted. Each unit takes up no more than it did:
 * the loop ends with the data. */
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

/* A run of 255s and a last byte. FALSE: it is cut. */
static gboolean
read_sei_number (const guint8 *data, gsize size, gsize *at, gsize *number)
{
  *number = 0;
  while (*at < size && data[*at] == 0xff)
    *number += data[(*at)++];
  if (*at == size)
    return FALSE;
  *number += data[(*at)++];
  return TRUE;
}

/* Section 7.3.2.3.1. Emulation prevention may make a size too small by a few
 * bytes; a recovery point is the first message in practice. */
static gboolean
has_recovery_point (const guint8 *sei, gsize size)
{
  gsize at = 0, type, n_bytes;

  while (at < size && sei[at] != SEI_END) {
    if (!read_sei_number (sei, size, &at, &type) ||
        !read_sei_number (sei, size, &at, &n_bytes))
      return FALSE;
    if (type == SEI_RECOVERY_POINT)
      return TRUE;
    if (size - at < n_bytes)
      return FALSE;
    at += n_bytes;
  }
  return FALSE;
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
      self->is_recovery_point |= has_recovery_point (data + at + 1,
          unit_size (data, at, next, size) - 1);
    if (type == NAL_SLICE || type == NAL_PARTITION_A || type == NAL_IDR)
      read_slice (self, data + at, size - at, &n_slices);
    at = next;
  }
  self->has_sps |= at < size;
}
