/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How far behind live an offer wants its viewer to be, and what it gets. Pure.
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The header of an answer: seconds behind live and, as the parameter "max", the
 * most that the server keeps (RFC 9651: a decimal item). */
#define WHEP_PLAYBACK_DELAY_HEADER "Playback-Delay"

/* Reads `delay=SECONDS` of an offer's @query (nullable); 0 if there is none.
 * Returns FALSE if it is not a number of seconds up to a day. */
gboolean whep_playback_delay_read (const gchar *query, gint64 *delay_us);

/* Returns: what a viewer gets that wants @wanted_us, of a server that keeps
 * @rewind_us and a stream whose packets are kept for @reach_us; in tenths of a
 * second. */
gint64 whep_playback_delay_clamp (gint64 wanted_us, gint64 rewind_us,
    gint64 reach_us);

/* Returns: (transfer full): the header's value. */
gchar *whep_playback_delay_write (gint64 delay_us, gint64 rewind_us);

G_END_DECLS
