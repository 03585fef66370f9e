/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* TLS handshakes that are slow, too many, cut short, or none at all. */

#include "ext/whep/http/handshakes-io.h"
#include "tests/support/httpsserver.h"

#include <gst/check/gstcheck.h>

#define N_STUCK 200
#define N_REQUESTS 20

GST_START_TEST (stuck_handshakes_delay_no_request)
{
  HttpsServer secure;
  GByteArray *hello = tls_client_hello ();
  TlsClient stuck[N_STUCK];
  guint n_quiet = 0;

  https_server_init (&secure, FALSE);
  for (guint i = 0; i < N_STUCK; i++) {
    stuck[i] = tls_client_new (secure.port);
    tls_client_send_raw (&stuck[i], hello->data, i % hello->len);
  }
  for (guint i = 0; i < N_REQUESTS; i++)
    https_server_assert_healthy (&secure, i % 2);
  /* They were connected all the time. */
  for (guint i = 0; i < N_STUCK; i++)
    n_quiet += tls_client_is_quiet (&stuck[i]);
  ck_assert_uint_eq (n_quiet, N_STUCK);

  for (guint i = 0; i < N_STUCK; i++)
    tls_client_clear (&stuck[i]);
  g_byte_array_unref (hello);
  https_server_clear (&secure);
}
GST_END_TEST;

GST_START_TEST (a_flood_of_handshakes_displaces_itself)
{
  HttpsServer secure;
  TlsClient other, first;
  TlsClient flood[WHEP_HANDSHAKES_MAX];

  https_server_init (&secure, FALSE);
  other = tls_client_new_from ("127.0.0.2", secure.port);
  tls_client_send_raw (&other, "\x16", 1);
  first = tls_client_new (secure.port);
  tls_client_send_raw (&first, "\x16", 1);
  for (guint i = 0; i < WHEP_HANDSHAKES_MAX; i++)
    flood[i] = tls_client_new (secure.port);
  tls_client_wait_for_end (&first);
  https_server_assert_healthy (&secure, TRUE);
  ck_assert (tls_client_is_quiet (&other));
  ck_assert (tls_client_is_quiet (&flood[WHEP_HANDSHAKES_MAX - 1]));

  for (guint i = 0; i < WHEP_HANDSHAKES_MAX; i++)
    tls_client_clear (&flood[i]);
  tls_client_clear (&first);
  tls_client_clear (&other);
  https_server_clear (&secure);
}
GST_END_TEST;

static void
cut_hello (const HttpsServer *secure, const GByteArray *hello, gsize n)
{
  TlsClient client = tls_client_new (secure->port);

  tls_client_send_raw (&client, hello->data, n);
  tls_client_end (&client);
  tls_client_wait_for_end (&client);
  tls_client_clear (&client);
}

/* Returns: whether there was a byte to leave out. */
static gboolean
cut_finish (const HttpsServer *secure, gsize n)
{
  TlsClient client = tls_client_new (secure->port);
  GByteArray *finish = tls_client_begin (&client);
  gboolean is_cut = n < finish->len;

  tls_client_send_raw (&client, finish->data, MIN (n, finish->len));
  tls_client_end (&client);
  tls_client_wait_for_end (&client);
  tls_client_clear (&client);
  g_byte_array_unref (finish);
  return is_cut;
}

GST_START_TEST (a_handshake_that_is_cut_ends_its_connection_alone)
{
  HttpsServer secure;
  GByteArray *hello = tls_client_hello ();
  TlsClient witness;
  g_autofree gchar *reply = NULL;
  gsize n = 0;

  https_server_init (&secure, FALSE);
  witness = https_server_client (&secure);
  for (gsize i = 0; i < hello->len; i++)
    cut_hello (&secure, hello, i);
  while (cut_finish (&secure, n))
    n++;
  ck_assert_uint_gt (n, 0);
  tls_client_say (&witness, HTTPS_HEALTH);
  reply = tls_client_hear (&witness);
  ck_assert_msg (g_str_has_suffix (reply, "ok\n"), "%s", reply);
  tls_client_clear (&witness);
  g_byte_array_unref (hello);
  https_server_clear (&secure);
}
GST_END_TEST;

/* All follow the byte that means TLS. */
static const struct
{
  const gchar *bytes;
  gsize size;
} garbage[] = {
  { "GET / HTTP/1.1\r\n\r\n", 18 },
  { "\0\0\0\0\0\0\0\0\0\0\0\0", 12 },
  { "\3\1\xff\xff\1\0\0\1", 8 },
  { "\3\3\0\4\0\0\0\0", 8 },
  { "\3\1\0\5\1\0\0\1\0\0\0\0\0", 13 },
  { "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", 10 },
};

GST_START_TEST (garbage_after_the_first_byte_ends_its_connection_alone)
{
  HttpsServer secure;

  https_server_init (&secure, FALSE);
  for (guint i = 0; i < G_N_ELEMENTS (garbage); i++) {
    TlsClient client = tls_client_new (secure.port);

    tls_client_send_raw (&client, "\x16", 1);
    tls_client_send_raw (&client, garbage[i].bytes, garbage[i].size);
    tls_client_end (&client);
    tls_client_wait_for_end (&client);
    tls_client_clear (&client);
    https_server_assert_healthy (&secure, i % 2);
  }
  https_server_clear (&secure);
}
GST_END_TEST;

static Suite *
whephandshakes_suite (void)
{
  Suite *suite = suite_create ("whephandshakes");
  TCase *tcase = tcase_create ("whephandshakes");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, stuck_handshakes_delay_no_request);
  tcase_add_test (tcase, a_flood_of_handshakes_displaces_itself);
  tcase_add_test (tcase, a_handshake_that_is_cut_ends_its_connection_alone);
  tcase_add_test (tcase,
      garbage_after_the_first_byte_ends_its_connection_alone);
  return suite;
}

GST_CHECK_MAIN (whephandshakes);
