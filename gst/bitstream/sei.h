/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Supplemental enhancement information of H.264 (ITU-T H.264, section 7.3.2.3).
 * Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* @data: what follows the header of the NAL unit. Emulation prevention may make
 * a message's size too small by a few bytes, never too large, and a recovery
 * point is the first message in practice. */
gboolean sei_has_recovery_point (const guint8 *data, gsize size);

G_END_DECLS
