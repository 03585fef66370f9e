/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An offer of a viewer that reorders B-frames by itself. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The header of an answer for a stream that is there with its B-frames: the
 * session gets them, or another one could. */
#define WHEP_B_FRAMES_HEADER "B-Frames"
#define WHEP_B_FRAMES_PASS "pass"
#define WHEP_B_FRAMES_AVAILABLE "available"

/* Whether an offer's @query (nullable) has `b-frames=pass`. */
gboolean whep_b_frames_are_wanted (const gchar *query);

G_END_DECLS
