/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads MP4's boxes back. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Whether @data is a sequence of whole boxes, those that contain boxes down to
 * the last. */
gboolean boxes_are_whole (const guint8 *data, gsize size);

/* Returns: (nullable): the body of the first box at @path, "moov/trak/mdia",
 * with its size. */
const guint8 *boxes_find (const guint8 *data, gsize size, const gchar *path,
    gsize *body_size);

/* Returns: the big-endian number of @n bytes, at most 8. */
guint64 boxes_number (const guint8 *bytes, guint n);

G_END_DECLS
