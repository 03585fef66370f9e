/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Supplemental enhancement information (SEI) of H.264 (ITU-T H.264, section
 * 7.3.2.3). Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* @data follows the header of the NAL unit. Because of emulation prevention, a
 * message's size may be too small by a few bytes, but never too large, and in
 * practice a recovery point is the first message. */
gboolean sei_has_recovery_point (const guint8 *data, gsize size);

G_END_DECLS
