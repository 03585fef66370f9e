/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Parses arbitrary bytes as a tag's payload: its units lie within it, in order
 * and without overlap; those with a length are preceded by it; and units that
 * are joined again with lengths parse to the same units. The first byte selects
 * the syntax and the size of the lengths. */

#include "gst/flv/avc.h"
#include "gst/flv/hevc.h"
#include "gst/flv/nalu.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static guint32
read_length (const guint8 *data)
{
  return (guint32) data[0] << 24 | data[1] << 16 | data[2] << 8 | data[3];
}

static void
check_unit (const FlvNalu *unit, gsize end, const guint8 *data, gsize size,
    FlvNaluSyntax syntax)
{
  FlvNaluFacts facts;

  g_assert (unit->size > 0 && unit->offset >= end);
  g_assert (unit->offset <= size && unit->size <= size - unit->offset);
  if (unit->has_length)
    g_assert (unit->offset >= FLV_NALU_LENGTH_BYTES &&
        read_length (data + unit->offset - FLV_NALU_LENGTH_BYTES) ==
            unit->size);
  facts = syntax == FLV_NALU_HEVC
      ? flv_hevc_read_nalu (data + unit->offset, unit->size)
      : flv_avc_read_nalu (data + unit->offset, unit->size);
  g_assert (!facts.starts_picture || facts.kind == FLV_NALU_SLICE);
  g_assert (!facts.is_key || facts.kind == FLV_NALU_SLICE);
}

/* Returns: the units of @nalus with lengths. */
static GByteArray *
write_units (const FlvNalus *nalus, const guint8 *data)
{
  GByteArray *out = g_byte_array_new ();

  for (guint i = 0; i < nalus->n_units; i++) {
    guint32 length = GUINT32_TO_BE (nalus->units[i].size);

    g_byte_array_append (out, (const guint8 *) &length, sizeof length);
    g_byte_array_append (out, data + nalus->units[i].offset,
        nalus->units[i].size);
  }
  return out;
}

/* Payloads that may not be units at all are not parsed again by their
 * lengths. */
static gboolean
is_plausible (const FlvNalus *nalus, const guint8 *data, FlvNaluSyntax syntax)
{
  for (guint i = 0; i < nalus->n_units; i++) {
    const FlvNalu *unit = &nalus->units[i];
    const guint8 *nal = data + unit->offset;

    if ((nal[0] & 0x80) != 0)
      return FALSE;
    if (syntax == FLV_NALU_HEVC && (unit->size < 2 || (nal[1] & 7) == 0))
      return FALSE;
    if (syntax == FLV_NALU_H264 &&
        ((nal[0] & 0x1f) == 0 || (nal[0] & 0x1f) > 23))
      return FALSE;
  }
  return TRUE;
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  static FlvNalus nalus, again;
  FlvNaluSyntax syntax;
  guint n_length_bytes;
  gsize end = 0;

  if (size < 1)
    return 0;
  syntax = data[0] & 4 ? FLV_NALU_HEVC : FLV_NALU_H264;
  n_length_bytes = data[0] % 4 + 1;
  data++;
  size--;
  flv_nalus_parse_byte_stream (&nalus, data, size);
  if (!flv_nalus_parse (&nalus, syntax, n_length_bytes, data, size))
    return 0;
  for (guint i = 0; i < nalus.n_units; i++) {
    check_unit (&nalus.units[i], end, data, size, syntax);
    end = nalus.units[i].offset + nalus.units[i].size;
  }
  if (nalus.n_units > 0 && is_plausible (&nalus, data, syntax)) {
    g_autoptr (GByteArray) out = write_units (&nalus, data);

    g_assert (flv_nalus_parse (&again, syntax, FLV_NALU_LENGTH_BYTES, out->data,
        out->len));
    g_assert (again.n_units >= nalus.n_units);
  }
  return 0;
}
