/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Any bytes can be parsed; what is well formed stays so with more after it. */

#include "gst/live/vp8frame.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree guint8 *longer = g_malloc0 (size + 8);
  Vp8Frame frame, again;

  if (!vp8_frame_read (&frame, data, size))
    return 0;
  g_assert (size > (frame.is_key ? 10 : 3));
  g_assert (frame.width < 1 << 14 && frame.height < 1 << 14);
  g_assert (frame.is_key || frame.width == 0);
  if (size > 0)
    memcpy (longer, data, size);
  g_assert (vp8_frame_read (&again, longer, size + 8));
  g_assert (again.width == frame.width && again.height == frame.height);
  return 0;
}
