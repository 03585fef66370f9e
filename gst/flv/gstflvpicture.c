/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Access units from H.264 and HEVC tags: see gstflvpicture.h. */

#include "gst/flv/gstflvpicture.h"

#include "gst/flv/avc.h"
#include "gst/flv/decoderconfig.h"
#include "gst/flv/hevc.h"

#include <string.h>

/* If an access unit consists of more pieces of the tag than this, they are
 * copied: a buffer has room for 16. */
#define MAX_RUNS 8
/* Added to the times of a picture that is sent again, because players treat it
 * as a different one. */
#define RESENT_LATER GST_MSECOND

typedef struct
{
  gsize offset;
  gsize size;
} Run;

void
flv_pictures_init (FlvPictures *self, guint32 codec)
{
  if (self->nalus != NULL)
    return;
  *self = (FlvPictures){
    .syntax = codec == FLV_CODEC_HEVC ? FLV_NALU_HEVC : FLV_NALU_H264,
    .n_length_bytes = FLV_NALU_LENGTH_BYTES,
    .nalus = g_new (FlvNalus, 1),
  };
}

void
flv_pictures_restart (FlvPictures *self)
{
  gst_clear_buffer (&self->sets);
  gst_clear_buffer (&self->open);
  gst_clear_buffer (&self->sent);
  self->order = (FlvAccessUnit){ 0 };
}

void
flv_pictures_clear (FlvPictures *self)
{
  flv_pictures_restart (self);
  g_free (self->nalus);
  *self = (FlvPictures){ 0 };
}

static FlvNaluFacts
read_nalu (const FlvPictures *self, const guint8 *nal, gsize size)
{
  return self->syntax == FLV_NALU_HEVC ? flv_hevc_read_nalu (nal, size)
                                       : flv_avc_read_nalu (nal, size);
}

static void
note_unit (FlvPart *part, const FlvNaluFacts *facts)
{
  part->has_sets |= facts->kind == FLV_NALU_SET;
  if (facts->kind != FLV_NALU_SLICE)
    return;
  part->n_slices++;
  part->starts_picture |= facts->starts_picture;
  part->is_key |= facts->is_key;
  part->position = facts->position;
}

/* Keeps only the units that a decoder needs. */
static void
sort_units (FlvPictures *self, const guint8 *data, FlvPart *part)
{
  FlvNalus *nalus = self->nalus;
  guint n_kept = 0;

  for (guint i = 0; i < nalus->n_units; i++) {
    FlvNalu unit = nalus->units[i];
    FlvNaluFacts facts = read_nalu (self, data + unit.offset, unit.size);

    if (facts.kind == FLV_NALU_USELESS)
      continue;
    note_unit (part, &facts);
    nalus->units[n_kept++] = unit;
  }
  nalus->n_units = n_kept;
}

/* Returns: the number of pieces of the tag that hold all units with their
 * lengths; 0 if the units have to be copied. */
static guint
find_runs (const FlvNalus *nalus, Run runs[MAX_RUNS])
{
  guint n_runs = 0;

  for (guint i = 0; i < nalus->n_units; i++) {
    const FlvNalu *unit = &nalus->units[i];
    gsize start = unit->offset - FLV_NALU_LENGTH_BYTES;
    gsize size = unit->size + FLV_NALU_LENGTH_BYTES;

    if (!unit->has_length)
      return 0;
    if (n_runs > 0 &&
        runs[n_runs - 1].offset + runs[n_runs - 1].size == start) {
      runs[n_runs - 1].size += size;
      continue;
    }
    if (n_runs == MAX_RUNS)
      return 0;
    runs[n_runs++] = (Run){ start, size };
  }
  return n_runs;
}

/* Writes bytes, because GST_WRITE_UINT32_BE stores a word, regardless of its
 * alignment.
 */
static void
write_length (guint8 *out, gsize size)
{
  for (guint i = 0; i < FLV_NALU_LENGTH_BYTES; i++)
    out[i] = size >> 8 * (FLV_NALU_LENGTH_BYTES - 1 - i);
}

static GstBuffer *
copy_units (const FlvNalus *nalus, const guint8 *data)
{
  GstBuffer *out;
  GstMapInfo map;
  gsize size = 0, at = 0;

  for (guint i = 0; i < nalus->n_units; i++)
    size += FLV_NALU_LENGTH_BYTES + nalus->units[i].size;
  out = gst_buffer_new_allocate (NULL, size, NULL);
  gst_buffer_map (out, &map, GST_MAP_WRITE);
  for (guint i = 0; i < nalus->n_units; i++) {
    const FlvNalu *unit = &nalus->units[i];

    write_length (map.data + at, unit->size);
    memcpy (map.data + at + FLV_NALU_LENGTH_BYTES, data + unit->offset,
        unit->size);
    at += FLV_NALU_LENGTH_BYTES + unit->size;
  }
  gst_buffer_unmap (out, &map);
  return out;
}

/* Shares the tag's memory where possible. */
static GstBuffer *
gather_units (FlvPictures *self, GstBuffer *tag, gsize offset,
    const guint8 *data)
{
  Run runs[MAX_RUNS];
  guint n_runs = find_runs (self->nalus, runs);
  GstBuffer *out;

  if (n_runs == 0)
    return copy_units (self->nalus, data);
  out = gst_buffer_new ();
  for (guint i = 0; i < n_runs; i++)
    gst_buffer_copy_into (out, tag, GST_BUFFER_COPY_MEMORY,
        offset + runs[i].offset, runs[i].size);
  return out;
}

/* Returns FALSE if the tag is malformed. @units is NULL if the tag contains
 * nothing that a decoder needs. */
