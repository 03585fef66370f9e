/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What has been measured of a publisher's stream, for the encoder doctor and
 * for display. All members are gint64, so that one table describes them. Pure.
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Unless it says otherwise, a figure is of the last seconds. Lateness is how
 * long after its timestamp a frame arrived, compared with the frame that was
 * earliest. */
#define PUBLISHER_FIGURES_SECONDS 30

typedef struct
{
  gint64 measured_us; /* since when; 0: nothing has been measured */

  /* Of video; 0: there is none, or it is unknown. */
  gint64 codec;       /* FourCC */
  gint64 profile;     /* of H.264: profile_idc (table A-1) */
  gint64 n_slices;    /* of the picture that has most */
  gint64 n_frames;    /* without video: of audio; this and the next five */
  gint64 n_missing;   /* by the distances of their timestamps */
  gint64 n_clumped;   /* arrived together with the one before */
  gint64 interval_us; /* the usual distance of timestamps */
  gint64 jitter_us;   /* RFC 3550, section 6.4.1; the mean */
  gint64 max_late_us;
  gint64 n_reordered; /* to be shown before a frame that preceded them */
  gint64 gop_us;      /* the longest of the last ones, or the current one */
  gint64 key_bytes;   /* of a key frame: the median */
  gint64 key_late_us; /* likewise */
  gint64 mean_late_us;
  gint64 bits_per_second;
  gint64 peak_bits_per_second; /* of the second that has most */

  /* Of minutes; 0: unknown. Positive: the publisher's clock is slow. */
  gint64 drift_ppm;
  /* By how much audio arrives later than video of the same timestamp; 0 if only
   * one of them is there. */
  gint64 skew_us;
} PublisherFigures;

typedef struct
{
  const gchar *name; /* NULL at the end of the table */
  gsize offset;
} PublisherFigure;

/* Returns: a row for each member. */
const PublisherFigure *publisher_figures_table (void);

G_END_DECLS
