/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Decoder configuration records: see decoderconfig.h. */

#include "gst/flv/decoderconfig.h"

#include "gst/flv/avc.h"
#include "gst/flv/hevc.h"

/* AVCDecoderConfigurationRecord: version, profile, constraints and level
 * precede the length size. */
#define AVC_VERSION 1
#define AVC_LENGTH_OFFSET 4
#define AVC_SETS_OFFSET 5
#define AVC_N_SPS_MASK 0x1f
#define AVC_MAX_SPS 31
#define AVC_RESERVED_LENGTH 0xfc
#define AVC_RESERVED_SPS 0xe0
/* The same three follow the header of the SPS. */
#define AVC_PROFILE_BYTES 3

/* HEVCDecoderConfigurationRecord. Its version is 1; some senders write 0. */
#define HEVC_VERSION 1
#define HEVC_LENGTH_OFFSET 21
#define HEVC_SETS_OFFSET 22
#define HEVC_FIRST_SET_TYPE 32
#define HEVC_COMPLETE 0x80
/* There are three kinds of parameter sets and two of SEI. */
#define HEVC_MAX_ARRAYS 16

#define LENGTH_MASK 0x03
#define MAX_SETS 255

/* The record being read. */
typedef struct
{
  FlvNaluSyntax syntax;
  const guint8 *data;
  gsize size;
  gsize at;
  FlvNalus *units;
  gboolean is_clean; /* each set is exactly one unit */
} Reader;

static FlvNaluFacts
read_nalu (FlvNaluSyntax syntax, const guint8 *nal, gsize size)
{
  return syntax == FLV_NALU_HEVC ? flv_hevc_read_nalu (nal, size)
                                 : flv_avc_read_nalu (nal, size);
}

static gboolean
read_uint (Reader *self, guint n_bytes, gsize *number)
{
  if (self->size - self->at < n_bytes)
    return FALSE;
  *number = 0;
  for (guint i = 0; i < n_bytes; i++)
    *number = *number << 8 | self->data[self->at++];
  return TRUE;
}

/* Entries with a length may contain start codes as well, one before each set.
 */
static gboolean
take_set (Reader *self, gsize size)
{
  const guint8 *set = self->data + self->at;
  FlvNalus cut;

  if (!flv_nalus_parse_byte_stream (&cut, set, size))
    return FALSE;
  if (cut.n_units == 0)
    cut = (FlvNalus){ .n_units = 1, .units = { { .size = size } } };
  else
    self->is_clean = FALSE;
  for (guint i = 0; i < cut.n_units; i++) {
    if (self->units->n_units == FLV_NALUS_MAX)
      return FALSE;
    cut.units[i].offset += self->at;
    self->units->units[self->units->n_units++] = cut.units[i];
  }
  self->at += size;
  return TRUE;
}

static gboolean
take_sets (Reader *self, gsize n_sets)
{
  for (gsize i = 0; i < n_sets; i++) {
    gsize size;

    if (!read_uint (self, 2, &size) || size == 0 ||
        size > self->size - self->at || !take_set (self, size))
      return FALSE;
  }
  return TRUE;
}

/* Returns FALSE if it is malformed; what precedes the error has been read. */
static gboolean
read_avc (Reader *self)
{
  gsize n_sets;

  self->at = AVC_SETS_OFFSET;
  return read_uint (self, 1, &n_sets) &&
      take_sets (self, n_sets & AVC_N_SPS_MASK) &&
      read_uint (self, 1, &n_sets) && take_sets (self, n_sets);
}

static gboolean
read_hevc (Reader *self)
{
  gsize n_arrays, type, n_sets;

  self->at = HEVC_SETS_OFFSET;
  if (!read_uint (self, 1, &n_arrays) || n_arrays > HEVC_MAX_ARRAYS)
    return FALSE;
  for (gsize i = 0; i < n_arrays; i++) {
    if (!read_uint (self, 1, &type) || !read_uint (self, 2, &n_sets) ||
        !take_sets (self, n_sets))
      return FALSE;
  }
  return TRUE;
}

static gsize
length_offset (FlvNaluSyntax syntax)
{
  return syntax == FLV_NALU_HEVC ? HEVC_LENGTH_OFFSET : AVC_LENGTH_OFFSET;
}

/* Excludes byte streams, whose version would be 0. */
static gboolean
has_version (FlvNaluSyntax syntax, const guint8 *data, gsize size)
{
  if (size <= length_offset (syntax))
    return FALSE;
  if (data[0] == 0 && data[1] == 0 && data[2] <= 1)
    return FALSE;
  return syntax == FLV_NALU_HEVC ? data[0] <= HEVC_VERSION
                                 : data[0] == AVC_VERSION;
}

/* Returns: (nullable): the next set of the given kind, from unit @index on. */
static const FlvNalu *
next_set (FlvNaluSyntax syntax, const FlvNalus *units, const guint8 *data,
    FlvSetKind set, guint *index)
{
  while (*index < units->n_units) {
    const FlvNalu *unit = &units->units[(*index)++];
    FlvNaluFacts facts = read_nalu (syntax, data + unit->offset, unit->size);

    if (facts.kind == FLV_NALU_SET && facts.set == set)
      return unit;
  }
  return NULL;
}

static guint
count_sets (FlvNaluSyntax syntax, const FlvNalus *units, const guint8 *data,
    FlvSetKind set, guint limit)
{
  guint index = 0, n = 0;

  while (n < limit && next_set (syntax, units, data, set, &index) != NULL)
    n++;
  return n;
}

