/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What has been measured of a publisher's stream: see figures.h. */

#include "gst/publisher/figures.h"

#define AT(member) G_STRUCT_OFFSET (PublisherFigures, member)

static const PublisherFigure table[] = {
  { "measured", AT (measured_us) },
  { "video-codec", AT (codec) },
  { "profile", AT (profile) },
  { "slices", AT (n_slices) },
  { "frames", AT (n_frames) },
  { "missing-frames", AT (n_missing) },
  { "clumped-frames", AT (n_clumped) },
  { "frame-interval", AT (interval_us) },
  { "mean-jitter", AT (jitter_us) },
  { "max-lateness", AT (max_late_us) },
  { "reordered-frames", AT (n_reordered) },
  { "gop", AT (gop_us) },
  { "key-frame-bytes", AT (key_bytes) },
  { "key-frame-lateness", AT (key_late_us) },
  { "mean-lateness", AT (mean_late_us) },
  { "bit-rate", AT (bits_per_second) },
  { "peak-bit-rate", AT (peak_bits_per_second) },
  { "clock-drift", AT (drift_ppm) },
  { "audio-skew", AT (skew_us) },
  { NULL, 0 },
};

const PublisherFigure *
publisher_figures_table (void)
{
  return table;
}
