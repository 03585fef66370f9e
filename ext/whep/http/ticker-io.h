/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A timer of the thread's main context, which runs only while it is needed. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Starts or stops the timer in @self, which begins as NULL. @tick is called
 * each @interval_ms, on this thread; one that returns G_SOURCE_REMOVE clears
 * @self itself. */
void whep_ticker_set (GSource **self, gboolean is_needed, guint interval_ms,
    GSourceFunc tick, gpointer user_data);

G_END_DECLS
