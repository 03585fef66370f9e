/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads what the kernel knows about this process. */

#pragma once

#include "ext/whep/http/process.h"

G_BEGIN_DECLS

/* Returns FALSE where there is no /proc. */
gboolean whep_process_read (WhepProcess *self);

G_END_DECLS
