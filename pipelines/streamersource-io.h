/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sets up what the streamer sends, and its destination: arguments that cannot
 * work are rejected before anything is started. */

#pragma once

#include "pipelines/invocation.h"

G_BEGIN_DECLS

/* Sets the values that the .launch file needs; @fps: frames per second of the
 * test picture.
 *
 * Returns: the index of the file to use, or -1 with an error. */
gint streamer_source_set_up (Invocation *invocation, guint fps, GError **error);

G_END_DECLS
