/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads what the kernel knows about this process. */

#pragma once

#include "ext/whep/http/process.h"

G_BEGIN_DECLS

/* Returns FALSE where there is no /proc. */
gboolean whep_process_read (WhepProcess *self);
/* Returns how many descriptors it may have, or 0 if that is not known. */
guint64 whep_process_max_fds (void);

G_END_DECLS