static void
append_uint (GByteArray *out, guint n_bytes, gsize number)
{
  for (guint i = 0; i < n_bytes; i++) {
    guint8 byte = number >> 8 * (n_bytes - 1 - i);

    g_byte_array_append (out, &byte, 1);
  }
}

static void
append_sets (GByteArray *out, FlvNaluSyntax syntax, const FlvNalus *units,
    const guint8 *data, FlvSetKind set, guint n_sets)
{
  guint index = 0;

  for (guint i = 0; i < n_sets; i++) {
    const FlvNalu *unit = next_set (syntax, units, data, set, &index);

    append_uint (out, 2, unit->size);
    g_byte_array_append (out, data + unit->offset, unit->size);
  }
}

static void
append_avc (GByteArray *out, const FlvNalus *units, const guint8 *data,
    const guint8 *sps)
{
  guint n_sps =
      count_sets (FLV_NALU_H264, units, data, FLV_SET_SPS, AVC_MAX_SPS);
  guint n_pps = count_sets (FLV_NALU_H264, units, data, FLV_SET_PPS, MAX_SETS);

  append_uint (out, 1, AVC_VERSION);
  g_byte_array_append (out, sps + 1, AVC_PROFILE_BYTES);
  append_uint (out, 1, AVC_RESERVED_LENGTH | (FLV_NALU_LENGTH_BYTES - 1));
  append_uint (out, 1, AVC_RESERVED_SPS | n_sps);
  append_sets (out, FLV_NALU_H264, units, data, FLV_SET_SPS, n_sps);
  append_uint (out, 1, n_pps);
  append_sets (out, FLV_NALU_H264, units, data, FLV_SET_PPS, n_pps);
}

/* Fields from the SPS; then unknown ones: parallelism type and frame rate. */
static void
append_hevc (GByteArray *out, const FlvNalus *units, const guint8 *data,
    const FlvHevcSps *sps)
{
  append_uint (out, 1, HEVC_VERSION);
  g_byte_array_append (out, sps->profile, sizeof sps->profile);
  append_uint (out, 2, 0xf000);
  append_uint (out, 1, 0xfc);
  append_uint (out, 1, 0xfc | sps->chroma_format);
  append_uint (out, 1, 0xf8 | (sps->luma_bits - 8));
  append_uint (out, 1, 0xf8 | (sps->chroma_bits - 8));
  append_uint (out, 2, 0);
  append_uint (out, 1,
      sps->n_temporal_layers << 3 | sps->has_nested_layers << 2 |
          (FLV_NALU_LENGTH_BYTES - 1));
  append_uint (out, 1, FLV_N_SETS);
  for (guint set = 0; set < FLV_N_SETS; set++) {
    guint n_sets = count_sets (FLV_NALU_HEVC, units, data, set, MAX_SETS);

    append_uint (out, 1, HEVC_COMPLETE | (HEVC_FIRST_SET_TYPE + set));
    append_uint (out, 2, n_sets);
    append_sets (out, FLV_NALU_HEVC, units, data, set, n_sets);
  }
}

GByteArray *
flv_decoder_config_write (FlvNaluSyntax syntax, const FlvNalus *units,
    const guint8 *data)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();
  guint index = 0;
  const FlvNalu *sps = next_set (syntax, units, data, FLV_SET_SPS, &index);
  FlvHevcSps facts;

  if (sps == NULL || count_sets (syntax, units, data, FLV_SET_PPS, 1) == 0)
    return NULL;
  if (syntax == FLV_NALU_H264) {
    if (sps->size <= AVC_PROFILE_BYTES)
      return NULL;
    append_avc (out, units, data, data + sps->offset);
  } else {
    if (!flv_hevc_parse_sps (&facts, data + sps->offset, sps->size))
      return NULL;
    append_hevc (out, units, data, &facts);
  }
  return g_steal_pointer (&out);
}

/* Leaves no units if it isn't a record. */
static gboolean
read_record (Reader *self)
{
  self->units->n_units = 0;
  if (!has_version (self->syntax, self->data, self->size))
    return FALSE;
  return self->syntax == FLV_NALU_HEVC ? read_hevc (self) : read_avc (self);
}

static gboolean
is_complete (const Reader *self)
{
  return count_sets (self->syntax, self->units, self->data, FLV_SET_SPS, 1) >
      0 &&
      count_sets (self->syntax, self->units, self->data, FLV_SET_PPS, 1) > 0;
}

gboolean
flv_decoder_config_parse (FlvDecoderConfig *self, FlvNaluSyntax syntax,
    const guint8 *data, gsize size)
{
  g_autofree FlvNalus *units = g_new (FlvNalus, 1);
  Reader reader = { .syntax = syntax,
    .data = data,
    .size = size,
    .units = units,
    .is_clean = TRUE };
  gboolean is_whole = read_record (&reader);
  guint8 length_byte;

  *self = (FlvDecoderConfig){ .n_length_bytes = FLV_NALU_LENGTH_BYTES };
  if (has_version (syntax, data, size))
    self->n_length_bytes = (data[length_offset (syntax)] & LENGTH_MASK) + 1;
  if (is_whole && reader.is_clean && is_complete (&reader)) {
    length_byte = data[length_offset (syntax)] | LENGTH_MASK;
    self->record = g_byte_array_append (g_byte_array_new (), data, size);
    self->record->data[length_offset (syntax)] = length_byte;
    return TRUE;
  }
  if (!is_complete (&reader) &&
      !flv_nalus_parse_byte_stream (units, data, size))
    return FALSE;
  self->record = flv_decoder_config_write (syntax, units, data);
  return self->record != NULL;
}

void
flv_decoder_config_clear (FlvDecoderConfig *self)
{
  g_clear_pointer (&self->record, g_byte_array_unref);
}
