/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Durations as users write them: 15s, 200ms, 1.5min, 24h. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Parses a non-negative number and a unit: ms, s, min, h, d; without a unit,
 * seconds. Returns FALSE for anything else, for fractions of a nanosecond, and
 * on overflow. */
gboolean duration_from_text (const gchar *text, guint64 *time_ns);

/* Returns: (transfer full): the duration in the largest unit in which it has no
 * fraction; in nanoseconds if necessary. */
gchar *duration_to_text (guint64 time_ns);

/* Returns: (transfer full): in whole seconds, as on a clock: 1:02:03. */
gchar *duration_to_clock (guint64 time_ns);

G_END_DECLS
