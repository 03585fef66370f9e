/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The heap: see heap-io.h. */

#include "gst/live/heap-io.h"

#ifdef __GLIBC__
#include <malloc.h>
#endif

void
heap_trim (void)
{
#ifdef __GLIBC__
  malloc_trim (0);
#endif
}
