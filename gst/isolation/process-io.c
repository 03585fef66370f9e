/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The process of a decoder: see process-io.h. */

#include "gst/isolation/process-io.h"

#include "gst/isolation/stream-io.h"

#include <gio/gio.h>

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

/* Several pictures of 720p fit. The kernel grants what it allows. */
#define SOCKET_BYTES (4 * 1024 * 1024)

struct _IsolationProcess
{
  GSubprocess *process;
  gint fd;
  gint64 since_us;
  gint pid;
};

gchar *
isolation_process_find_program (void)
{
  const gchar *program = g_getenv ("GST_RTMP_WEBRTC_DECODER");

  if (program == NULL)
    program = DECODER_PROGRAM;
  return g_file_test (program, G_FILE_TEST_IS_EXECUTABLE) ? g_strdup (program)
                                                          : NULL;
}

static void
enlarge (gint fd)
{
  const gint size = SOCKET_BYTES;

  setsockopt (fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
  setsockopt (fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
}

/* Secrets may be in the others, and the decoder may be taken over. */
static gboolean
is_needed (const gchar *variable)
{
  static const gchar *const prefixes[] = { "PATH=", "HOME=", "LANG", "LC_",
    "LD_", "G_", "GST_", "XDG_", "ASAN_", "LSAN_", "TSAN_", "UBSAN_", NULL };

  for (guint i = 0; prefixes[i] != NULL; i++)
    if (g_str_has_prefix (variable, prefixes[i]))
      return TRUE;
  return FALSE;
}

static void
limit_environment (GSubprocessLauncher *launcher)
{
  g_auto (GStrv) all = g_get_environ ();
  g_autoptr (GPtrArray) kept = g_ptr_array_new ();

  for (guint i = 0; all[i] != NULL; i++)
    if (is_needed (all[i]))
      g_ptr_array_add (kept, all[i]);
  g_ptr_array_add (kept, NULL);
  g_subprocess_launcher_set_environ (launcher, (gchar **) kept->pdata);
}

/* The registry of this process has every element; the decoder need not look for
 * more, which would take longer than to decode. */
static GSubprocess *
spawn (const gchar *program, const gchar *decoder, const gchar *threads,
    gint fd, GError **error)
{
  g_autoptr (GSubprocessLauncher) launcher =
      g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);

  limit_environment (launcher);
  g_subprocess_launcher_setenv (launcher, "GST_REGISTRY_UPDATE", "no", TRUE);
  g_subprocess_launcher_take_fd (launcher, fd, ISOLATION_FD);
  return g_subprocess_launcher_spawn (launcher, error, program, decoder,
      threads, NULL);
}

IsolationProcess *
isolation_process_new (const gchar *program, const gchar *decoder,
    const gchar *threads, GError **error)
{
  IsolationProcess *self;
  GSubprocess *process;
  const gchar *pid;
  gint fds[2];

  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) != 0) {
    g_set_error_literal (error, G_IO_ERROR, g_io_error_from_errno (errno),
        g_strerror (errno));
    return NULL;
  }
  enlarge (fds[0]);
  enlarge (fds[1]);
  process = spawn (program, decoder, threads, fds[1], error);
  if (process == NULL) {
    close (fds[0]);
    return NULL;
  }
  self = g_new0 (IsolationProcess, 1);
  self->process = process;
  self->fd = fds[0];
  self->since_us = g_get_monotonic_time ();
  /* NULL if it has ended already. */
  pid = g_subprocess_get_identifier (process);
  self->pid = pid != NULL ? atoi (pid) : 0;
  return self;
}

void
isolation_process_free (IsolationProcess *self)
{
  if (self == NULL)
    return;
  isolation_process_kill (self);
  g_free (isolation_process_join (self));
  g_object_unref (self->process);
  close (self->fd);
  g_free (self);
}

static gboolean
wait_for_room (IsolationProcess *self, gint64 patience_us)
{
  struct pollfd poll_fd = { .fd = self->fd, .events = POLLOUT };
  gint n;

  do {
    n = poll (&poll_fd, 1, patience_us / 1000);
  } while (n < 0 && errno == EINTR);
  return n > 0 && (poll_fd.revents & POLLOUT) != 0;
}

static gboolean
write_all (IsolationProcess *self, const guint8 *data, gsize size,
    gint64 patience_us)
{
  while (size > 0) {
    gssize n = send (self->fd, data, size, MSG_NOSIGNAL | MSG_DONTWAIT);

    if (n > 0) {
      data += n;
      size -= n;
    } else if (n < 0 && errno == EAGAIN) {
      if (!wait_for_room (self, patience_us))
        return FALSE;
    } else if (n == 0 || errno != EINTR) {
      return FALSE;
    }
  }
  return TRUE;
}

gboolean
isolation_process_write (IsolationProcess *self, const WireHeader *header,
    const guint8 *data, gint64 patience_us)
{
  return write_all (self, (const guint8 *) header, sizeof *header,
             patience_us) &&
      write_all (self, data, header->size, patience_us);
}

gboolean
isolation_process_read (IsolationProcess *self, gpointer data, gsize size)
{
  return isolation_stream_read (self->fd, data, size);
}

/* The end of the process closes the socket, which wakes up both threads. */
void
isolation_process_kill (IsolationProcess *self)
{
  g_subprocess_force_exit (self->process);
  shutdown (self->fd, SHUT_RDWR);
}

gchar *
isolation_process_join (IsolationProcess *self)
{
  g_subprocess_wait (self->process, NULL, NULL);
  if (g_subprocess_get_if_signaled (self->process))
    return g_strdup_printf ("was killed by signal %d",
        g_subprocess_get_term_sig (self->process));
  return g_strdup_printf ("ended with status %d",
      g_subprocess_get_exit_status (self->process));
}

gint64
isolation_process_since_us (const IsolationProcess *self)
{
  return self->since_us;
}

gint
isolation_process_pid (const IsolationProcess *self)
{
  return self->pid;
}
