/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The headers of a VP9 frame or superframe (VP9 bitstream specification,
 * section 6.2 and annex B). Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  gboolean is_key;         /* of the first frame */
  gboolean shows_existing; /* the first frame only shows an existing one */
  guint width, height;     /* of the largest frame with a size; else 0 */
} Vp9Frame;

/* Returns FALSE if a frame's header is malformed or truncated. */
gboolean vp9_frame_read (Vp9Frame *self, const guint8 *data, gsize size);

G_END_DECLS
