/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* TLS around one connection, the server's end (RFC 8446, RFC 5246). Records go
 * in and plain bytes come out, and the other way round. Pure, but for the
 * randomness and the clock of OpenSSL itself. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* OpenSSL's, which a build without TLS does not need: see notls-io.c. */
typedef struct ssl_ctx_st SSL_CTX;

/* Of plain bytes in a record: RFC 8446 section 5.1. */
#define NET_TLS_RECORD_BYTES 16384

typedef enum
{
  NET_TLS_MORE,   /* has taken all that there was, and needs more */
  NET_TLS_BYTES,  /* of one record; the rest of what came waits */
  NET_TLS_CLOSED, /* the peer has said that it will say no more */
  NET_TLS_BROKEN, /* net_tls_why() says how; the end */
} NetTlsResult;

typedef struct _NetTls NetTls;

/* Returns: (transfer full) (nullable): a context without a certificate yet;
 * NULL if OpenSSL has none to give. */
SSL_CTX *net_tls_context_new (void);
/* Leaves only what browsers need: suites with forward secrecy, and HTTP/1.1 as
 * the protocol of ALPN. */
void net_tls_context_use_for_http (SSL_CTX *context);

/* Takes a reference to @context. */
NetTls *net_tls_new (SSL_CTX *context);
void net_tls_free (NetTls *self);

/* Takes what it needs from *@data and moves it on. @plain is valid until the
 * next call; what the peer is to hear is appended to @out. */
NetTlsResult net_tls_receive (NetTls *self, const guint8 **data, gsize *size,
    const guint8 **plain, gsize *plain_size, GByteArray *out);
/* The handshake is done, and nothing is broken since. */
gboolean net_tls_is_established (const NetTls *self);
/* Static; NULL unless broken. */
const gchar *net_tls_why (const NetTls *self);

/* Appends @plain in records. Before the handshake is done, nobody can be told
 * anything: it is dropped. */
void net_tls_send (NetTls *self, const guint8 *plain, gsize size,
    GByteArray *out);
/* Says that nothing more will be said. */
void net_tls_close (NetTls *self, GByteArray *out);

G_END_DECLS
