/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The RTP header of one viewer's packets: see header.h. */

#include "ext/whep/viewer/header.h"

#include <string.h>

#define FIXED_SIZE 12
#define PLAYOUT_DELAY_SIZE 3

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

/* One element whose 3 bytes stay zero: minimum and maximum delay of 0. */
static void
add_playout_delay (WhepHeader *self, guint8 id)
{
  guint8 *extension = self->bytes + FIXED_SIZE;
  gboolean is_one_byte = id <= ONE_BYTE_ID_MAX;

  write_u16 (extension, is_one_byte ? ONE_BYTE_PROFILE : TWO_BYTE_PROFILE);
  write_u16 (extension + 2, is_one_byte ? 1 : 2);
  if (is_one_byte) {
    extension[4] = id << 4 | (PLAYOUT_DELAY_SIZE - 1);
  } else {
    extension[4] = id;
    extension[5] = PLAYOUT_DELAY_SIZE;
  }
  self->bytes[0] |= 0x10;
  self->size += is_one_byte ? 8 : 12;
}

void
whep_header_init (WhepHeader *self, guint8 pt, guint32 ssrc,
    guint8 playout_delay_id)
{
  memset (self, 0, sizeof (*self));
  self->bytes[0] = 0x80;
  self->bytes[1] = pt;
  write_u32 (self->bytes + 8, ssrc);
  self->size = FIXED_SIZE;
  if (playout_delay_id != 0)
    add_playout_delay (self, playout_delay_id);
}

void
whep_header_set (WhepHeader *self, gboolean is_marked, guint16 seq,
    guint32 rtp_time)
{
  self->bytes[1] = (self->bytes[1] & 0x7f) | (is_marked ? 0x80 : 0);
  write_u16 (self->bytes + 2, seq);
  write_u32 (self->bytes + 4, rtp_time);
}
