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
/* More than a client has to say at once. */
#define SPEECH_BYTES 4096

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

/* Returns: (transfer full): what it has to say next. */
static GByteArray *
speech_of (SSL *ssl)
{
  GByteArray *speech = g_byte_array_new ();
  guint8 bytes[SPEECH_BYTES];
  int size;

  SSL_do_handshake (ssl);
  size = BIO_read (SSL_get_wbio (ssl), bytes, sizeof bytes);
  if (size > 0)
    g_byte_array_append (speech, bytes, size);
  return speech;
}

static SSL *
ssl_in_memory (SSL_CTX *context)
{
  SSL *ssl = SSL_new (context);

  SSL_set_bio (ssl, BIO_new (BIO_s_mem ()), BIO_new (BIO_s_mem ()));
  SSL_set_connect_state (ssl);
  return ssl;
}

GByteArray *
tls_client_hello (void)
{
  SSL_CTX *context = SSL_CTX_new (TLS_client_method ());
  SSL *ssl = ssl_in_memory (context);
  GByteArray *hello = speech_of (ssl);

  ck_assert_uint_gt (hello->len, 0);
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

GByteArray *
tls_client_begin (TlsClient *self)
{
  GByteArray *speech;
  guint8 bytes[SPEECH_BYTES];

  self->context = SSL_CTX_new (TLS_client_method ());
  self->ssl = ssl_in_memory (self->context);
  speech = speech_of (self->ssl);
  tls_client_send_raw (self, speech->data, speech->len);
  while (!SSL_is_init_finished (self->ssl)) {
    gssize size = recv (self->fd, bytes, sizeof bytes, 0);

    ck_assert_int_gt (size, 0);
    BIO_write (SSL_get_rbio (self->ssl), bytes, size);
    g_byte_array_unref (speech);
    speech = speech_of (self->ssl);
  }
  g_clear_pointer (&self->ssl, SSL_free);
  return speech;
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
tls_client_hear_until (TlsClient *self, const gchar *words)
{
  GString *heard = g_string_new (NULL);
  gchar buffer[4096];
  gssize n;

  while ((words == NULL || strstr (heard->str, words) == NULL) &&
      (n = hear_some (self, buffer, sizeof buffer)) > 0)
    g_string_append_len (heard, buffer, n);
  return g_string_free (heard, FALSE);
}

gchar *
tls_client_hear (TlsClient *self)
{
  return tls_client_hear_until (self, NULL);
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
