/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The size of a still that is made of a stream's picture. Pure. */

#pragma once

#include "gst/live/picturesize.h"

G_BEGIN_DECLS

/* Stills have one of a few widths, so that only a few are made of a picture,
 * whatever clients ask for. */
#define STILL_N_WIDTHS 7
#define STILL_MAX_WIDTH 1920
#define STILL_MAX_HEIGHT 2160

/* Returns: which of the widths it is, 0 to STILL_N_WIDTHS - 1: the smallest one
 * that is not below @width, or the largest; 0 stands for the largest, too. */
guint still_width_index (guint width);
guint still_width_at (guint index);

/* The size of a still as wide as the width at @index, but no wider than the
 * picture, with square pixels. @par_n / @par_d: the shape of the picture's. */
PictureSize still_size (const PictureSize *picture, gint par_n, gint par_d,
    guint index);

G_END_DECLS
