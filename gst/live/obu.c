/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* OBUs of AV1, read and packetised: see obu.h. */

#include "gst/live/obu.h"
#include "gst/bitstream/leb128.h"

#include <string.h>

/* Section 5.3.2: forbidden, four bits of type, extension, size, reserved. */
#define HEADER_FORBIDDEN 0x80
#define HEADER_HAS_EXTENSION 0x04
#define HEADER_HAS_SIZE 0x02

/* The aggregation header. */
#define CONTINUES_OBU 0x80
#define IS_CONTINUED 0x40
#define COUNT_SHIFT 4
#define MAX_COUNT 3

/* Values below this have at most two bytes of LEB128. */
#define TWO_BYTES_LIMIT 16384
#define ONE_BYTE_LIMIT 128

/* Returns the size of the OBU, 0 if it is truncated. */
static gsize
read_obu (Obu *self, const guint8 *data, gsize size)
{
  guint64 n_payload;
  gsize n_read = 1;
  guint8 header;

  if (size == 0 || (data[0] & HEADER_FORBIDDEN) != 0)
    return 0;
  header = data[0];
  self->type = header >> 3 & 0x0f;
  self->header[0] = header & ~HEADER_HAS_SIZE;
  self->n_header = 1;
  if ((header & HEADER_HAS_EXTENSION) != 0) {
    if (size < 2)
      return 0;
    self->header[self->n_header++] = data[n_read++];
  }

  if ((header & HEADER_HAS_SIZE) == 0)
    n_payload = size - n_read;
  else if (!leb128_read (data, size, &n_read, &n_payload))
    return 0;
  if (n_payload > size - n_read)
    return 0;
  self->payload = data + n_read;
  self->size = n_payload;
  return n_read + n_payload;
}

/* Section 4.3.3 of the payload format: delimiters and tile lists should be
 * removed. Padding is useless. */
static gboolean
is_worth_sending (const Obu *obu)
{
  return obu->type != OBU_TEMPORAL_DELIMITER && obu->type != OBU_TILE_LIST &&
      obu->type != OBU_PADDING;
}

gboolean
obu_unit_read (ObuUnit *self, const guint8 *data, gsize size)
{
  while (size > 0) {
    Obu obu;
    gsize n_bytes = read_obu (&obu, data, size);

    if (n_bytes == 0)
      return FALSE;
    data += n_bytes;
    size -= n_bytes;
    if (!is_worth_sending (&obu))
      continue;
    if (self->n_obus == OBU_MAX)
      return FALSE;
    self->has_sequence_header |= obu.type == OBU_SEQUENCE_HEADER;
    self->obus[self->n_obus++] = obu;
  }
  return TRUE;
}

static guint
length_bytes (gsize size)
{
  return size < ONE_BYTE_LIMIT ? 1 : 2;
}

/* Returns how much of the rest of an OBU fits after its length. */
static gsize
part_that_fits (gsize n_left, gsize room)
{
  n_left = MIN (n_left, TWO_BYTES_LIMIT - 1);
  if (n_left + length_bytes (n_left) <= room)
    return n_left;
  if (room <= ONE_BYTE_LIMIT)
    return room > 1 ? room - 1 : 0;
  return room - 2;
}

/* Returns how much of an OBU goes into a packet with @room bytes left. Without
 * a dependency descriptor, libwebrtc mistakes a packet that does not begin with
 * a fragment for the first one of a frame. If an OBU is followed by another one
 * for which no room is left, its last byte therefore goes into the next packet.
 */
static gsize
next_part (const ObuPacker *self, gsize n_left, gsize room)
{
  gsize n_part = part_that_fits (n_left, room);
  gboolean is_last = self->index + 1 == self->unit->n_obus;

  if (is_last || n_part < n_left || n_part < 2)
    return n_part;
  room -= length_bytes (n_part) + n_part;
  return part_that_fits (G_MAXUINT16, room) > 0 ? n_part : n_part - 1;
}

static void
write_length (guint8 *out, gsize size)
{
  if (size < ONE_BYTE_LIMIT) {
    out[0] = size;
  } else {
    out[0] = 0x80 | (size & 0x7f);
    out[1] = size >> 7;
  }
}

/* Copies bytes of the OBU from an offset that includes its header. */
static void
copy_part (guint8 *out, const Obu *obu, gsize offset, gsize size)
{
  while (size > 0 && offset < obu->n_header) {
    *out++ = obu->header[offset++];
    size--;
  }
  if (size > 0)
    memcpy (out, obu->payload + offset - obu->n_header, size);
}

/* Section 4.4: with up to three elements, their number is in the aggregation
 * header, and the last one has no length. */
static gsize
drop_last_length (guint8 *out, gsize size, gsize last, guint n_elements)
{
  guint n_bytes = (out[last] & 0x80) != 0 ? 2 : 1;

  if (n_elements > MAX_COUNT)
    return size;
  memmove (out + last, out + last + n_bytes, size - last - n_bytes);
  out[0] |= n_elements << COUNT_SHIFT;
  return size - n_bytes;
}

gboolean
obu_packer_is_done (const ObuPacker *self)
{
  return self->index == self->unit->n_obus;
}

gsize
obu_packer_next (ObuPacker *self, guint8 *out, gsize limit)
{
  gsize size = 1;
  gsize last = 0;
  guint n_elements = 0;

  g_assert (limit >= OBU_PACKET_MIN);
  limit = MIN (limit, TWO_BYTES_LIMIT - 1);
  if (obu_packer_is_done (self))
    return 0;

  out[0] = self->offset > 0 ? CONTINUES_OBU : 0;
  while (!obu_packer_is_done (self) && (out[0] & IS_CONTINUED) == 0) {
    const Obu *obu = &self->unit->obus[self->index];
    gsize n_left = obu->n_header + obu->size - self->offset;
    gsize n_part = next_part (self, n_left, limit - size);

    if (n_part == 0)
      break;
    last = size;
    write_length (out + size, n_part);
    size += length_bytes (n_part);
    copy_part (out + size, obu, self->offset, n_part);
    size += n_part;
    n_elements++;

    if (n_part < n_left) {
      out[0] |= IS_CONTINUED;
      self->offset += n_part;
    } else {
      self->index++;
      self->offset = 0;
    }
  }
  return drop_last_length (out, size, last, n_elements);
}
