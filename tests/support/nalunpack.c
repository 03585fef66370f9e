/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Depacketizes H.264 and H.265: see nalunpack.h. */

#include "tests/support/nalunpack.h"

#include <string.h>

/* RFC 6184 table 1; RFC 7798 section 4.4. */
#define STAP_A 24
#define FU_A 28
#define AGGREGATION 48
#define FRAGMENTATION 49
#define H264_TYPE 0x1f
#define H264_NRI 0x60
#define H265_TYPE 0x7e
#define F_BIT 0x80
#define FU_START 0x80
#define FU_END 0x40
#define FU_RESERVED 0x20
/* Libwebrtc takes one less than ten. */
#define MAX_AGGREGATED 9

static gboolean
fail (NalUnpack *self, const gchar *why)
{
  if (self->why == NULL)
    self->why = why;
  return FALSE;
}

static gsize
header_size (const NalUnpack *self)
{
  return self->is_h265 ? 2 : 1;
}

static guint
type_of (const NalUnpack *self, const guint8 *header)
{
  return self->is_h265 ? (header[0] & H265_TYPE) >> 1 : header[0] & H264_TYPE;
}

static gboolean
is_unit_type (const NalUnpack *self, guint type)
{
  return self->is_h265 ? type < AGGREGATION : type > 0 && type < STAP_A;
}

static void
begin_unit (NalUnpack *self, const guint8 *header)
{
  static const guint8 start_code[] = { 0, 0, 1 };

  g_byte_array_append (self->out, start_code, sizeof start_code);
  g_byte_array_append (self->out, header, header_size (self));
  self->n_units++;
}

static gboolean
take_unit (NalUnpack *self, const guint8 *unit, gsize size)
{
  gsize n_header = header_size (self);

  if (size < n_header || !is_unit_type (self, type_of (self, unit)))
    return fail (self, "not a unit");
  begin_unit (self, unit);
  g_byte_array_append (self->out, unit + n_header, size - n_header);
  return TRUE;
}

/* What the header of an aggregation follows from. */
typedef struct
{
  guint f, nri, layer, tid;
} Highest;

static void
note_unit (Highest *self, const guint8 *header, gboolean is_h265)
{
  self->f |= header[0] & F_BIT;
  if (!is_h265) {
    self->nri = MAX (self->nri, header[0] & H264_NRI);
    return;
  }
  self->layer =
      MIN (self->layer, (guint) (header[0] & 1) << 5 | header[1] >> 3);
  self->tid = MIN (self->tid, header[1] & 7);
}

static gboolean
is_header_right (const Highest *units, const guint8 *header, gboolean is_h265)
{
  if (units->f != (header[0] & F_BIT))
    return FALSE;
  if (!is_h265)
    return units->nri == (header[0] & H264_NRI);
  return units->layer == ((guint) (header[0] & 1) << 5 | header[1] >> 3) &&
      units->tid == (header[1] & 7);
}

static gboolean
take_aggregation (NalUnpack *self, const guint8 *payload, gsize size)
{
  gsize at = header_size (self);
  Highest units = { .layer = G_MAXUINT, .tid = G_MAXUINT };
  guint n_units = 0;

  while (at < size) {
    gsize n_bytes;

    if (size - at < 2)
      return fail (self, "a truncated length");
    n_bytes = payload[at] << 8 | payload[at + 1];
    at += 2;
    if (n_bytes > size - at)
      return fail (self, "a truncated unit");
    if (!take_unit (self, payload + at, n_bytes))
      return FALSE;
    note_unit (&units, payload + at, self->is_h265);
    at += n_bytes;
    n_units++;
  }
  if (n_units < 2 || n_units > MAX_AGGREGATED)
    return fail (self, "an aggregation of too few or too many");
  return is_header_right (&units, payload, self->is_h265) ||
      fail (self, "an aggregation whose header does not follow its units");
}

/* Writes the header that the unit had. */
static guint
unit_header (const NalUnpack *self, const guint8 *payload, guint8 *header)
{
  guint8 fu = payload[header_size (self)];

  if (self->is_h265) {
    guint type = fu & 0x3f;

    header[0] = (payload[0] & ~H265_TYPE) | type << 1;
    header[1] = payload[1];
    return type;
  }
  header[0] = (payload[0] & ~H264_TYPE) | (fu & H264_TYPE);
  header[1] = 0;
  return fu & H264_TYPE;
}

static gboolean
take_fragment (NalUnpack *self, const guint8 *payload, gsize size)
{
  gsize n_header = header_size (self) + 1;
  guint8 header[2];
  guint8 fu;

  if (size <= n_header)
    return fail (self, "an empty fragment");
  fu = payload[n_header - 1];
  if (!is_unit_type (self, unit_header (self, payload, header)))
    return fail (self, "a fragment of no unit");
  if (!self->is_h265 && (fu & FU_RESERVED) != 0)
    return fail (self, "a reserved bit");
  if ((fu & FU_START) != 0 && (fu & FU_END) != 0)
    return fail (self, "a fragment that is a whole unit");
  if (((fu & FU_START) == 0) != self->is_open)
    return fail (self, "a fragment that does not continue a unit");
  if (self->is_open && memcmp (header, self->open_header, 2) != 0)
    return fail (self, "a fragment of another unit");

  if (!self->is_open)
    begin_unit (self, header);
  g_byte_array_append (self->out, payload + n_header, size - n_header);
  memcpy (self->open_header, header, 2);
  self->is_open = (fu & FU_END) == 0;
  return TRUE;
}

gboolean
nal_unpack (NalUnpack *self, const guint8 *payload, gsize size)
{
  guint type;

  if (size < header_size (self))
    return fail (self, "an empty payload");
  type = type_of (self, payload);
  if (type == (self->is_h265 ? FRAGMENTATION : FU_A))
    return take_fragment (self, payload, size);
  if (self->is_open)
    return fail (self, "a unit inside a fragmented one");
  if (type == (self->is_h265 ? AGGREGATION : STAP_A))
    return take_aggregation (self, payload, size);
  return take_unit (self, payload, size);
}

gboolean
nal_unpack_end (NalUnpack *self)
{
  return !self->is_open || fail (self, "a unit without its end");
}
