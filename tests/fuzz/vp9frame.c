/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Any bytes can be parsed, and no frame is larger than 16 bits can express. */

#include "gst/live/vp9frame.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  Vp9Frame frame;

  if (!vp9_frame_read (&frame, data, size))
    return 0;
  g_assert (size > 0 && data[0] >> 6 == 2);
  g_assert (frame.width <= 1 << 16 && frame.height <= 1 << 16);
  g_assert (!frame.is_key || frame.width > 0);
  g_assert (!frame.is_key || !frame.shows_existing);
  return 0;
}
