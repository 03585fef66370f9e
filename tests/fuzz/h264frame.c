/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Arbitrary bytes can be inspected and stripped, and the parts that decoding
 * needs are preserved. */

#include "gst/live/h264frame.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree guint8 *once = g_malloc (size + 1);
  g_autofree guint8 *twice = g_malloc (size + 1);
  H264Frame whole, stripped;
  gsize n_once;

  h264_frame_read (&whole, data, size);
  g_assert (!whole.has_b_slice || size > 4);
  g_assert (!whole.is_key || size >= 4);

  n_once = h264_frame_strip (data, size, once);
  g_assert (n_once <= size);
  h264_frame_read (&stripped, once, n_once);
  g_assert (!stripped.has_extras);
  g_assert (stripped.is_key || !whole.is_key);
  g_assert (h264_frame_strip (once, n_once, twice) == n_once);
  g_assert (memcmp (once, twice, n_once) == 0);
  return 0;
}
