/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Access units of H.264: see h264frame.h. */

#include "gst/live/h264frame.h"

#include <string.h>

/* Table 7-1, section 7.3.1. */
#define NAL_TYPE_MASK 0x1f
#define NAL_REF_IDC_MASK 0x60
#define NAL_SLICE 1
#define NAL_PARTITION_A 2
#define NAL_IDR 5

/* Table 7-6: the upper five say that all slices of the picture are alike. */
#define SLICE_B 1
#define N_SLICE_TYPES 5

/* Both numbers before the end of interest are short: 8 bytes hold them, even
 * with a first macroblock of 8K. */
#define SLICE_HEADER_BITS 64
/* Of 2^17 macroblocks' addresses. */
#define UE_MAX_ZEROES 20

/* Where the next unit's header is; @size if there is none. */
static gsize
next_unit (const guint8 *data, gsize size, gsize at)
{
  while (at + 3 < size) {
    const guint8 *one = memchr (data + at + 2, 1, size - at - 3);

    if (one == NULL)
      return size;
    if (one[-1] == 0 && one[-2] == 0)
      return one + 1 - data;
    at = one + 1 - data - 2;
  }
  return size;
}

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

void
h264_frame_read (H264Frame *self, const guint8 *data, gsize size)
{
  gsize at = next_unit (data, size, 0);

  *self = (H264Frame){ 0 };
  for (guint i = 0; i < H264_FRAME_MAX_UNITS && at < size; i++) {
    guint type = data[at] & NAL_TYPE_MASK;

    if (type == NAL_SLICE || type == NAL_PARTITION_A || type == NAL_IDR) {
      self->is_reference |= (data[at] & NAL_REF_IDC_MASK) != 0;
      self->is_key |= type == NAL_IDR;
      self->has_b_slice |= slice_type (data + at + 1, size - at - 1) == SLICE_B;
    }
    at = next_unit (data, size, at);
  }
}
