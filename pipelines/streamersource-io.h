/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the streamer is to send, and where: what can't work is refused before
 * anything is begun. */

#pragma once

#include "pipelines/invocation.h"

G_BEGIN_DECLS

/* Sets what the .launch file needs; @fps: frames a second of the test picture.
 *
 * Returns: which of the files it is, or -1 with an error. */
gint streamer_source_set_up (Invocation *invocation, guint fps, GError **error);

G_END_DECLS
