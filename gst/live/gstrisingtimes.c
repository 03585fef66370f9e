/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Timestamps that never decrease: see gstrisingtimes.h. */

#include "gst/live/gstrisingtimes.h"

void
gst_rising_times_note (GstClockTime *newest, const GstBuffer *buffer)
{
  if (!GST_BUFFER_PTS_IS_VALID (buffer))
    return;
  if (!GST_CLOCK_TIME_IS_VALID (*newest) || GST_BUFFER_PTS (buffer) > *newest)
    *newest = GST_BUFFER_PTS (buffer);
}

GstBuffer *
gst_rising_times_mend (GstClockTime newest, GstBuffer *buffer)
{
  if (GST_BUFFER_PTS_IS_VALID (buffer) && GST_CLOCK_TIME_IS_VALID (newest) &&
      GST_BUFFER_PTS (buffer) < newest) {
    buffer = gst_buffer_make_writable (buffer);
    GST_BUFFER_PTS (buffer) = newest;
  }
  return buffer;
}
