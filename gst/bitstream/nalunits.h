/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The NAL units of a byte stream of H.264 or H.265 (annex B of both). Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Borrows its bytes, and has at least one. */
typedef struct
{
  const guint8 *data;
  gsize size;
} NalUnit;

/* Reads up to @max units from @at on, which is 0 for the first call, and then
 * where the next one continues. Returns: the number of units; fewer than @max
 * are the last ones. */
guint nal_units_read (const guint8 *data, gsize size, gsize *at, NalUnit *units,
    guint max);

G_END_DECLS
