/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is left to a process that decodes a hostile stream: its memory, its
 * threads and the descriptors it has. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* From now on, no file can be opened and no program run. Where a part of that
 * is impossible, the others are done. */
void isolation_sandbox_enter (void);

G_END_DECLS
