/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Waits for the events of a media thread: see poll-io.h. */

#include "ext/whep/media/poll-io.h"
#include "ext/whep/category.h"

#include <errno.h>
#include <poll.h>

WHEP_CATEGORY ("wheppoll", "The sleep of WHEP's media threads");

WhepWork
whep_poll (const WhepPoll *self)
{
  gint64 wait_us = MAX (self->deadline_us - g_get_monotonic_time (), 0);
  struct timespec timeout = {
    .tv_sec = wait_us / G_USEC_PER_SEC,
    .tv_nsec = wait_us % G_USEC_PER_SEC * 1000,
  };
  struct pollfd fds[] = {
    { .fd = self->mailbox_fd, .events = POLLIN },
    { .fd = self->udp_fd, .events = POLLIN | (self->wants_room ? POLLOUT : 0) },
  };

  if (ppoll (fds, G_N_ELEMENTS (fds),
          self->deadline_us == G_MAXINT64 ? NULL : &timeout, NULL) < 0 &&
      errno != EINTR)
    GST_ERROR ("ppoll: %s", g_strerror (errno));
  return (WhepWork){ .has_mail = fds[0].revents & POLLIN,
    .has_datagrams = fds[1].revents & (POLLIN | POLLERR) };
}