static gboolean
read_tag (FlvPictures *self, const FlvPacket *packet, GstBuffer *tag,
    FlvPart *part, GstBuffer **units)
{
  const guint8 *data;
  gboolean is_valid;
  GstMapInfo map;

  *units = NULL;
  if (!gst_buffer_map (tag, &map, GST_MAP_READ))
    return FALSE;
  data = map.data + packet->offset;
  is_valid = flv_nalus_parse (self->nalus, self->syntax, self->n_length_bytes,
      data, packet->size);
  if (is_valid) {
    sort_units (self, data, part);
    if (self->nalus->n_units > 0)
      *units = gather_units (self, tag, packet->offset, data);
  }
  gst_buffer_unmap (tag, &map);
  return is_valid;
}

/* Takes @part. Returns: (nullable): NULL if the sum exceeds the limit. */
static GstBuffer *
append (GstBuffer *whole, GstBuffer *part, gsize limit_bytes)
{
  if (whole == NULL)
    return part;
  if (gst_buffer_get_size (whole) + gst_buffer_get_size (part) > limit_bytes) {
    gst_buffer_unref (whole);
    gst_buffer_unref (part);
    return NULL;
  }
  return gst_buffer_append (gst_buffer_make_writable (whole), part);
}

static void
set_times (GstBuffer *buffer, const FlvPacket *packet, gint64 time_us)
{
  gint64 shown_us = time_us + packet->cts_ms * G_GINT64_CONSTANT (1000);

  GST_BUFFER_DTS (buffer) = time_us * GST_USECOND;
  GST_BUFFER_PTS (buffer) = MAX (shown_us, 0) * GST_USECOND;
  GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_DELTA_UNIT);
}

/* A decoder that has received a part of a key picture can continue with the
 * whole picture; pictures of other kinds would refer to that part. */
static void
resume (FlvPictures *self)
{
  if (self->sent == NULL) {
    self->is_lost = TRUE;
    return;
  }
  self->open = gst_buffer_make_writable (g_steal_pointer (&self->sent));
  GST_BUFFER_DTS (self->open) += RESENT_LATER;
  GST_BUFFER_PTS (self->open) += RESENT_LATER;
}

static void
begin_picture (FlvPictures *self, const FlvPacket *packet, gint64 time_us)
{
  self->is_lost = FALSE;
  gst_clear_buffer (&self->sent);
  self->open = g_steal_pointer (&self->sets);
  if (self->open == NULL)
    self->open = gst_buffer_new ();
  self->open = gst_buffer_make_writable (self->open);
  set_times (self->open, packet, time_us);
}

/* Takes @units. */
static void
add_units (FlvPictures *self, const FlvPart *part, GstBuffer *units)
{
  if (self->is_lost) {
    gst_buffer_unref (units);
    return;
  }
  self->open = append (self->open, units, FLV_PICTURE_MAX_BYTES);
  self->is_lost = self->open == NULL;
  if (self->open != NULL && part->is_key)
    GST_BUFFER_FLAG_UNSET (self->open, GST_BUFFER_FLAG_DELTA_UNIT);
}

static void
give (FlvPictures *self, GstBuffer *out[FLV_PICTURE_MAX_OUT], guint *n_out)
{
  if (self->open == NULL)
    return;
  if (!GST_BUFFER_FLAG_IS_SET (self->open, GST_BUFFER_FLAG_DELTA_UNIT))
    gst_buffer_replace (&self->sent, self->open);
  out[(*n_out)++] = g_steal_pointer (&self->open);
}

gboolean
flv_pictures_take (FlvPictures *self, const FlvPacket *packet, GstBuffer *tag,
    guint32 time_ms, gint64 time_us, GstBuffer *out[FLV_PICTURE_MAX_OUT],
    guint *n_out)
{
  FlvPart part = { .time_ms = time_ms };
  FlvVerdict verdict;
  GstBuffer *units;

  *n_out = 0;
  if (!read_tag (self, packet, tag, &part, &units))
    return FALSE;
  if (units == NULL)
    return TRUE;

  verdict = flv_access_unit_add (&self->order, &part);
  if (verdict.ends_last)
    give (self, out, n_out);
  if (part.n_slices == 0) {
    self->sets = append (self->sets, units, FLV_PICTURE_MAX_SETS_BYTES);
    return TRUE;
  }
  if (verdict.resumes)
    resume (self);
  else if (verdict.begins)
    begin_picture (self, packet, time_us);
  add_units (self, &part, units);
  if (verdict.is_lost)
    gst_clear_buffer (&self->open);
  if (verdict.ends)
    give (self, out, n_out);
  return TRUE;
}

GstBuffer *
flv_pictures_end (FlvPictures *self)
{
  flv_access_unit_end (&self->order);
  gst_clear_buffer (&self->sent);
  return g_steal_pointer (&self->open);
}

GstBuffer *
flv_pictures_write_config (FlvPictures *self, GstBuffer *picture)
{
  g_autoptr (GBytes) bytes = NULL;
  GByteArray *record = NULL;
  GstMapInfo map;

  if (!gst_buffer_map (picture, &map, GST_MAP_READ))
    return NULL;
  if (flv_nalus_parse (self->nalus, self->syntax, FLV_NALU_LENGTH_BYTES,
          map.data, map.size))
    record = flv_decoder_config_write (self->syntax, self->nalus, map.data);
  gst_buffer_unmap (picture, &map);
  if (record == NULL)
    return NULL;
  bytes = g_byte_array_free_to_bytes (record);
  return gst_buffer_new_wrapped_bytes (bytes);
}
