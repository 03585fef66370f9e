/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The process's heap. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Gives the system back what is free. glibc keeps it: once a raw picture has
 * been freed, the next of its size comes out of an arena (mallopt(3),
 * M_MMAP_THRESHOLD is dynamic), whose free pages stay unless they lie at its
 * end. Takes milliseconds, so not for a thread that streams. */
void heap_trim (void);

G_END_DECLS
