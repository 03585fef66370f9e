/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* LEB128 numbers: see leb128.h. */

#include "gst/bitstream/leb128.h"

#define MAX_BYTES 8

gboolean
leb128_read (const guint8 *data, gsize size, gsize *at, guint64 *number)
{
  *number = 0;
  for (guint i = 0; i < MAX_BYTES && *at < size; i++) {
    guint8 byte = data[(*at)++];

    *number |= (guint64) (byte & 0x7f) << (7 * i);
    if ((byte & 0x80) == 0)
      return *number <= G_MAXUINT32;
  }
  return FALSE;
}
