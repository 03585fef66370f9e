/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The stream that libsoup reads a connection from: see requeststream-io.h. */

#include "ext/whep/http/requeststream-io.h"
#include "ext/whep/category.h"
#include "ext/whep/http/requesthead.h"
#include "ext/whep/http/tlsoutput-io.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

WHEP_CATEGORY ("whepconnections", "The HTTP connections of WHEP");

#define REFUSAL "HTTP/1.1 %s\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"

#define WHEP_TYPE_REQUEST_INPUT (whep_request_input_get_type ())
G_DECLARE_FINAL_TYPE (WhepRequestInput, whep_request_input, WHEP, REQUEST_INPUT,
    GInputStream)

struct _WhepRequestInput
{
  GInputStream parent;

  GSocket *socket;
  WhepTlsSocket *tls; /* NULL without TLS */
  WhepRequestHead head;
};

static void whep_request_input_pollable_init (
    GPollableInputStreamInterface *iface);

G_DEFINE_TYPE_WITH_CODE (WhepRequestInput, whep_request_input,
    G_TYPE_INPUT_STREAM,
    G_IMPLEMENT_INTERFACE (G_TYPE_POLLABLE_INPUT_STREAM,
        whep_request_input_pollable_init))

static gssize
receive (WhepRequestInput *self, void *buffer, gsize size, GError **error)
{
  if (self->tls != NULL)
    return whep_tls_socket_receive (self->tls, buffer, size, error);
  return g_socket_receive_with_blocking (self->socket, buffer, size, FALSE,
      NULL, error);
}

/* Leaves the data in the socket. Uses recv(), because GSocket would wait for
 * more data unless the whole socket is non-blocking. */
static gssize
peek (WhepRequestInput *self, void *buffer, gsize size, GError **error)
{
  gssize n;

  if (self->tls != NULL)
    return whep_tls_socket_peek (self->tls, buffer, size, error);
  if (g_socket_is_closed (self->socket))
    return receive (self, buffer, size, error);
  do
    n = recv (g_socket_get_fd (self->socket), buffer, size,
        MSG_PEEK | MSG_DONTWAIT);
  while (n < 0 && errno == EINTR);
  if (n < 0)
    g_set_error_literal (error, G_IO_ERROR, g_io_error_from_errno (errno),
        g_strerror (errno));
  return n;
}

static void
send_at_once (WhepRequestInput *self, const gchar *text)
{
  if (self->tls != NULL)
    whep_tls_socket_send (self->tls, text, strlen (text), NULL);
  else
    g_socket_send_with_blocking (self->socket, text, strlen (text), FALSE, NULL,
        NULL);
}

static gssize
refuse (WhepRequestInput *self, GError **error)
{
  const gchar *status = self->head.state == WHEP_REQUESTHEAD_NO_METHOD
      ? "501 Not Implemented"
      : "400 Bad Request";
  g_autofree gchar *refusal = g_strdup_printf (REFUSAL, status);

  GST_DEBUG ("closing the connection: %s", status);
  send_at_once (self, refusal);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, status);
  return -1;
}

static gssize
pass_over (WhepRequestInput *self, guint8 *buffer, gsize size, GError **error)
{
  gssize n = receive (self, buffer, size, error);

  if (n > 0)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK,
        "empty lines");
  return MIN (n, -1);
}

/* Reads no further than the end of the head: libsoup reads blocks, and would
 * otherwise get the next request before this one has been answered. */
static gssize
read_head (WhepRequestInput *self, guint8 *buffer, gsize size, GError **error)
{
  gssize n = peek (self, buffer, size, error);
  gsize n_empty;

  if (n <= 0)
    return n;
  n_empty = whep_requesthead_skip (&self->head, buffer, n);
  if (n_empty > 0)
    return pass_over (self, buffer, n_empty, error);
  n = whep_requesthead_take (&self->head, buffer, n);
  if (self->head.state > WHEP_REQUESTHEAD_ENDS)
    return refuse (self, error);
  return receive (self, buffer, n, error);
}

static gssize
read_nonblocking (GPollableInputStream *stream, void *buffer, gsize size,
    GError **error)
{
  WhepRequestInput *self = WHEP_REQUEST_INPUT (stream);

  if (self->head.state == WHEP_REQUESTHEAD_ENDS)
    return receive (self, buffer, size, error);
  return read_head (self, buffer, size, error);
}

