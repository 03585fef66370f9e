/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether AV1 tells by itself what it is, without a sequence header before its
 * first frame. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Whether a temporal unit in the low-overhead format has a sequence header
 * OBU: a decoder can begin there (AV1, sections 5.2 and 5.3). */
gboolean flv_av1_has_sequence_header (const guint8 *data, gsize size);

G_END_DECLS
