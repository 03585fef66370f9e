/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The server's end of TLS: see tls.h.
 *
 * This uses OpenSSL and not GIO, whose handshakes run in a thread pool that the
 * whole process shares: ten silent peers would block all other handshakes
 * there. Here, each handshake runs in the thread that reads the connection. */

#include "gst/net/tls.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <string.h>

/* RFC 9325 section 4.2: the suites of TLS 1.2 with forward secrecy and
 * authenticated encryption. TLS 1.3 has no others. */
#define CIPHERS "ECDHE+AESGCM:ECDHE+CHACHA20"

struct _NetTls
{
  SSL *ssl;
  const gchar *why; /* static */
  guint8 plain[NET_TLS_RECORD_BYTES];

  /* Of the call in progress, for the BIO. */
  const guint8 *data;
  gsize size;
  GByteArray *out;
};

static int
bytes_read (BIO *bio, char *buffer, int size)
{
  NetTls *self = BIO_get_data (bio);
  gsize n_read = MIN ((gsize) size, self->size);

  BIO_clear_retry_flags (bio);
  if (n_read == 0) {
    BIO_set_retry_read (bio);
    return -1;
  }
  memcpy (buffer, self->data, n_read);
  self->data += n_read;
  self->size -= n_read;
  return n_read;
}

static int
bytes_write (BIO *bio, const char *data, int size)
{
  NetTls *self = BIO_get_data (bio);

  BIO_clear_retry_flags (bio);
  g_byte_array_append (self->out, (const guint8 *) data, size);
  return size;
}

static long
bytes_ctrl (BIO *bio, int command, long number, void *pointer)
{
  return command == BIO_CTRL_FLUSH ? 1 : 0;
}

static const BIO_METHOD *
bytes_method (void)
{
  static gsize method = 0;

  if (g_once_init_enter (&method)) {
    BIO_METHOD *made =
        BIO_meth_new (BIO_get_new_index () | BIO_TYPE_SOURCE_SINK,
            "peer's bytes");

    BIO_meth_set_read (made, bytes_read);
    BIO_meth_set_write (made, bytes_write);
    BIO_meth_set_ctrl (made, bytes_ctrl);
    g_once_init_leave (&method, (gsize) made);
  }
  return (const BIO_METHOD *) method;
}

/* A publisher connects once an hour: neither tickets nor a cache would save
 * anything. Without renegotiation, and with buffers only while a record is
 * read, an idle connection costs little, however long it lasts. */
SSL_CTX *
net_tls_context_new (void)
{
  SSL_CTX *context = SSL_CTX_new (TLS_server_method ());

  if (context == NULL)
    return NULL;
  SSL_CTX_set_min_proto_version (context, TLS1_2_VERSION);
  SSL_CTX_set_options (context,
      SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET | SSL_OP_NO_COMPRESSION |
          SSL_OP_CIPHER_SERVER_PREFERENCE);
  if (!SSL_CTX_set_cipher_list (context, CIPHERS))
    g_error ("OpenSSL has no modern ciphers.");
  SSL_CTX_set_num_tickets (context, 0);
  SSL_CTX_set_session_cache_mode (context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_mode (context, SSL_MODE_RELEASE_BUFFERS);
  return context;
}

/* RFC 7301 section 3.2: a client that knows none of our protocols gets an alert
 * and no reply that it might take for one of its own. */
static int
select_http (SSL *ssl, const guchar **selected, guchar *selected_size,
    const guchar *offered, guint offered_size, void *user_data)
{
  static const guchar http[] = { 8, 'h', 't', 't', 'p', '/', '1', '.', '1' };

  if (SSL_select_next_proto ((guchar **) selected, selected_size, http,
          sizeof http, offered, offered_size) != OPENSSL_NPN_NEGOTIATED)
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  return SSL_TLSEXT_ERR_OK;
}

void
net_tls_context_use_for_http (SSL_CTX *context)
{
  SSL_CTX_set_alpn_select_cb (context, select_http, NULL);
}

NetTls *
net_tls_new (SSL_CTX *context)
{
  NetTls *self = g_new0 (NetTls, 1);
  BIO *bio = BIO_new (bytes_method ());

  self->ssl = SSL_new (context);
  if (self->ssl == NULL || bio == NULL)
    g_error ("OpenSSL is out of memory.");
  BIO_set_data (bio, self);
  BIO_set_init (bio, 1);
  SSL_set_bio (self->ssl, bio, bio);
  SSL_set_accept_state (self->ssl);
  return self;
}

void
net_tls_free (NetTls *self)
{
  if (self == NULL)
    return;
  SSL_free (self->ssl);
  g_free (self);
}

gboolean
net_tls_is_established (const NetTls *self)
{
  return self->why == NULL && SSL_is_init_finished (self->ssl);
}

const gchar *
net_tls_why (const NetTls *self)
{
  return self->why;
}

static const gchar *
why_broken (void)
{
  switch (ERR_GET_REASON (ERR_peek_error ())) {
    case SSL_R_HTTP_REQUEST:
    case SSL_R_WRONG_VERSION_NUMBER:
    case SSL_R_UNEXPECTED_MESSAGE:
    case SSL_R_BAD_RECORD_TYPE:
      return "does not speak TLS";
    case SSL_R_UNSUPPORTED_PROTOCOL:
    case SSL_R_NO_SHARED_CIPHER:
      return "supports no TLS version that is recent enough";
    case SSL_R_NO_APPLICATION_PROTOCOL:
      return "does not speak HTTP/1.1";
    case SSL_R_TLSV1_ALERT_UNKNOWN_CA:
    case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED:
      return "does not trust the certificate";
    default:
      return "violates the TLS protocol";
  }
}

static NetTlsResult
result_of (NetTls *self, int status)
{
  switch (SSL_get_error (self->ssl, status)) {
    case SSL_ERROR_NONE:
      return NET_TLS_BYTES;
    case SSL_ERROR_WANT_READ:
      return NET_TLS_MORE;
    case SSL_ERROR_ZERO_RETURN:
      return NET_TLS_CLOSED;
    default:
      self->why = why_broken ();
      return NET_TLS_BROKEN;
  }
}

NetTlsResult
net_tls_receive (NetTls *self, const guint8 **data, gsize *size,
    const guint8 **plain, gsize *plain_size, GByteArray *out)
{
  NetTlsResult result = NET_TLS_BROKEN;
  size_t n_read = 0;

  self->data = *data;
  self->size = *size;
  self->out = out;
  /* The error queue belongs to the thread: errors of other code must not be
   * taken for this connection's. */
  ERR_clear_error ();
  if (self->why == NULL)
    result = result_of (self,
        SSL_read_ex (self->ssl, self->plain, sizeof self->plain, &n_read));
  ERR_clear_error ();

  *data = self->data;
  *size = self->size;
  *plain = self->plain;
  *plain_size = n_read;
  return result;
}

void
net_tls_send (NetTls *self, const guint8 *plain, gsize size, GByteArray *out)
{
  size_t n_written;

  if (self->why != NULL || !SSL_is_init_finished (self->ssl) || size == 0)
    return;
  self->size = 0;
  self->out = out;
  /* The BIO accepts everything, so a single call writes all of it. */
  if (!SSL_write_ex (self->ssl, plain, size, &n_written))
    self->why = "could not be sent a TLS record";
  ERR_clear_error ();
}

void
net_tls_close (NetTls *self, GByteArray *out)
{
  if (self->why != NULL || !SSL_is_init_finished (self->ssl))
    return;
  self->size = 0;
  self->out = out;
  SSL_shutdown (self->ssl);
  ERR_clear_error ();
}
