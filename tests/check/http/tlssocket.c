/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A socket under TLS whose peer takes its time. */

#include "ext/whep/http/tlssocket-io.h"
#include "gst/net/selfsigned.h"
#include "gst/net/tls.h"

#include <gst/check/gstcheck.h>
#include <sys/socket.h>

#define PIECE_BYTES 1000

typedef struct
{
  SSL_CTX *context, *client_context;
  GSocket *sockets[2]; /* the server's, the client's */
  WhepTlsSocket *server;
  SSL *client;
} Pair;

static void
shake_hands (Pair *self)
{
  gboolean is_done = FALSE;

  /* Not more than there are flights. */
  for (guint i = 0; i < 8 && !(is_done && SSL_is_init_finished (self->client));
       i++) {
    SSL_do_handshake (self->client);
    is_done = whep_tls_socket_shake_hands (self->server, NULL);
  }
  ck_assert (is_done && SSL_is_init_finished (self->client));
}

static void
pair_init (Pair *self)
{
  static const gchar *const names[] = { "localhost", NULL };
  NetSelfsigned *made = net_selfsigned_new (names, 1800000000);
  int ends[2];

  ck_assert_int_eq (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends),
      0);
  for (guint i = 0; i < 2; i++) {
    self->sockets[i] = g_socket_new_from_fd (ends[i], NULL);
    g_socket_set_blocking (self->sockets[i], FALSE);
  }
  self->context = net_tls_context_new ();
  ck_assert (SSL_CTX_use_certificate (self->context, made->x509));
  ck_assert (SSL_CTX_use_PrivateKey (self->context, made->key));
  net_selfsigned_free (made);
  self->server = whep_tls_socket_new (self->sockets[0], self->context);
  self->client_context = SSL_CTX_new (TLS_client_method ());
  self->client = SSL_new (self->client_context);
  SSL_set_fd (self->client, ends[1]);
  SSL_set_connect_state (self->client);
  shake_hands (self);
}

static void
pair_clear (Pair *self)
{
  whep_tls_socket_unref (self->server);
  SSL_free (self->client);
  SSL_CTX_free (self->client_context);
  SSL_CTX_free (self->context);
  for (guint i = 0; i < 2; i++)
    g_object_unref (self->sockets[i]);
}

/* Sends pieces until the socket is full. Returns: the bytes that count as
 * sent. */
static gsize
fill_socket (Pair *self, const gchar *piece)
{
  g_autoptr (GError) error = NULL;
  gsize n_sent = 0;
  gssize n;

  while (
      (n = whep_tls_socket_send (self->server, piece, PIECE_BYTES, &error)) > 0)
    n_sent += n;
  ck_assert (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK));
  return n_sent;
}

/* Lets the server send what it has kept, until the client has read to the
 * end. */
static GString *
read_to_end (Pair *self)
{
  GString *heard = g_string_new (NULL);
  gchar buffer[4096];

  while (SSL_get_shutdown (self->client) == 0) {
    int n = SSL_read (self->client, buffer, sizeof buffer);

    if (n > 0)
      g_string_append_len (heard, buffer, n);
    else
      g_main_context_iteration (NULL, FALSE);
  }
  return heard;
}

GST_START_TEST (what_is_queued_last_arrives_before_the_end)
{
  Pair pair;
  g_autofree gchar *piece = g_strnfill (PIECE_BYTES, 'x');
  g_autoptr (GString) heard = NULL;
  GObject *stream = g_object_new (G_TYPE_OBJECT, NULL);
  gsize n_sent;

  pair_init (&pair);
  n_sent = fill_socket (&pair, piece);
  /* The piece that did not fit is given again, as libsoup does. */
  ck_assert_int_eq (whep_tls_socket_queue (pair.server, piece, PIECE_BYTES,
                        NULL),
      PIECE_BYTES);
  ck_assert_int_eq (whep_tls_socket_queue (pair.server, "end", 3, NULL), 3);
  ck_assert (!whep_tls_socket_end (pair.server, stream));
  g_object_add_weak_pointer (stream, (gpointer *) &stream);
  g_object_unref (stream);
  ck_assert (stream != NULL);

  heard = read_to_end (&pair);
  ck_assert_uint_eq (heard->len, n_sent + PIECE_BYTES + 3);
  ck_assert (g_str_has_suffix (heard->str, "xend"));
  while (stream != NULL)
    g_main_context_iteration (NULL, FALSE);
  pair_clear (&pair);
}
GST_END_TEST;

GST_START_TEST (a_peer_that_does_not_read_ends_the_queue)
{
  Pair pair;
  g_autofree gchar *piece = g_strnfill (PIECE_BYTES, 'x');
  g_autoptr (GError) error = NULL;
  gsize n_queued = 0;
  gssize n;

  pair_init (&pair);
  fill_socket (&pair, piece);
  while (
      (n = whep_tls_socket_queue (pair.server, piece, PIECE_BYTES, &error)) > 0)
    n_queued += n;
  ck_assert (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE));
  ck_assert_uint_le (n_queued, WHEP_TLS_SOCKET_MAX_UNSENT_BYTES + PIECE_BYTES);
  pair_clear (&pair);
}
GST_END_TEST;

static Suite *
tlssocket_suite (void)
{
  Suite *suite = suite_create ("tlssocket");
  TCase *tcase = tcase_create ("tlssocket");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, what_is_queued_last_arrives_before_the_end);
  tcase_add_test (tcase, a_peer_that_does_not_read_ends_the_queue);
  return suite;
}

GST_CHECK_MAIN (tlssocket);
