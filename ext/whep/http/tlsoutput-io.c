/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The stream that libsoup writes an HTTPS connection to: see tlsoutput-io.h. */

#include "ext/whep/http/tlsoutput-io.h"

#define WHEP_TYPE_TLS_OUTPUT (whep_tls_output_get_type ())
G_DECLARE_FINAL_TYPE (WhepTlsOutput, whep_tls_output, WHEP, TLS_OUTPUT,
    GOutputStream)

struct _WhepTlsOutput
{
  GOutputStream parent;

  WhepTlsSocket *tls;
  GSocket *socket;
};

static void whep_tls_output_pollable_init (
    GPollableOutputStreamInterface *iface);

G_DEFINE_TYPE_WITH_CODE (WhepTlsOutput, whep_tls_output, G_TYPE_OUTPUT_STREAM,
    G_IMPLEMENT_INTERFACE (G_TYPE_POLLABLE_OUTPUT_STREAM,
        whep_tls_output_pollable_init))

static gssize
write_nonblocking (GPollableOutputStream *stream, const void *data, gsize size,
    GError **error)
{
  return whep_tls_socket_send (WHEP_TLS_OUTPUT (stream)->tls, data, size,
      error);
}

static gboolean
is_writable (GPollableOutputStream *stream)
{
  return g_socket_condition_check (WHEP_TLS_OUTPUT (stream)->socket,
             G_IO_OUT) != 0;
}

static GSource *
create_source (GPollableOutputStream *stream, GCancellable *cancellable)
{
  g_autoptr (GSource) source =
      g_socket_create_source (WHEP_TLS_OUTPUT (stream)->socket, G_IO_OUT,
          cancellable);

  return g_pollable_source_new_full (stream, source, cancellable);
}

static void
whep_tls_output_pollable_init (GPollableOutputStreamInterface *iface)
{
  iface->is_writable = is_writable;
  iface->create_source = create_source;
  iface->write_nonblocking = write_nonblocking;
}

/* libsoup writes the end of a chunked body so, in a thread of GIO's pool: a
 * peer that does not read would keep it. */
static gssize
write_later (GOutputStream *stream, const void *data, gsize size,
    GCancellable *cancellable, GError **error)
{
  return whep_tls_socket_queue (WHEP_TLS_OUTPUT (stream)->tls, data, size,
      error);
}

static void
whep_tls_output_finalize (GObject *object)
{
  WhepTlsOutput *self = WHEP_TLS_OUTPUT (object);

  whep_tls_socket_unref (self->tls);
  g_object_unref (self->socket);
  G_OBJECT_CLASS (whep_tls_output_parent_class)->finalize (object);
}

static void
whep_tls_output_init (WhepTlsOutput *self)
{
}

static void
whep_tls_output_class_init (WhepTlsOutputClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = whep_tls_output_finalize;
  G_OUTPUT_STREAM_CLASS (klass)->write_fn = write_later;
}

GOutputStream *
whep_tls_output_new (WhepTlsSocket *tls, GSocket *socket)
{
  WhepTlsOutput *self = g_object_new (WHEP_TYPE_TLS_OUTPUT, NULL);

  self->tls = whep_tls_socket_ref (tls);
  self->socket = g_object_ref (socket);
  return G_OUTPUT_STREAM (self);
}
