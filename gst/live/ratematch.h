/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sound made longer or shorter by a few samples, without a seam and without
 * delay: what a sound card that runs at another speed would have recorded.
 * Interleaved samples of 16 bits. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define RATE_MATCH_CHANNELS_LIMIT 8
/* Samples before a block that its first ones are made of. */
#define RATE_MATCH_HISTORY 2

/* To be embedded; starts zeroed, which is silence. */
typedef struct
{
  gint16 before[RATE_MATCH_HISTORY][RATE_MATCH_CHANNELS_LIMIT];
} RateMatch;

/* Makes @n_out samples a channel of the next @n_in; neither is 0. */
void rate_match_stretch (RateMatch *self, guint n_channels, const gint16 *in,
    guint n_in, gint16 *out, guint n_out);
/* To be called for a block that goes through as it is. */
void rate_match_pass (RateMatch *self, guint n_channels, const gint16 *in,
    guint n_in);

G_END_DECLS
