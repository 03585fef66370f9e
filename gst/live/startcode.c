/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Start codes: see startcode.h. */

#include "gst/live/startcode.h"

#include <string.h>

gsize
start_code_next (const guint8 *data, gsize size, gsize at)
{
  while (at + START_CODE_BYTES < size) {
    const guint8 *one = memchr (data + at + 2, 1, size - at - START_CODE_BYTES);

    if (one == NULL)
      return size;
    if (one[-1] == 0 && one[-2] == 0)
      return one + 1 - data;
    at = one + 1 - data - 2;
  }
  return size;
}
