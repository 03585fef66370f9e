/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A socket under TLS: see tlssocket-io.h.
 *
 * libsoup could leave TLS to GIO, which runs handshakes in a pool of threads
 * that the whole process shares: ten silent peers would occupy all of them.
 * Here nothing blocks. */

#include "ext/whep/http/tlssocket-io.h"
#include "gst/net/tls.h"

#include <string.h>

/* Of records, per read: more than a ClientHello or a request usually has. */
#define READ_BYTES 4096
/* In a row, for one peer: after that, others have their turn. */
#define MAX_READS 8

/* What is kept until there is room. */
typedef struct
{
  WhepTlsSocket *tls;
  GObject *stream; /* nullable */
} Room;

struct _WhepTlsSocket
{
  GMainContext *context;
  GSocket *socket;

  /* All below: libsoup ends a chunked body from a thread of GIO's pool. That
   * queues, and leaves TLS to this thread: OpenSSL would keep something for
   * each of those threads. */
  GMutex lock;
  NetTls *tls;
  GByteArray *queued; /* plain bytes to be encrypted */
  GSource *later;     /* encrypts them; nullable */
  GByteArray *sealed; /* records to send */
  gsize n_taken;      /* plain bytes in them, which the caller gives again */
  GSource *room;      /* waits for room to send them; nullable */
  gboolean is_at_end; /* the peer's */
  const guint8 *plain;
  gsize n_plain;
  const guint8 *received; /* in buffer: records to decrypt */
  gsize n_received;
  guint8 buffer[READ_BYTES];
};

WhepTlsSocket *
whep_tls_socket_new (GSocket *socket, SSL_CTX *context)
{
  WhepTlsSocket *self = g_atomic_rc_box_new0 (WhepTlsSocket);

  self->context = g_main_context_ref_thread_default ();
  self->socket = g_object_ref (socket);
  g_mutex_init (&self->lock);
  self->tls = net_tls_new (context);
  self->queued = g_byte_array_new ();
  self->sealed = g_byte_array_new ();
  return self;
}

WhepTlsSocket *
whep_tls_socket_ref (WhepTlsSocket *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear (gpointer user_data)
{
  WhepTlsSocket *self = user_data;

  g_byte_array_unref (self->queued);
  g_byte_array_unref (self->sealed);
  net_tls_free (self->tls);
  g_mutex_clear (&self->lock);
  g_object_unref (self->socket);
  g_main_context_unref (self->context);
}

void
whep_tls_socket_unref (WhepTlsSocket *self)
{
  g_atomic_rc_box_release_full (self, clear);
}

static void
fail_for_now (GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK, "not yet");
}

static void
fail_for_good (GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE,
      "the peer does not read");
}

static void
seal_queued (WhepTlsSocket *self)
{
  net_tls_send (self->tls, self->queued->data, self->queued->len, self->sealed);
  g_byte_array_set_size (self->queued, 0);
}

static gboolean
send_sealed (WhepTlsSocket *self, GError **error)
{
  seal_queued (self);
  while (self->sealed->len > 0) {
    gssize n = g_socket_send_with_blocking (self->socket,
        (const gchar *) self->sealed->data, self->sealed->len, FALSE, NULL,
        error);

    if (n < 0)
      return FALSE;
    g_byte_array_remove_range (self->sealed, 0, n);
  }
  return TRUE;
}

static void
free_room (Room *room)
{
  whep_tls_socket_unref (room->tls);
  g_clear_object (&room->stream);
  g_free (room);
}

static gboolean
on_room (GSocket *socket, GIOCondition condition, gpointer user_data)
{
  WhepTlsSocket *self = ((Room *) user_data)->tls;
  g_autoptr (GError) error = NULL;
  gboolean goes_on;

  g_mutex_lock (&self->lock);
  goes_on = !send_sealed (self, &error) &&
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);
  if (!goes_on)
    g_clear_pointer (&self->room, g_source_unref);
  g_mutex_unlock (&self->lock);
  return goes_on;
}

