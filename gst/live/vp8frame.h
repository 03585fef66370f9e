/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a frame of VP8 says of itself (RFC 6386, sections 9 and 19), and whether
 * it can be taken apart. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  gboolean is_key;
  guint width, height; /* of a key frame; else 0 */
} Vp8Frame;

/* Returns FALSE if the frame's header or its partitions don't fit into it. */
gboolean vp8_frame_read (Vp8Frame *self, const guint8 *data, gsize size);

G_END_DECLS
