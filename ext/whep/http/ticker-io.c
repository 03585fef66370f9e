/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A timer that runs only while it is needed: see ticker-io.h. */

#include "ext/whep/http/ticker-io.h"

void
whep_ticker_set (GSource **self, gboolean is_needed, guint interval_ms,
    GSourceFunc tick, gpointer user_data)
{
  if (is_needed == (*self != NULL))
    return;
  if (is_needed) {
    *self = g_timeout_source_new (interval_ms);
    g_source_set_callback (*self, tick, user_data, NULL);
    g_source_attach (*self, g_main_context_get_thread_default ());
  } else {
    g_source_destroy (*self);
    g_clear_pointer (self, g_source_unref);
  }
}
