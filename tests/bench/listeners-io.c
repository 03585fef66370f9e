/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Readers that drop what they receive: see listeners-io.h. */

#include "tests/bench/listeners-io.h"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAX_EVENTS 64
#define MAX_BYTES (1024 * 1024)
#define WAIT_MS 50

typedef struct
{
  int fd;
  guint64 n_bytes; /* this and the next: atomic, by the reading thread */
  gint is_closed;
  guint64 n_counted;
} Listener;

struct _Listeners
{
  int epoll_fd;
  GThread *thread;
  gint is_done; /* atomic */
  Listener all[LISTENERS_MAX];
  guint n;
};

/* For TCP, MSG_TRUNC drops the bytes without copying them (tcp(7)). */
static void
drop_bytes (Listeners *self, Listener *listener)
{
  gssize n = recv (listener->fd, NULL, MAX_BYTES, MSG_TRUNC | MSG_DONTWAIT);

  if (n > 0) {
    __atomic_add_fetch (&listener->n_bytes, n, __ATOMIC_RELAXED);
    return;
  }
  if (n == 0) {
    g_atomic_int_set (&listener->is_closed, TRUE);
    epoll_ctl (self->epoll_fd, EPOLL_CTL_DEL, listener->fd, NULL);
  }
}

static gpointer
run (gpointer data)
{
  Listeners *self = data;
  struct epoll_event events[MAX_EVENTS];

  while (!g_atomic_int_get (&self->is_done)) {
    gint n = epoll_wait (self->epoll_fd, events, MAX_EVENTS, WAIT_MS);

    for (gint i = 0; i < n; i++)
      drop_bytes (self, events[i].data.ptr);
  }
  return NULL;
}

Listeners *
listeners_new (void)
{
  Listeners *self = g_new0 (Listeners, 1);

  self->epoll_fd = epoll_create1 (EPOLL_CLOEXEC);
  if (self->epoll_fd < 0)
    g_error ("no file descriptor");
  self->thread = g_thread_new ("listeners", run, self);
  return self;
}

void
listeners_free (Listeners *self)
{
  if (self == NULL)
    return;
  g_atomic_int_set (&self->is_done, TRUE);
  g_thread_join (self->thread);
  for (guint i = 0; i < self->n; i++)
    close (self->all[i].fd);
  close (self->epoll_fd);
  g_free (self);
}

void
listeners_add (Listeners *self, int fd)
{
  Listener *listener = &self->all[self->n];
  struct epoll_event event = { .events = EPOLLIN, .data.ptr = listener };

  g_assert (self->n < LISTENERS_MAX);
  self->n++;
  listener->fd = fd;
  if (epoll_ctl (self->epoll_fd, EPOLL_CTL_ADD, fd, &event) != 0)
    g_error ("cannot watch a socket");
}

ListenersCounts
listeners_count (Listeners *self)
{
  ListenersCounts counts = { 0 };

  for (guint i = 0; i < self->n; i++) {
    Listener *listener = &self->all[i];
    guint64 n_bytes = __atomic_load_n (&listener->n_bytes, __ATOMIC_RELAXED);

    counts.n_bytes += n_bytes;
    counts.n_starved += n_bytes == listener->n_counted;
    counts.n_closed += g_atomic_int_get (&listener->is_closed);
    listener->n_counted = n_bytes;
  }
  return counts;
}
