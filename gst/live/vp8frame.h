/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The header of a VP8 frame (RFC 6386, sections 9 and 19), and whether the
 * frame can be parsed. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  gboolean is_key;
  guint width, height; /* of a key frame; else 0 */
} Vp8Frame;

/* Returns FALSE if the header or the partitions exceed the frame. */
gboolean vp8_frame_read (Vp8Frame *self, const guint8 *data, gsize size);

G_END_DECLS
