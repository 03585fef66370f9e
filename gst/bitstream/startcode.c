/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Start codes: see startcode.h. */

#include "gst/bitstream/startcode.h"

#include <string.h>

gsize
start_code_find (const guint8 *data, gsize size, gsize at)
{
  while (size - at >= START_CODE_BYTES) {
    const guint8 *one = memchr (data + at + 2, 1, size - at - 2);

    if (one == NULL)
      return size;
    if (one[-1] == 0 && one[-2] == 0)
      return one - 2 - data;
    at = one - 1 - data;
  }
  return size;
}

gsize
start_code_next (const guint8 *data, gsize size, gsize at)
{
  gsize next = start_code_find (data, size, at);

  return next == size ? size : next + START_CODE_BYTES;
}
