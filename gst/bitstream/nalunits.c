/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* NAL units: see nalunits.h. */

#include "gst/bitstream/nalunits.h"

#include "gst/bitstream/startcode.h"

/* A unit's last byte is never zero (ITU-T H.264 and H.265, section 7.4.1 and
 * 7.4.2.1), so zeroes before the next start code are padding. */
static gsize
trim (const guint8 *data, gsize size)
{
  while (size > 0 && data[size - 1] == 0)
    size--;
  return size;
}

guint
nal_units_read (const guint8 *data, gsize size, gsize *at, NalUnit *units,
    guint max)
{
  guint n_units = 0;

  if (*at == 0)
    *at = start_code_next (data, size, 0);
  while (n_units < max && *at < size) {
    gsize end = start_code_find (data, size, *at);
    gsize n_bytes = trim (data + *at, end - *at);

    if (n_bytes > 0)
      units[n_units++] = (NalUnit){ data + *at, n_bytes };
    *at = end == size ? size : end + START_CODE_BYTES;
  }
  return n_units;
}
