/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* RTCP of any sender. */

#include "whepbench/feedback.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  SenderReport report;

  if (feedback_read_sender (&report, data, size))
    g_assert (strlen (report.cname) < sizeof (report.cname));
  return 0;
}
