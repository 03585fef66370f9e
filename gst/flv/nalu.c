/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Splits NAL units: see nalu.h. */

#include "gst/flv/nalu.h"
#include "gst/bitstream/startcode.h"

#include <string.h>

/* The maximum number of lengths per tag that are followed to check whether they
 * add up: a few for each unit, or one for each zero byte of a large key frame
 * with start codes. Without a limit, a malicious tag could cause lengths to be
 * followed from each byte. */
#define FOLLOW_LIMIT 16384

/* ITU-T H.264, table 7-1: higher types are unspecified. */
#define H264_TYPE_MASK 0x1f
#define H264_IDR 5
#define H264_SEI 6
#define H264_LAST 23
/* ITU-T H.265, table 7-1: coded slices have the lowest types. */
#define HEVC_TYPE(byte) ((byte) >> 1 & 0x3f)
#define HEVC_VPS 32
#define HEVC_PREFIX_SEI 39
#define HEVC_SUFFIX_SEI 40
#define HEVC_HEADER_BYTES 2
#define HEVC_TEMPORAL_ID_MASK 0x07
#define FORBIDDEN_BIT 0x80

#define NOWHERE G_MAXSIZE

typedef struct
{
  FlvNaluSyntax syntax;
  guint n_length_bytes;
  const guint8 *data;
  gsize size;
  gsize end; /* without trailing zeroes */
  guint n_followed;
} Cutter;

/* The result of following the lengths. */
typedef struct
{
  gboolean adds_up; /* the last unit ends with the data */
  gsize landing;    /* the first position after a unit that has a start code */
} Route;

static gboolean
has_start_code (const guint8 *data, gsize size)
{
  return size >= START_CODE_BYTES && data[0] == 0 && data[1] == 0 &&
      data[2] == 1;
}

/* Includes the zero byte that may precede the start code. */
static gboolean
has_long_start_code (const guint8 *data, gsize size)
{
  return has_start_code (data, size) ||
      (size > START_CODE_BYTES && data[0] == 0 &&
          has_start_code (data + 1, size - 1));
}

static gsize
trim (const guint8 *data, gsize start, gsize end)
{
  while (end > start && data[end - 1] == 0)
    end--;
  return end;
}

static gboolean
is_slice (FlvNaluSyntax syntax, guint8 header)
{
  if (syntax == FLV_NALU_HEVC)
    return HEVC_TYPE (header) < HEVC_VPS;
  return (header & H264_TYPE_MASK) >= 1 &&
      (header & H264_TYPE_MASK) <= H264_IDR;
}

static gboolean
is_sei (FlvNaluSyntax syntax, guint8 header)
{
  if (syntax == FLV_NALU_HEVC)
    return HEVC_TYPE (header) == HEVC_PREFIX_SEI ||
        HEVC_TYPE (header) == HEVC_SUFFIX_SEI;
  return (header & H264_TYPE_MASK) == H264_SEI;
}

static gboolean
is_plausible (FlvNaluSyntax syntax, const guint8 *unit, gsize size)
{
  if ((unit[0] & FORBIDDEN_BIT) != 0)
    return FALSE;
  if (syntax == FLV_NALU_HEVC)
    return size >= HEVC_HEADER_BYTES && (unit[1] & HEVC_TEMPORAL_ID_MASK) != 0;
  return (unit[0] & H264_TYPE_MASK) >= 1 &&
      (unit[0] & H264_TYPE_MASK) <= H264_LAST;
}

/* Returns FALSE if there is no length, or if it exceeds the data. */
static gboolean
read_length (const Cutter *cutter, gsize at, gsize *length)
{
  gsize n_left = cutter->size - at;

  if (n_left < cutter->n_length_bytes)
    return FALSE;
  *length = 0;
  for (guint i = 0; i < cutter->n_length_bytes; i++)
    *length = *length << 8 | cutter->data[at + i];
  return *length <= n_left - cutter->n_length_bytes;
}

static Route
follow_lengths (Cutter *cutter, gsize at)
{
  Route route = { .landing = NOWHERE };
  gsize length;

  while (at < cutter->end) {
    const guint8 *unit = cutter->data + at + cutter->n_length_bytes;

    if (cutter->n_followed == FOLLOW_LIMIT ||
        !read_length (cutter, at, &length))
      return route;
    cutter->n_followed++;
    if (length > 0 && !is_plausible (cutter->syntax, unit, length))
      return route;
    at += cutter->n_length_bytes + length;
    if (route.landing == NOWHERE &&
        has_long_start_code (cutter->data + at, cutter->size - at))
      route.landing = at;
  }
  route.adds_up = TRUE;
  return route;
}

static gboolean
add (FlvNalus *self, gsize offset, gsize size, gboolean has_length)
{
  if (size == 0)
    return TRUE;
  if (self->n_units == FLV_NALUS_MAX)
    return FALSE;
  self->units[self->n_units++] = (FlvNalu){ offset, size, has_length };
  return TRUE;
}

static gboolean
cut_by_length (FlvNalus *self, Cutter *cutter, gsize *at)
{
  gsize length;

  if (!read_length (cutter, *at, &length))
    return FALSE;
  *at += cutter->n_length_bytes + length;
  return add (self, *at - length, length,
      cutter->n_length_bytes == FLV_NALU_LENGTH_BYTES);
}

