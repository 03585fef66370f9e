/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a frame of VP9, or a superframe, says of itself (VP9 bitstream
 * specification, section 6.2 and annex B). Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  gboolean is_key;         /* the first is */
  gboolean shows_existing; /* the first has no picture of its own */
  guint width, height;     /* of the largest that says its size; else 0 */
} Vp9Frame;

/* Returns FALSE if a frame's header is malformed or cut. */
gboolean vp9_frame_read (Vp9Frame *self, const guint8 *data, gsize size);

G_END_DECLS
