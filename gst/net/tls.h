/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* TLS around one connection, the server's end (RFC 8446, RFC 5246). Records go
 * in and plain bytes come out, and vice versa. Pure, except for the randomness
 * and the clock of OpenSSL itself. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A type of OpenSSL, declared here because a build without TLS has no OpenSSL:
 * see notls-io.c. */
typedef struct ssl_ctx_st SSL_CTX;

/* The maximum of plain bytes in a record: RFC 8446 section 5.1. */
#define NET_TLS_RECORD_BYTES 16384

typedef enum
{
  NET_TLS_MORE,   /* all input has been consumed; more is needed */
  NET_TLS_BYTES,  /* of one record; the rest of the input remains */
  NET_TLS_CLOSED, /* the peer has sent close_notify */
  NET_TLS_BROKEN, /* the connection has failed: see net_tls_why() */
} NetTlsResult;

typedef struct _NetTls NetTls;

/* TLS 1.2 and 1.3, with forward secrecy and authenticated encryption, without
 * renegotiation, compression or resumption.
 * Returns: (transfer full) (nullable): a context without a certificate yet;
 * NULL if OpenSSL cannot create one. */
SSL_CTX *net_tls_context_new (void);
/* Adds HTTP/1.1 as the only protocol of ALPN. */
void net_tls_context_use_for_http (SSL_CTX *context);

/* Takes a reference to @context. */
NetTls *net_tls_new (SSL_CTX *context);
void net_tls_free (NetTls *self);

/* Consumes what it needs of *@data and advances the pointer. @plain is valid
 * until the next call; what is to be sent to the peer is appended to @out. */
NetTlsResult net_tls_receive (NetTls *self, const guint8 **data, gsize *size,
    const guint8 **plain, gsize *plain_size, GByteArray *out);
/* Returns whether the handshake is complete and the connection has not failed.
 */
gboolean net_tls_is_established (const NetTls *self);
/* Returns: (nullable): why the connection has failed; static. */
const gchar *net_tls_why (const NetTls *self);

/* Appends @plain as records. Before the handshake is complete, nothing can be
 * encrypted: @plain is dropped. */
void net_tls_send (NetTls *self, const guint8 *plain, gsize size,
    GByteArray *out);
/* Appends close_notify: nothing more will be sent. */
void net_tls_close (NetTls *self, GByteArray *out);

G_END_DECLS
