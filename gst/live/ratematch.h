/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Makes audio longer or shorter by a few samples, seamlessly and without delay,
 * as if it had been recorded by a sound card at a different speed. Interleaved
 * samples of 16 bits. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define RATE_MATCH_CHANNELS_LIMIT 8
/* Samples before a block that its first ones are interpolated from. */
#define RATE_MATCH_HISTORY 2

/* To be embedded; starts zeroed, which means silence. */
typedef struct
{
  gint16 before[RATE_MATCH_HISTORY][RATE_MATCH_CHANNELS_LIMIT];
} RateMatch;

/* Makes @n_out samples per channel from the next @n_in; neither is 0. */
void rate_match_stretch (RateMatch *self, guint n_channels, const gint16 *in,
    guint n_in, gint16 *out, guint n_out);
/* Call this for a block that is forwarded unchanged. */
void rate_match_pass (RateMatch *self, guint n_channels, const gint16 *in,
    guint n_in);

G_END_DECLS
