/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Parses arbitrary bytes as a temporal unit: only one that is long enough for a
 * sequence header may have one. */

#include "gst/flv/av1.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  if (flv_av1_has_sequence_header (data, size))
    g_assert (size >= 2);
  return 0;
}
