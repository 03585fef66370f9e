/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The listening TCP sockets: see listener-io.h. */

#include "gst/rtmp/listener-io.h"

#include "gst/net/tcplisten-io.h"

#include <gst/gstinfo.h>
#include <fcntl.h>
#include <unistd.h>

GST_DEBUG_CATEGORY_STATIC (rtmp_listener_debug);
#define GST_CAT_DEFAULT rtmp_listener_debug

/* The pause before the next attempt when the machine has no descriptor left. */
#define PAUSE_US (100 * 1000)
/* Descriptors that must be left once a connection has been accepted. Its thread
 * is woken through another one, without which GLib aborts the process; the rest
 * is for code that opens some at the same time. */
#define SPARE_DESCRIPTORS 8

struct _RtmpListener
{
  GSocket *sockets[RTMP_N_LISTENERS]; /* NULL: not open */
  guint16 ports[RTMP_N_LISTENERS];
  GCancellable *cancellable;
  GPollFD stop_fd;       /* of the cancellable; descriptors may run out */
  gboolean has_stop;     /* stop_fd is valid */
  RtmpListenerKind last; /* the kind of the last connection */
};

RtmpListener *
rtmp_listener_new (void)
{
  RtmpListener *self = g_new0 (RtmpListener, 1);

  GST_DEBUG_CATEGORY_INIT (rtmp_listener_debug, "rtmplistener", 0,
      "RTMP listening sockets");
  self->cancellable = g_cancellable_new ();
  self->has_stop =
      g_cancellable_make_pollfd (self->cancellable, &self->stop_fd);
  return self;
}

void
rtmp_listener_free (RtmpListener *self)
{
  if (self == NULL)
    return;
  for (guint i = 0; i < RTMP_N_LISTENERS; i++)
    g_clear_object (&self->sockets[i]);
  if (self->has_stop)
    g_cancellable_release_fd (self->cancellable);
  g_object_unref (self->cancellable);
  g_free (self);
}

gboolean
rtmp_listener_open (RtmpListener *self, RtmpListenerKind kind,
    const gchar *address, guint16 port, GError **error)
{
  GSocket *socket = net_tcp_listen (address, port, error);

  g_assert (self->sockets[kind] == NULL);
  if (socket == NULL)
    return FALSE;
  self->sockets[kind] = socket;
  self->ports[kind] = net_tcp_port (socket);
  return TRUE;
}

guint16
rtmp_listener_port (const RtmpListener *self, RtmpListenerKind kind)
{
  return self->ports[kind];
}

void
rtmp_listener_stop (RtmpListener *self)
{
  g_cancellable_cancel (self->cancellable);
}

static guint
add_sockets (RtmpListener *self, GPollFD *fds)
{
  guint n_fds = 0;

  for (guint i = 0; i < RTMP_N_LISTENERS; i++) {
    if (self->sockets[i] == NULL)
      continue;
    fds[n_fds++] = (GPollFD){
      .fd = g_socket_get_fd (self->sockets[i]),
      .events = G_IO_IN,
    };
  }
  return n_fds;
}

/* Waits for a connection or until the listener is stopped; after a failure, for
 * PAUSE_US at most. */
static void
wait_for_connection (RtmpListener *self, gboolean has_failed)
{
  GPollFD fds[1 + RTMP_N_LISTENERS];
  guint n_fds = has_failed ? 0 : add_sockets (self, fds);

  if (!self->has_stop) {
    g_usleep (PAUSE_US);
    return;
  }
  fds[n_fds] = self->stop_fd;
  g_poll (fds, n_fds + 1, has_failed ? PAUSE_US / 1000 : -1);
}

static gboolean
has_spare_descriptors (GSocket *socket)
{
  gint spare[SPARE_DESCRIPTORS];
  guint n_spare = 0;
  gboolean has_all;

  while (n_spare < SPARE_DESCRIPTORS &&
      (spare[n_spare] = fcntl (g_socket_get_fd (socket), F_DUPFD_CLOEXEC, 0)) >=
          0)
    n_spare++;
  has_all = n_spare == SPARE_DESCRIPTORS;
  while (n_spare > 0)
    close (spare[--n_spare]);
  return has_all;
}

/* Returns: (nullable) (transfer full): NULL if there was none, or if it had to
 * be closed. */
static GSocket *
accept_at (GSocket *kind, GError **error)
{
  g_autoptr (GSocket) socket = g_socket_accept (kind, NULL, error);

  if (socket == NULL || has_spare_descriptors (socket))
    return g_steal_pointer (&socket);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_TOO_MANY_OPEN_FILES,
      "disconnected: too few file descriptors are left");
  return NULL;
}

/* Tries each kind, beginning with the one after the last, so that many
 * connections of one kind do not keep out the other. */
static GSocket *
accept_at_any (RtmpListener *self, RtmpListenerKind *kind, gboolean *has_failed)
{
  *has_failed = FALSE;
  for (guint i = 1; i <= RTMP_N_LISTENERS; i++) {
    g_autoptr (GError) error = NULL;
    GSocket *socket = NULL;

    *kind = (self->last + i) % RTMP_N_LISTENERS;
    if (self->sockets[*kind] == NULL)
      continue;
    socket = accept_at (self->sockets[*kind], &error);
    if (socket != NULL) {
      self->last = *kind;
      return socket;
    }
    if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
      continue;
    GST_WARNING ("could not accept a connection: %s", error->message);
    *has_failed = TRUE;
  }
  return NULL;
}

static void
close_sockets (RtmpListener *self)
{
  for (guint i = 0; i < RTMP_N_LISTENERS; i++) {
    if (self->sockets[i] != NULL)
      g_socket_close (self->sockets[i], NULL);
  }
}

GSocket *
rtmp_listener_accept (RtmpListener *self, RtmpListenerKind *kind)
{
  /* Terminates when the listener is stopped. */
  while (!g_cancellable_is_cancelled (self->cancellable)) {
    gboolean has_failed;
    GSocket *socket = accept_at_any (self, kind, &has_failed);

    if (socket != NULL)
      return socket;
    wait_for_connection (self, has_failed);
  }
  /* Otherwise the kernel would continue to accept connections that are never
   * served. */
  close_sockets (self);
  return NULL;
}
