/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The parameter sets of an H.264 stream: see h264sets.h. */

#include "gst/live/h264sets.h"

#include "gst/bitstream/bitreader.h"

#include <string.h>

/* Table 7-1. */
#define NAL_TYPE_MASK 0x1f
#define NAL_SPS 7
#define NAL_PPS 8
/* Section 7.3.2.1.1: profile_idc, the constraints and level_idc come first. */
#define SPS_ID_AT 4
#define PPS_ID_AT 1

static guint
type_of (const NalUnit *unit)
{
  return unit->data[0] & NAL_TYPE_MASK;
}

static guint
read_id (const NalUnit *unit)
{
  gsize at = type_of (unit) == NAL_SPS ? SPS_ID_AT : PPS_ID_AT;
  BitReader reader;

  if (unit->size <= at)
    return 0;
  bit_reader_init_rbsp (&reader, unit->data + at, unit->size - at);
  return bit_reader_read_ue (&reader);
}

static void
remove_at (H264Sets *self, guint index)
{
  g_free ((guint8 *) self->units[index].data);
  self->n_bytes -= self->units[index].size;
  self->n_units--;
  memmove (&self->units[index], &self->units[index + 1],
      (self->n_units - index) * sizeof (NalUnit));
}

void
h264_sets_clear (H264Sets *self)
{
  while (self->n_units > 0)
    remove_at (self, self->n_units - 1);
}

static gboolean
is_equal (const NalUnit *one, const NalUnit *other)
{
  return one->size == other->size &&
      memcmp (one->data, other->data, one->size) == 0;
}

gboolean
h264_sets_has (const H264Sets *self, const NalUnit *unit)
{
  for (guint i = 0; i < self->n_units; i++)
    if (is_equal (&self->units[i], unit))
      return TRUE;
  return FALSE;
}

static void
remove_same_id (H264Sets *self, const NalUnit *unit)
{
  for (guint i = 0; i < self->n_units; i++) {
    if (type_of (&self->units[i]) != type_of (unit) ||
        read_id (&self->units[i]) != read_id (unit))
      continue;
    remove_at (self, i);
    return;
  }
}

/* Behind all sets of the same type, so that SPS come before PPS. */
static void
insert (H264Sets *self, const NalUnit *unit)
{
  guint index = self->n_units;

  while (index > 0 && type_of (&self->units[index - 1]) > type_of (unit))
    index--;
  memmove (&self->units[index + 1], &self->units[index],
      (self->n_units - index) * sizeof (NalUnit));
  self->units[index].data = g_memdup2 (unit->data, unit->size);
  self->units[index].size = unit->size;
  self->n_units++;
  self->n_bytes += unit->size;
}

H264SetsVerdict
h264_sets_take (H264Sets *self, const NalUnit *unit)
{
  if (type_of (unit) != NAL_SPS && type_of (unit) != NAL_PPS)
    return H264_SETS_REJECTED;
  if (h264_sets_has (self, unit))
    return H264_SETS_KNOWN;
  remove_same_id (self, unit);
  if (self->n_units == H264_SETS_MAX ||
      self->n_bytes + unit->size > H264_SETS_MAX_BYTES)
    return H264_SETS_REJECTED;
  insert (self, unit);
  return H264_SETS_CHANGED;
}

const NalUnit *
h264_sets_sps (const H264Sets *self)
{
  return self->n_units > 0 && type_of (&self->units[0]) == NAL_SPS
      ? &self->units[0]
      : NULL;
}