static void
wait_for_room (WhepTlsSocket *self, GObject *stream)
{
  Room *room;

  if (self->room != NULL && stream == NULL)
    return;
  if (self->room != NULL) {
    g_source_destroy (self->room);
    g_source_unref (self->room);
  }
  room = g_new0 (Room, 1);
  room->tls = whep_tls_socket_ref (self);
  g_set_object (&room->stream, stream);
  self->room = g_socket_create_source (self->socket, G_IO_OUT, NULL);
  g_source_set_callback (self->room, G_SOURCE_FUNC (on_room), room,
      (GDestroyNotify) free_room);
  g_source_attach (self->room, self->context);
}

/* Sends what no caller gives again. */
static gboolean
send_or_keep (WhepTlsSocket *self, GError **error)
{
  g_autoptr (GError) own_error = NULL;

  if (send_sealed (self, &own_error))
    return TRUE;
  if (g_error_matches (own_error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK) &&
      self->sealed->len <= WHEP_TLS_SOCKET_MAX_UNSENT_BYTES) {
    wait_for_room (self, NULL);
    return TRUE;
  }
  if (g_error_matches (own_error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    fail_for_good (error);
  else
    g_propagate_error (error, g_steal_pointer (&own_error));
  return FALSE;
}

static gboolean
on_later (gpointer user_data)
{
  WhepTlsSocket *self = user_data;

  g_mutex_lock (&self->lock);
  g_clear_pointer (&self->later, g_source_unref);
  send_or_keep (self, NULL);
  g_mutex_unlock (&self->lock);
  return G_SOURCE_REMOVE;
}

/* From any thread: the socket may be closed at any time. */
static void
send_later (WhepTlsSocket *self)
{
  if (self->later != NULL)
    return;
  self->later = g_idle_source_new ();
  g_source_set_priority (self->later, G_PRIORITY_DEFAULT);
  g_source_set_callback (self->later, on_later, whep_tls_socket_ref (self),
      (GDestroyNotify) whep_tls_socket_unref);
  g_source_attach (self->later, self->context);
}

static gboolean
read_socket (WhepTlsSocket *self, GError **error)
{
  gssize n = g_socket_receive_with_blocking (self->socket,
      (gchar *) self->buffer, READ_BYTES, FALSE, NULL, error);

  self->received = self->buffer;
  self->n_received = MAX (n, 0);
  if (n == 0)
    self->is_at_end = TRUE;
  return n >= 0;
}

/* close_notify ends what the peer sends, as a FIN does: shutting the socket
 * down makes both look alike to the owner of the connection. */
static gboolean
open_records (WhepTlsSocket *self, GError **error)
{
  switch (net_tls_receive (self->tls, &self->received, &self->n_received,
      &self->plain, &self->n_plain, self->sealed)) {
    case NET_TLS_MORE:
    case NET_TLS_BYTES:
      return send_or_keep (self, error);
    case NET_TLS_CLOSED:
      self->is_at_end = TRUE;
      g_socket_shutdown (self->socket, TRUE, FALSE, NULL);
      return TRUE;
    case NET_TLS_BROKEN:
      /* With the alert that says why. */
      send_sealed (self, NULL);
      self->n_received = 0;
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
          net_tls_why (self->tls));
      return FALSE;
  }
  g_assert_not_reached ();
}

/* Until there are plain bytes, or the end. */
static gboolean
fill (WhepTlsSocket *self, GError **error)
{
  for (guint i = 0; i < MAX_READS; i++) {
    if (self->n_plain > 0 || self->is_at_end)
      return TRUE;
    if (self->n_received == 0 && !read_socket (self, error))
      return FALSE;
    if (self->n_received > 0 && !open_records (self, error))
      return FALSE;
  }
  if (self->n_plain > 0 || self->is_at_end)
    return TRUE;
  fail_for_now (error);
  return FALSE;
}

gboolean
whep_tls_socket_shake_hands (WhepTlsSocket *self, GError **error)
{
  g_autoptr (GError) own_error = NULL;
  gboolean is_done;

  g_mutex_lock (&self->lock);
  fill (self, &own_error);
  is_done = net_tls_is_established (self->tls);
  g_mutex_unlock (&self->lock);
  if (is_done)
    return TRUE;
  if (own_error == NULL)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED,
        "the peer has closed the connection");
  else
    g_propagate_error (error, g_steal_pointer (&own_error));
  return FALSE;
}

