/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What MP4 says of AC-3, from a frame of it. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define MP4_AC3_CONFIG_BYTES 3

/* Writes the body of AC3SpecificBox (ETSI TS 102 366 annex F). Returns FALSE if
 * @frame does not begin with a header of AC-3 (section 4.4). */
gboolean mp4_ac3_config (const guint8 *frame, gsize size,
    guint8 config[MP4_AC3_CONFIG_BYTES]);

G_END_DECLS
