/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The length of an init segment, the segment, and a fragment. */

#include "gst/record/cutter.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  const RecordLimits limits = { .duration_ns = 1000000, .bytes = 1000 };
  RecordCutter cutter = { 0 };
  g_autofree guint8 *head = NULL;
  gsize n;

  if (size < 2)
    return 0;
  n = MIN (data[0] << 8 | data[1], size - 2);
  record_cutter_take_init (&cutter, data + 2, n);
  data += 2 + n;
  size -= 2 + n;
  head = g_memdup2 (data, size);
  for (guint i = 0; i < 4; i++)
    record_cutter_take (&cutter, head, size, size, i % 2 == 0, &limits);
  return 0;
}
