/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The size of a still: see stillsize.h. */

#include "gst/live/stillsize.h"

/* From a thumbnail in a list up to a full HD picture. */
static const guint widths[STILL_N_WIDTHS] = { 160, 320, 480, 640, 960, 1280,
  STILL_MAX_WIDTH };

/* Anamorphic video has pixels up to about twice as wide as high; others come
 * from a publisher that wants a huge still. */
#define MAX_PAR 4

guint
still_width_index (guint width)
{
  for (guint i = 0; i < STILL_N_WIDTHS; i++) {
    if (width > 0 && width <= widths[i])
      return i;
  }
  return STILL_N_WIDTHS - 1;
}

guint
still_width_at (guint index)
{
  return widths[index];
}

static gboolean
is_par_plausible (gint par_n, gint par_d)
{
  return par_n > 0 && par_d > 0 && par_n / par_d < MAX_PAR &&
      par_d / par_n < MAX_PAR;
}

/* The width is at most 2^32 and the factors are below 2^31, so that no product
 * overflows. */
PictureSize
still_size (const PictureSize *picture, gint par_n, gint par_d, guint index)
{
  guint64 full = picture->width;
  guint64 width, height;

  if (is_par_plausible (par_n, par_d))
    full = full * par_n / par_d;
  full = MAX (full, 1);
  width = MIN (full, widths[index]);
  height = (picture->height * width + full / 2) / full;
  if (height > STILL_MAX_HEIGHT) {
    width = width * STILL_MAX_HEIGHT / height;
    height = STILL_MAX_HEIGHT;
  }
  return (PictureSize){ .width = MAX (width, 1), .height = MAX (height, 1) };
}
