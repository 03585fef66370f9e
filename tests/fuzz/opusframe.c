/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Any bytes can be parsed; no packet lasts longer than Opus allows, and what
 * follows the header does not matter. */

#include "gst/live/opusframe.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  guint n_samples = opus_frame_samples (data, size);

  g_assert (n_samples <= OPUS_FRAME_MAX_SAMPLES && n_samples % 120 == 0);
  if (size > 2)
    g_assert (opus_frame_samples (data, 2) == n_samples);
  return 0;
}
