/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Timestamps that never decrease, of frames in decoding order. */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* @newest: GST_CLOCK_TIME_NONE before the first frame. */
void gst_rising_times_note (GstClockTime *newest, const GstBuffer *buffer);

/* Returns: @buffer, which it takes, with no earlier timestamp than @newest. */
GstBuffer *gst_rising_times_mend (GstClockTime newest, GstBuffer *buffer);

G_END_DECLS
