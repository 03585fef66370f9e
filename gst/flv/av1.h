/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Detects AV1 streams that contain their sequence header and therefore need
 * none before the first frame. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Returns whether a temporal unit in the low-overhead format has a sequence
 * header OBU, so that a decoder can start with it (AV1, sections 5.2 and 5.3).
 */
gboolean flv_av1_has_sequence_header (const guint8 *data, gsize size);

G_END_DECLS
