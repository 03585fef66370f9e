/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Any bytes as an access unit: what is kept lies inside of it, in order and
 * apart, and looking at it again keeps all of it. The first byte is the size of
 * the lengths. */

#include "gst/flv/avc.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static void
check_again (const FlvAvcFrame *frame, guint n_length_bytes, const guint8 *data)
{
  g_autoptr (GByteArray) kept = g_byte_array_new ();
  FlvAvcFrame again;

  for (guint i = 0; i < frame->n_runs; i++)
    g_byte_array_append (kept, data + frame->runs[i].offset,
        frame->runs[i].size);
  g_assert (flv_avc_look (&again, n_length_bytes, kept->data, kept->len));
  g_assert (again.n_runs == MIN (frame->n_runs, 1));
  g_assert (again.n_runs == 0 || again.runs[0].size == kept->len);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  FlvAvcFrame frame;
  guint n_length_bytes;
  gsize end = 0;

  if (size < 1)
    return 0;
  g_assert (flv_avc_parse_config (data, size) <= 4);
  n_length_bytes = data[0] % 4 + 1;
  data++;
  size--;
  if (!flv_avc_look (&frame, n_length_bytes, data, size))
    return 0;

  for (guint i = 0; i < frame.n_runs; i++) {
    g_assert (frame.runs[i].size > n_length_bytes);
    g_assert (i == 0 || frame.runs[i].offset > end);
    end = frame.runs[i].offset + frame.runs[i].size;
    g_assert (end <= size);
  }
  check_again (&frame, n_length_bytes, data);
  return 0;
}