/* Returns whether lengths begin here and lead to the end or to a start code. */
static gboolean
has_lengths (Cutter *cutter, gsize at)
{
  Route route;

  if (cutter->n_length_bytes != FLV_NALU_LENGTH_BYTES || at >= cutter->end)
    return FALSE;
  route = follow_lengths (cutter, at);
  return route.adds_up || route.landing != NOWHERE;
}

/* A unit with a start code ends at the next one, or where lengths continue.
 * Tags are shorter than 2^24 bytes, so a length begins with a zero. */
static gsize
find_end (Cutter *cutter, gsize at)
{
  while (at < cutter->size) {
    const guint8 *zero = memchr (cutter->data + at, 0, cutter->size - at);

    if (zero == NULL)
      return cutter->size;
    at = zero - cutter->data;
    if (has_start_code (zero, cutter->size - at) || has_lengths (cutter, at))
      return at;
    at++;
  }
  return cutter->size;
}

static gboolean
cut_by_start_code (FlvNalus *self, Cutter *cutter, gsize *at)
{
  gsize start =
      start_code_find (cutter->data, cutter->size, *at) + START_CODE_BYTES;

  *at = find_end (cutter, start);
  return add (self, start, trim (cutter->data, start, *at) - start, FALSE);
}

static gboolean
cut (FlvNalus *self, Cutter *cutter)
{
  gsize at = 0;

  while (at < cutter->end) {
    Route route = follow_lengths (cutter, at);
    gsize stop = route.adds_up ? cutter->end : route.landing;
    gboolean is_cut = TRUE;

    if (stop == NOWHERE &&
        has_long_start_code (cutter->data + at, cutter->size - at)) {
      if (!cut_by_start_code (self, cutter, &at))
        return FALSE;
      continue;
    }
    if (stop == NOWHERE)
      stop = at + 1;
    while (is_cut && at < stop)
      is_cut = cut_by_length (self, cutter, &at);
    if (!is_cut)
      return FALSE;
  }
  return TRUE;
}

/* Splits a unit that had a length at the start codes in it. */
static gboolean
cut_inside (FlvNalus *self, const FlvNalu *unit, const guint8 *data)
{
  gsize end = unit->offset + unit->size;
  gsize start = unit->offset;
  gsize next = start_code_find (data, end, start);

  if (next == end)
    return add (self, unit->offset, unit->size, unit->has_length);
  /* Only a start code may precede the first unit. */
  if (!add (self, start, trim (data, start, next) - start, FALSE))
    return FALSE;
  while (next < end) {
    start = next + START_CODE_BYTES;
    next = start_code_find (data, end, start);
    if (!add (self, start, trim (data, start, next) - start, FALSE))
      return FALSE;
  }
  return TRUE;
}

/* User data in SEI may lack emulation prevention, so units are split at start
 * codes only if there are no slices otherwise. */
static gboolean
cut_insides (FlvNalus *self, FlvNaluSyntax syntax, const guint8 *data)
{
  gboolean has_slices = FALSE;
  FlvNalus whole;

  whole.n_units = self->n_units;
  memcpy (whole.units, self->units, self->n_units * sizeof whole.units[0]);
  for (guint i = 0; i < whole.n_units; i++)
    has_slices |= is_slice (syntax, data[whole.units[i].offset]);
  self->n_units = 0;
  for (guint i = 0; i < whole.n_units; i++) {
    const FlvNalu *unit = &whole.units[i];

    if (has_slices && is_sei (syntax, data[unit->offset])) {
      if (!add (self, unit->offset, unit->size, unit->has_length))
        return FALSE;
    } else if (!cut_inside (self, unit, data)) {
      return FALSE;
    }
  }
  return TRUE;
}

static gboolean
lengths_add_up (Cutter *cutter)
{
  cutter->n_followed = 0;
  return follow_lengths (cutter, 0).adds_up;
}

gboolean
flv_nalus_parse (FlvNalus *self, FlvNaluSyntax syntax, guint n_length_bytes,
    const guint8 *data, gsize size)
{
  Cutter cutter = { .syntax = syntax,
    .n_length_bytes = n_length_bytes,
    .data = data,
    .size = size,
    .end = trim (data, 0, size) };

  g_assert (n_length_bytes >= 1 && n_length_bytes <= FLV_NALU_LENGTH_BYTES);
  self->n_units = 0;
  /* The length size in a sequence header may be wrong. */
  if (n_length_bytes != FLV_NALU_LENGTH_BYTES && !lengths_add_up (&cutter)) {
    cutter.n_length_bytes = FLV_NALU_LENGTH_BYTES;
    if (!lengths_add_up (&cutter))
      cutter.n_length_bytes = n_length_bytes;
  }
  cutter.n_followed = 0;
  return cut (self, &cutter) && cut_insides (self, syntax, data);
}

gboolean
flv_nalus_parse_byte_stream (FlvNalus *self, const guint8 *data, gsize size)
{
  gsize next = start_code_find (data, size, 0);

  self->n_units = 0;
  while (next < size) {
    gsize start = next + START_CODE_BYTES;

    next = start_code_find (data, size, start);
    if (!add (self, start, trim (data, start, next) - start, FALSE))
      return FALSE;
  }
  return TRUE;
}
