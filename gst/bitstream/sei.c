/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SEI of H.264: see sei.h. */

#include "gst/bitstream/sei.h"

/* Section D.1. */
#define SEI_RECOVERY_POINT 6
/* Trailing bits. */
#define SEI_END 0x80

/* A run of 255s and a last byte. Returns FALSE if it is truncated. */
static gboolean
read_number (const guint8 *data, gsize size, gsize *at, gsize *number)
{
  *number = 0;
  while (*at < size && data[*at] == 0xff)
    *number += data[(*at)++];
  if (*at == size)
    return FALSE;
  *number += data[(*at)++];
  return TRUE;
}

gboolean
sei_has_recovery_point (const guint8 *data, gsize size)
{
  gsize at = 0, type, n_bytes;

  while (at < size && data[at] != SEI_END) {
    if (!read_number (data, size, &at, &type) ||
        !read_number (data, size, &at, &n_bytes))
      return FALSE;
    if (type == SEI_RECOVERY_POINT)
      return TRUE;
    if (size - at < n_bytes)
      return FALSE;
    at += n_bytes;
  }
  return FALSE;
}
