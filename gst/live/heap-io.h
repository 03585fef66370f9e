/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The process's heap. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Returns free memory to the system. glibc keeps it: once a raw picture has
 * been freed, the next one of its size is allocated in an arena (mallopt(3),
 * M_MMAP_THRESHOLD is dynamic), whose free pages are kept unless they are at
 * its end. This takes milliseconds, so it must not be called in a streaming
 * thread. */
void heap_trim (void);

G_END_DECLS