gssize
whep_tls_socket_peek (WhepTlsSocket *self, void *buffer, gsize size,
    GError **error)
{
  gssize n = -1;

  g_mutex_lock (&self->lock);
  if (fill (self, error)) {
    n = MIN (size, self->n_plain);
    if (n > 0)
      memcpy (buffer, self->plain, n);
  }
  g_mutex_unlock (&self->lock);
  return n;
}

gssize
whep_tls_socket_receive (WhepTlsSocket *self, void *buffer, gsize size,
    GError **error)
{
  gssize n = whep_tls_socket_peek (self, buffer, size, error);

  if (n > 0) {
    self->plain += n;
    self->n_plain -= n;
  }
  return n;
}

static gboolean
has_received (const WhepTlsSocket *self)
{
  return self->n_plain > 0 || self->n_received > 0 || self->is_at_end;
}

gboolean
whep_tls_socket_is_readable (WhepTlsSocket *self)
{
  return has_received (self) ||
      g_socket_condition_check (self->socket, G_IO_IN) != 0;
}

/* What has been received already makes no socket readable. */
GSource *
whep_tls_socket_create_source (WhepTlsSocket *self, GCancellable *cancellable)
{
  if (has_received (self))
    return g_timeout_source_new (0);
  return g_socket_create_source (self->socket, G_IO_IN, cancellable);
}

static gboolean
is_broken (const WhepTlsSocket *self, GError **error)
{
  const gchar *why = net_tls_why (self->tls);

  if (why == NULL)
    return FALSE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE, why);
  return TRUE;
}

static void
seal (WhepTlsSocket *self, const void *data, gsize size)
{
  /* What is given again. */
  if (self->n_taken > 0)
    return;
  self->n_taken = MIN (size, NET_TLS_RECORD_BYTES);
  net_tls_send (self->tls, data, self->n_taken, self->sealed);
}

/* The caller's bytes count as sent only when the socket has all of them: what
 * is left here when a connection is closed would be lost. */
gssize
whep_tls_socket_send (WhepTlsSocket *self, const void *data, gsize size,
    GError **error)
{
  gssize n = -1;

  g_mutex_lock (&self->lock);
  if (!is_broken (self, error) && send_sealed (self, error)) {
    seal (self, data, size);
    if (send_sealed (self, error)) {
      n = MIN (self->n_taken, size);
      self->n_taken = 0;
    }
  }
  g_mutex_unlock (&self->lock);
  return n;
}

gssize
whep_tls_socket_queue (WhepTlsSocket *self, const void *data, gsize size,
    GError **error)
{
  gssize n = -1;

  g_mutex_lock (&self->lock);
  if (self->n_taken > 0) {
    n = MIN (self->n_taken, size);
    self->n_taken = 0;
  } else if (self->queued->len + size > WHEP_TLS_SOCKET_MAX_UNSENT_BYTES) {
    fail_for_good (error);
  } else if (!is_broken (self, error)) {
    g_byte_array_append (self->queued, data, size);
    n = size;
  }
  send_later (self);
  g_mutex_unlock (&self->lock);
  return n;
}

gboolean
whep_tls_socket_end (WhepTlsSocket *self, GObject *stream)
{
  g_autoptr (GError) error = NULL;
  gboolean is_sent;

  g_mutex_lock (&self->lock);
  seal_queued (self);
  net_tls_close (self->tls, self->sealed);
  is_sent = send_sealed (self, &error) ||
      !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);
  if (!is_sent && stream != NULL)
    wait_for_room (self, stream);
  g_mutex_unlock (&self->lock);
  return is_sent;
}
