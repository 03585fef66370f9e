/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Fragmented MP4 by hand: as little of it as what reads times needs. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define FMP4_VIDEO 1 /* 1000 ticks a second */
#define FMP4_AUDIO 2 /* 48000 ticks a second */
/* Of a fragment's head, up to the frame's bytes. */
#define FMP4_HEAD_BYTES 76

/* Both return: (transfer full): an init segment of both tracks, and a fragment
 * with a frame of @size bytes. */
GByteArray *fmp4_init (void);
GByteArray *fmp4_fragment (guint32 track, guint64 ticks, gsize size);
/* Returns: the time in a fragment's head. */
guint64 fmp4_ticks (const guint8 *head);

G_END_DECLS
