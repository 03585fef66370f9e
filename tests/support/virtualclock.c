/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The time of day, as a number that the test sets: see virtualclock.h. */

#include "tests/support/virtualclock.h"

#include <sys/time.h>
#include <time.h>

static gint64 now_wall_us;

void
virtual_clock_set (gint64 wall_us)
{
  now_wall_us = wall_us;
}

static gint64
true_wall_us (void)
{
  struct timespec now;

  /* g_get_real_time() would call gettimeofday(). */
  clock_gettime (CLOCK_REALTIME, &now);
  return now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

/* Replaces libc's for the whole program. */
int
gettimeofday (struct timeval *restrict now, void *restrict zone)
{
  gint64 wall_us = now_wall_us == 0 ? true_wall_us () : now_wall_us;

  now->tv_sec = wall_us / G_USEC_PER_SEC;
  now->tv_usec = wall_us % G_USEC_PER_SEC;
  return 0;
}
