/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Measured durations and their quantiles. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _Latencies Latencies;

Latencies *latencies_new (void);
void latencies_free (Latencies *self);
void latencies_add (Latencies *self, gint64 us);
void latencies_forget (Latencies *self);
guint latencies_count (const Latencies *self);
/* The duration that @share of all, from 0 to 1, did not exceed; 0 if there are
 * none. */
gdouble latencies_ms (Latencies *self, gdouble share);

G_END_DECLS
