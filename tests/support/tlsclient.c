/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A client of HTTPS: see tlsclient.h. */

#include "tests/support/tlsclient.h"

#include <arpa/inet.h>
#include <errno.h>
#include <gst/check/gstcheck.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* The limit of each wait; the machine may be busy. */
#define PATIENCE_S 60
#define HELLO_BYTES 4096

TlsClient
tls_client_new_from (const gchar *from, guint16 port)
{
  const struct timeval patience = { .tv_sec = PATIENCE_S };
  struct sockaddr_in local = { .sin_family = AF_INET };
  struct sockaddr_in remote = { .sin_family = AF_INET,
    .sin_port = htons (port) };
  TlsClient self = { .fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0) };

  ck_assert_int_ge (self.fd, 0);
  inet_pton (AF_INET, from, &local.sin_addr);
  inet_pton (AF_INET, "127.0.0.1", &remote.sin_addr);
  ck_assert_int_eq (setsockopt (self.fd, SOL_SOCKET, SO_RCVTIMEO, &patience,
                        sizeof patience),
      0);
  ck_assert_int_eq (bind (self.fd, (struct sockaddr *) &local, sizeof local),
      0);
  ck_assert_int_eq (connect (self.fd, (struct sockaddr *) &remote,
                        sizeof remote),
      0);
  return self;
}

TlsClient
tls_client_new (guint16 port)
{
  return tls_client_new_from ("127.0.0.1", port);
}

void
tls_client_shake_hands (TlsClient *self)
{
  self->context = SSL_CTX_new (TLS_client_method ());
  self->ssl = SSL_new (self->context);
  SSL_set_fd (self->ssl, self->fd);
  ck_assert_int_eq (SSL_connect (self->ssl), 1);
}

void
tls_client_clear (TlsClient *self)
{
  SSL_free (self->ssl);
  SSL_CTX_free (self->context);
  close (self->fd);
}

GByteArray *
tls_client_hello (void)
{
  GByteArray *hello = g_byte_array_new ();
  SSL_CTX *context = SSL_CTX_new (TLS_client_method ());
  SSL *ssl = SSL_new (context);
  BIO *out = BIO_new (BIO_s_mem ());
  guint8 bytes[HELLO_BYTES];
  int size;

  SSL_set_bio (ssl, BIO_new (BIO_s_mem ()), out);
  SSL_set_connect_state (ssl);
  SSL_do_handshake (ssl);
  size = BIO_read (out, bytes, sizeof bytes);
  ck_assert_int_gt (size, 0);
  g_byte_array_append (hello, bytes, size);
  SSL_free (ssl);
  SSL_CTX_free (context);
  return hello;
}

void
tls_client_send_raw (TlsClient *self, const void *data, gsize size)
{
  const guint8 *bytes = data;

  while (size > 0) {
    gssize n = send (self->fd, bytes, size, MSG_NOSIGNAL);

    /* The server may have had enough. */
    if (n < 0)
      return;
    bytes += n;
    size -= n;
  }
}

void
tls_client_say (TlsClient *self, const gchar *text)
{
  if (self->ssl == NULL)
    tls_client_send_raw (self, text, strlen (text));
  else
    ck_assert_int_eq (SSL_write (self->ssl, text, strlen (text)),
        strlen (text));
}

/* Returns: 0 at the end, whatever ends it. */
static gssize
hear_some (TlsClient *self, gchar *buffer, gsize size)
{
  gssize n;

  errno = 0;
  n = self->ssl != NULL ? SSL_read (self->ssl, buffer, size)
                        : recv (self->fd, buffer, size, 0);
  ck_assert_msg (errno != EAGAIN, "the server says nothing");
  return MAX (n, 0);
}

gchar *
tls_client_hear (TlsClient *self)
{
  GString *heard = g_string_new (NULL);
  gchar buffer[4096];
  gssize n;

  while ((n = hear_some (self, buffer, sizeof buffer)) > 0)
    g_string_append_len (heard, buffer, n);
  return g_string_free (heard, FALSE);
}

void
tls_client_end (TlsClient *self)
{
  shutdown (self->fd, SHUT_WR);
}

void
tls_client_wait_for_end (TlsClient *self)
{
  g_autofree gchar *said = tls_client_hear (self);

  ck_assert (said != NULL);
}

gboolean
tls_client_is_quiet (TlsClient *self)
{
  gchar byte;

  return recv (self->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 &&
      errno == EAGAIN;
}
