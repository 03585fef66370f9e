/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Times as people write them: 15s, 200ms, 1.5min, 24h. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A number without a unit is seconds. Returns FALSE for anything else than a
 * number, not negative, and a unit: ms, s, min, h, d; for what has a part of a
 * nanosecond, and for what does not fit. */
gboolean duration_from_text (const gchar *text, guint64 *time_ns);

/* Returns: (transfer full): the same in one unit, the largest without a
 * fraction; nanoseconds if need be. */
gchar *duration_to_text (guint64 time_ns);

/* Returns: (transfer full): in whole seconds, as a clock shows it: 1:02:03. */
gchar *duration_to_clock (guint64 time_ns);

G_END_DECLS
