/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* VP8 frames: see vp8frame.h. */

#include "gst/live/vp8frame.h"

#include <gst/gstutils.h>
#include <string.h>

/* Section 9.1. */
#define TAG_BYTES 3
#define KEY_BYTES 10
#define IS_INTER 0x01
#define MAX_VERSION 3
#define SIZE_MASK 0x3fff

/* Sections 9.3, 9.6 and 19.2. */
#define N_SEGMENTS 4
#define N_SEGMENT_PROBS 3
#define QUANTIZER_BITS (7 + 1)
#define FILTER_LEVEL_BITS (6 + 1)
#define SEGMENT_PROB_BITS 8
#define FILTER_BITS (1 + 6 + 3)
#define N_FILTER_DELTAS 8

/* Section 9.5. */
#define PARTITION_SIZE_BYTES 3

static const guint8 start_code[] = { 0x9d, 0x01, 0x2a };

/* Section 7.3, for bits of equal probability. */
typedef struct
{
  const guint8 *at;
  const guint8 *end;
  guint value; /* two bytes */
  guint range;
  guint n_shifted;
  gboolean is_past_end;
} BoolReader;

static guint
next_byte (BoolReader *self)
{
  if (self->at < self->end)
    return *self->at++;
  self->is_past_end = TRUE;
  return 0;
}

static void
bool_reader_init (BoolReader *self, const guint8 *data, const guint8 *end)
{
  *self = (BoolReader){ .at = data, .end = end, .range = 255 };
  self->value = next_byte (self) << 8;
  self->value |= next_byte (self);
}

static guint
read_bool (BoolReader *self)
{
  guint split = 1 + (((self->range - 1) * 128) >> 8);
  guint bit = self->value >= split << 8;

  if (bit) {
    self->range -= split;
    self->value -= split << 8;
  } else {
    self->range = split;
  }
  while (self->range < 128) {
    self->value <<= 1;
    self->range <<= 1;
    if (++self->n_shifted == 8) {
      self->n_shifted = 0;
      self->value |= next_byte (self);
    }
  }
  return bit;
}

static guint
read_number (BoolReader *self, guint n_bits)
{
  guint number = 0;

  for (guint i = 0; i < n_bits; i++)
    number = number << 1 | read_bool (self);
  return number;
}

/* Skips numbers that are each preceded by a flag for their presence. */
static void
skip_optional (BoolReader *self, guint n_numbers, guint n_bits)
{
  for (guint i = 0; i < n_numbers; i++) {
    if (read_bool (self))
      read_number (self, n_bits);
  }
}

static void
skip_segmentation (BoolReader *self)
{
  gboolean updates_map, updates_data;

  if (!read_bool (self))
    return;
  updates_map = read_bool (self);
  updates_data = read_bool (self);
  if (updates_data) {
    read_bool (self);
    skip_optional (self, N_SEGMENTS, QUANTIZER_BITS);
    skip_optional (self, N_SEGMENTS, FILTER_LEVEL_BITS);
  }
  if (updates_map)
    skip_optional (self, N_SEGMENT_PROBS, SEGMENT_PROB_BITS);
}

static void
skip_filter (BoolReader *self)
{
  read_number (self, FILTER_BITS);
  if (read_bool (self) && read_bool (self))
    skip_optional (self, N_FILTER_DELTAS, FILTER_LEVEL_BITS);
}

/* Returns 0 if the header is truncated. */
static guint
count_partitions (const guint8 *header, const guint8 *end, gboolean is_key)
{
  BoolReader reader;
  guint n_partitions;

  bool_reader_init (&reader, header, end);
  if (is_key)
    read_number (&reader, 2);
  skip_segmentation (&reader);
  skip_filter (&reader);
  n_partitions = 1 << read_number (&reader, 2);
  return reader.is_past_end ? 0 : n_partitions;
}

/* The sizes of all partitions but the last are after the first partition, which
 * contains the header. The last one has at least one byte. */
static gboolean
have_room (const guint8 *sizes, gsize n_left, guint n_partitions)
{
  gsize n_bytes = (n_partitions - 1) * PARTITION_SIZE_BYTES;

  if (n_bytes >= n_left)
    return FALSE;
  for (guint i = 0; i + 1 < n_partitions; i++, sizes += PARTITION_SIZE_BYTES)
    n_bytes += GST_READ_UINT24_LE (sizes);
  return n_bytes < n_left;
}

static gboolean
has_start_code (const guint8 *data)
{
  return memcmp (data + TAG_BYTES, start_code, sizeof start_code) == 0;
}

/* The size is valid even if the rest is malformed, because decoders use it. */
gboolean
vp8_frame_read (Vp8Frame *self, const guint8 *data, gsize size)
{
  gsize n_header, n_first;
  guint n_partitions;

  *self = (Vp8Frame){ 0 };
  if (size < TAG_BYTES)
    return FALSE;
  self->is_key = (data[0] & IS_INTER) == 0;
  n_header = self->is_key ? KEY_BYTES : TAG_BYTES;
  if (size < n_header || (self->is_key && !has_start_code (data)))
    return FALSE;
  if (self->is_key) {
    self->width = (data[6] | data[7] << 8) & SIZE_MASK;
    self->height = (data[8] | data[9] << 8) & SIZE_MASK;
  }
  n_first = n_header + (GST_READ_UINT24_LE (data) >> 5);
  if ((data[0] >> 1 & 0x07) > MAX_VERSION || n_first >= size)
    return FALSE;
  n_partitions = count_partitions (data + n_header, data + size, self->is_key);
  return n_partitions > 0 &&
      have_room (data + n_first, size - n_first, n_partitions);
}
