/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Any bytes can be looked at, and more bytes never take away what was seen. */

#include "gst/live/h264frame.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  H264Frame whole;

  h264_frame_read (&whole, data, size);
  g_assert (!whole.has_b_slice || size > 4);
  g_assert (!whole.is_key || size >= 4);
  return 0;
}
