/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Start codes, 00 00 01, which precede each unit in byte streams of H.264,
 * H.265 and MPEG-4 part 2. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define START_CODE_BYTES 3

/* Returns: the offset of the next start code from @at on, which is at most
 * @size; @size if there is none. */
gsize start_code_find (const guint8 *data, gsize size, gsize at);

/* Returns: the offset of the first byte after the next start code from @at on;
 * @size if there is none or nothing follows it. */
gsize start_code_next (const guint8 *data, gsize size, gsize at);

G_END_DECLS
