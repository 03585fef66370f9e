/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The RTP header of one viewer's packets: see rtpheader.h. */

#include "ext/whep/viewer/rtpheader.h"

#include <string.h>

#define FIXED_SIZE 12
#define EXTENSION_HEADER_SIZE 4
#define VERSION_2 0x80
#define PADDING_BIT 0x20
#define EXTENSION_BIT 0x10
/* Minimum and maximum delay, 12 bits each. */
#define PLAYOUT_DELAY_SIZE 3
/* 32.32 seconds since 1900. */
#define CAPTURE_TIME_SIZE 8

/* RFC 8285 section 4.2: ids of the one-byte form are 1 to 14. */
#define ONE_BYTE_ID_MAX 14
#define ONE_BYTE_PROFILE 0xbede
#define TWO_BYTE_PROFILE 0x1000

static void
write_u16 (guint8 *bytes, guint16 value)
{
  bytes[0] = value >> 8;
  bytes[1] = value;
}

static void
write_u32 (guint8 *bytes, guint32 value)
{
  write_u16 (bytes, value >> 16);
  write_u16 (bytes + 2, value);
}

/* Lays out one element of @size bytes, all zero. Returns its value's offset. */
static gsize
add_element (WhepRtpHeader *self, gboolean is_one_byte, guint8 id, gsize size)
{
  guint8 *element = self->bytes + self->size;
  gsize header_size = is_one_byte ? 1 : 2;

  if (is_one_byte) {
    element[0] = id << 4 | (size - 1);
  } else {
    element[0] = id;
    element[1] = size;
  }
  self->size += header_size + size;
  return self->size - size;
}

/* RFC 8285 section 4 has two forms; all extensions of a packet use the same
 * one. */
static void
add_extensions (WhepRtpHeader *self, const WhepRtpHeaderExtensions *ids)
{
  guint8 *extension = self->bytes + FIXED_SIZE;
  gboolean is_one_byte = ids->playout_delay_id <= ONE_BYTE_ID_MAX &&
      ids->abs_capture_time_id <= ONE_BYTE_ID_MAX;

  self->bytes[0] |= EXTENSION_BIT;
  self->size += EXTENSION_HEADER_SIZE;
  if (ids->playout_delay_id != 0)
    self->playout_delay_at = add_element (self, is_one_byte,
        ids->playout_delay_id, PLAYOUT_DELAY_SIZE);
  if (ids->abs_capture_time_id != 0)
    self->capture_time_at = add_element (self, is_one_byte,
        ids->abs_capture_time_id, CAPTURE_TIME_SIZE);
  self->size = (self->size + 3) / 4 * 4;

  write_u16 (extension, is_one_byte ? ONE_BYTE_PROFILE : TWO_BYTE_PROFILE);
  write_u16 (extension + 2,
      (self->size - FIXED_SIZE - EXTENSION_HEADER_SIZE) / 4);
}

void
whep_rtp_header_init (WhepRtpHeader *self, guint8 pt, guint32 ssrc,
    const WhepRtpHeaderExtensions *extensions)
{
  memset (self, 0, sizeof (*self));
  self->bytes[0] = VERSION_2;
  self->bytes[1] = pt;
  write_u32 (self->bytes + 8, ssrc);
  self->size = FIXED_SIZE;
  if (extensions->playout_delay_id != 0 || extensions->abs_capture_time_id != 0)
    add_extensions (self, extensions);
}

void
whep_rtp_header_set (WhepRtpHeader *self, gboolean is_marked, guint16 seq,
    guint32 rtp_time)
{
  self->bytes[1] = (self->bytes[1] & 0x7f) | (is_marked ? 0x80 : 0);
  write_u16 (self->bytes + 2, seq);
  write_u32 (self->bytes + 4, rtp_time);
}

void
whep_rtp_header_set_padded (WhepRtpHeader *self, gboolean is_padded)
{
  self->bytes[0] =
      (self->bytes[0] & ~PADDING_BIT) | (is_padded ? PADDING_BIT : 0);
}

void
whep_rtp_header_set_playout_delay (WhepRtpHeader *self, guint16 max_delay)
{
  if (self->playout_delay_at != 0)
    write_u16 (self->bytes + self->playout_delay_at + 1, max_delay);
}

void
whep_rtp_header_set_capture_time (WhepRtpHeader *self, guint64 ntp_time)
{
  guint8 *value = self->bytes + self->capture_time_at;

  if (self->capture_time_at == 0)
    return;
  write_u32 (value, ntp_time >> 32);
  write_u32 (value + 4, ntp_time);
}
