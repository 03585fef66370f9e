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

static struct timeval
true_time (void)
{
  struct timespec now;

  /* g_get_real_time() would ask gettimeofday(). */
  clock_gettime (CLOCK_REALTIME, &now);
  return (struct timeval){ .tv_sec = now.tv_sec,
    .tv_usec = now.tv_nsec / 1000 };
}

/* Takes the place of libc's for the whole program. */
int
gettimeofday (struct timeval *restrict now, void *restrict zone)
{
  if (now_wall_us == 0) {
    *now = true_time ();
    return 0;
  }
  now->tv_sec = now_wall_us / G_USEC_PER_SEC;
  now->tv_usec = now_wall_us % G_USEC_PER_SEC;
  return 0;
}