static gboolean
is_readable (GPollableInputStream *stream)
{
  WhepRequestInput *self = WHEP_REQUEST_INPUT (stream);

  if (self->tls != NULL)
    return whep_tls_socket_is_readable (self->tls);
  return g_socket_condition_check (self->socket, G_IO_IN) != 0;
}

static GSource *
create_source (GPollableInputStream *stream, GCancellable *cancellable)
{
  WhepRequestInput *self = WHEP_REQUEST_INPUT (stream);
  g_autoptr (GSource) source = self->tls != NULL
      ? whep_tls_socket_create_source (self->tls, cancellable)
      : g_socket_create_source (self->socket, G_IO_IN, cancellable);

  return g_pollable_source_new_full (stream, source, cancellable);
}

static void
whep_request_input_pollable_init (GPollableInputStreamInterface *iface)
{
  iface->is_readable = is_readable;
  iface->create_source = create_source;
  iface->read_nonblocking = read_nonblocking;
}

static gssize
read_blocking (GInputStream *stream, void *buffer, gsize size,
    GCancellable *cancellable, GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
      "only non-blocking reads are supported");
  return -1;
}

static void
whep_request_input_finalize (GObject *object)
{
  WhepRequestInput *self = WHEP_REQUEST_INPUT (object);

  g_clear_pointer (&self->tls, whep_tls_socket_unref);
  g_object_unref (self->socket);
  G_OBJECT_CLASS (whep_request_input_parent_class)->finalize (object);
}

static void
whep_request_input_init (WhepRequestInput *self)
{
}

static void
whep_request_input_class_init (WhepRequestInputClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = whep_request_input_finalize;
  G_INPUT_STREAM_CLASS (klass)->read_fn = read_blocking;
}

struct _WhepRequestStream
{
  GIOStream parent;

  GSocketConnection *connection;
  WhepRequestInput *input;
  GOutputStream *output;
};

G_DEFINE_TYPE (WhepRequestStream, whep_request_stream, G_TYPE_IO_STREAM)

static GInputStream *
get_input_stream (GIOStream *stream)
{
  return G_INPUT_STREAM (WHEP_REQUEST_STREAM (stream)->input);
}

static GOutputStream *
get_output_stream (GIOStream *stream)
{
  return WHEP_REQUEST_STREAM (stream)->output;
}

static gboolean
close_stream (GIOStream *stream, GCancellable *cancellable, GError **error)
{
  WhepRequestStream *self = WHEP_REQUEST_STREAM (stream);

  /* It closes itself once the rest is sent. */
  if (self->input->tls != NULL &&
      !whep_tls_socket_end (self->input->tls, G_OBJECT (self)))
    return TRUE;
  return g_io_stream_close (G_IO_STREAM (self->connection), cancellable, error);
}

static void
whep_request_stream_finalize (GObject *object)
{
  WhepRequestStream *self = WHEP_REQUEST_STREAM (object);

  g_object_unref (self->output);
  g_object_unref (self->input);
  g_object_unref (self->connection);
  G_OBJECT_CLASS (whep_request_stream_parent_class)->finalize (object);
}

static void
whep_request_stream_init (WhepRequestStream *self)
{
}

static void
whep_request_stream_class_init (WhepRequestStreamClass *klass)
{
  GIOStreamClass *stream_class = G_IO_STREAM_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = whep_request_stream_finalize;
  stream_class->get_input_stream = get_input_stream;
  stream_class->get_output_stream = get_output_stream;
  stream_class->close_fn = close_stream;
}

WhepRequestStream *
whep_request_stream_new (GSocketConnection *connection, WhepTlsSocket *tls)
{
  WhepRequestStream *self = g_object_new (WHEP_TYPE_REQUEST_STREAM, NULL);
  GSocket *socket = g_socket_connection_get_socket (connection);

  self->connection = g_object_ref (connection);
  self->input = g_object_new (WHEP_TYPE_REQUEST_INPUT, NULL);
  self->input->socket = g_object_ref (socket);
  if (tls != NULL) {
    self->input->tls = whep_tls_socket_ref (tls);
    self->output = whep_tls_output_new (tls, socket);
  } else {
    self->output =
        g_object_ref (g_io_stream_get_output_stream (G_IO_STREAM (connection)));
  }
  return self;
}

void
whep_request_stream_end (WhepRequestStream *self)
{
  if (self->input->tls != NULL)
    whep_tls_socket_end (self->input->tls, NULL);
}

void
whep_request_stream_next (WhepRequestStream *self)
{
  self->input->head = (WhepRequestHead){ 0 };
}
