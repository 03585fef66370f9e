/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A non-blocking socket under TLS, the server's end: peeks, receives and sends
 * as a socket does. For the HTTP thread, except for
 * whep_tls_socket_queue(). */

#pragma once

#include <gio/gio.h>
#include <openssl/ssl.h>

G_BEGIN_DECLS

/* Records that a peer does not take: what a response's last bytes and all that
 * TLS says by itself may add up to. */
#define WHEP_TLS_SOCKET_MAX_UNSENT_BYTES (64 * 1024)

typedef struct _WhepTlsSocket WhepTlsSocket;

/* Takes a reference to both. Sends what the peer has no room for from the
 * thread's default main context. */
WhepTlsSocket *whep_tls_socket_new (GSocket *socket, SSL_CTX *context);
WhepTlsSocket *whep_tls_socket_ref (WhepTlsSocket *self);
void whep_tls_socket_unref (WhepTlsSocket *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WhepTlsSocket, whep_tls_socket_unref)

/* One step of the handshake, with what the socket has by now.
 *
 * Returns: whether it is done; otherwise fails, with %G_IO_ERROR_WOULD_BLOCK if
 * the peer has to say more. */
gboolean whep_tls_socket_shake_hands (WhepTlsSocket *self, GError **error);

/* As g_socket_receive() with a socket that does not block: 0 is the end. */
gssize whep_tls_socket_peek (WhepTlsSocket *self, void *buffer, gsize size,
    GError **error);
gssize whep_tls_socket_receive (WhepTlsSocket *self, void *buffer, gsize size,
    GError **error);
/* Whether there is something to receive, or the end. */
gboolean whep_tls_socket_is_readable (WhepTlsSocket *self);
/* Returns: (transfer full): a source that is ready then. */
GSource *whep_tls_socket_create_source (WhepTlsSocket *self,
    GCancellable *cancellable);

/* As g_socket_send() with a socket that does not block. After
 * %G_IO_ERROR_WOULD_BLOCK the same bytes are to be given again: some of them
 * may be encrypted already. */
gssize whep_tls_socket_send (WhepTlsSocket *self, const void *data, gsize size,
    GError **error);
/* The same, but the HTTP thread sends it later, and what was given to
 * whep_tls_socket_send() again counts as sent. From any thread. */
gssize whep_tls_socket_queue (WhepTlsSocket *self, const void *data, gsize size,
    GError **error);

/* Says that nothing more will be sent (close_notify), without waiting.
 * @stream is (nullable): it is kept until the peer has taken what was queued.
 *
 * Returns: whether all is sent: the socket is to be closed next. */
gboolean whep_tls_socket_end (WhepTlsSocket *self, GObject *stream);

G_END_DECLS
