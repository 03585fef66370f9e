/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* LEB128, AV1's variable-length numbers (AV1 specification, section 4.10.5).
 * Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Reads the number at *@at and advances *@at. Returns FALSE if it is truncated,
 * not terminated, or has more than 32 bits, which the specification forbids. */
gboolean leb128_read (const guint8 *data, gsize size, gsize *at,
    guint64 *number);

G_END_DECLS
