/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The server's end of TLS against OpenSSL's client, in memory. */

#include "gst/net/tls.h"

#include "ext/whep/http/certificate-io.h"

#include <gst/check/gstcheck.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <string.h>

/* More than a record holds. */
#define SPEECH_BYTES 20000

typedef struct
{
  WhepCertificate *identity;
  SSL_CTX *context;
  NetTls *server;
  GByteArray *to_client;
  GByteArray *heard; /* by the server */
  NetTlsResult result;

  SSL_CTX *client_context;
  SSL *client;
  BIO *in, *out; /* the client's */
} Pair;

/* Another connection. */
static void
pair_restart (Pair *self)
{
  net_tls_free (self->server);
  SSL_free (self->client);
  self->in = BIO_new (BIO_s_mem ());
  self->out = BIO_new (BIO_s_mem ());
  self->server = net_tls_new (self->context);
  self->client = SSL_new (self->client_context);
  SSL_set_bio (self->client, self->in, self->out);
  SSL_set_connect_state (self->client);
}

static Pair
pair_new (void)
{
  Pair self = {
    .identity = whep_certificate_new (NULL),
    .context = net_tls_context_new (),
    .to_client = g_byte_array_new (),
    .heard = g_byte_array_new (),
    .client_context = SSL_CTX_new (TLS_client_method ()),
  };

  ck_assert (SSL_CTX_use_certificate (self.context, self.identity->x509));
  ck_assert (SSL_CTX_use_PrivateKey (self.context, self.identity->key));
  pair_restart (&self);
  return self;
}

static void
pair_clear (Pair *self)
{
  net_tls_free (self->server);
  SSL_CTX_free (self->context);
  SSL_free (self->client);
  SSL_CTX_free (self->client_context);
  g_byte_array_unref (self->to_client);
  g_byte_array_unref (self->heard);
  whep_certificate_free (self->identity);
}

/* Until the server wants more, or is at its end. */
static void
server_hears (Pair *self, const guint8 *data, gsize size)
{
  do {
    const guint8 *plain;
    gsize n_plain;

    self->result = net_tls_receive (self->server, &data, &size, &plain,
        &n_plain, self->to_client);
    ck_assert_uint_le (n_plain, NET_TLS_RECORD_BYTES);
    ck_assert ((n_plain > 0) == (self->result == NET_TLS_BYTES));
    g_byte_array_append (self->heard, plain, n_plain);
  } while (self->result == NET_TLS_BYTES);
  if (self->result == NET_TLS_MORE)
    ck_assert_uint_eq (size, 0);
}

/* All that the client has said, in pieces of @n bytes. */
static void
deliver (Pair *self, gsize n)
{
  guint8 piece[4096];
  int n_read;

  ck_assert_uint_le (n, sizeof piece);
  while ((n_read = BIO_read (self->out, piece, n)) > 0)
    server_hears (self, piece, n_read);
  if (self->to_client->len > 0)
    BIO_write (self->in, self->to_client->data, self->to_client->len);
  g_byte_array_set_size (self->to_client, 0);
}

static void
shake_hands (Pair *self, gsize n)
{
  /* At most two round trips; one more shows that it would not end. */
  for (guint i = 0; i < 3 && !SSL_is_init_finished (self->client); i++) {
    SSL_do_handshake (self->client);
    deliver (self, n);
  }
  ck_assert (SSL_is_init_finished (self->client));
}

static guint8 *
make_speech (void)
{
  guint8 *speech = g_malloc (SPEECH_BYTES);

  for (gsize i = 0; i < SPEECH_BYTES; i++)
    speech[i] = i * 7 + i / 256;
  return speech;
}

static void
client_hears (Pair *self, const guint8 *speech)
{
  g_autofree guint8 *heard = g_malloc (SPEECH_BYTES);
  gsize n_heard = 0;
  size_t n_read;

  while (n_heard < SPEECH_BYTES &&
      SSL_read_ex (self->client, heard + n_heard, SPEECH_BYTES - n_heard,
          &n_read))
    n_heard += n_read;
  ck_assert_uint_eq (n_heard, SPEECH_BYTES);
  ck_assert_int_eq (memcmp (heard, speech, SPEECH_BYTES), 0);
}

GST_START_TEST (what_is_said_is_heard_however_it_is_cut)
{
  static const gsize pieces[] = { 1, 5, 100, 4096 };
  static const int versions[] = { TLS1_2_VERSION, TLS1_3_VERSION };
  g_autofree guint8 *speech = make_speech ();

  for (guint i = 0; i < G_N_ELEMENTS (versions); i++) {
    for (guint j = 0; j < G_N_ELEMENTS (pieces); j++) {
      Pair pair = pair_new ();

      SSL_set_max_proto_version (pair.client, versions[i]);
      shake_hands (&pair, pieces[j]);
      ck_assert_int_eq (SSL_version (pair.client), versions[i]);
      ck_assert_int_eq (SSL_write (pair.client, speech, SPEECH_BYTES),
          SPEECH_BYTES);
      deliver (&pair, pieces[j]);
      ck_assert_uint_eq (pair.heard->len, SPEECH_BYTES);
      ck_assert_int_eq (memcmp (pair.heard->data, speech, SPEECH_BYTES), 0);

      net_tls_send (pair.server, speech, SPEECH_BYTES, pair.to_client);
      deliver (&pair, 1);
      client_hears (&pair, speech);
      pair_clear (&pair);
    }
  }
}
GST_END_TEST;

GST_START_TEST (nobody_is_told_anything_before_the_handshake)
{
  Pair pair = pair_new ();

  net_tls_send (pair.server, (const guint8 *) "secret", 6, pair.to_client);
  net_tls_close (pair.server, pair.to_client);
  ck_assert_uint_eq (pair.to_client->len, 0);
  pair_clear (&pair);
}
GST_END_TEST;

static const struct
{
  const gchar *said;
  gsize size;
  const gchar *why;
} strangers[] = {
  { "\3\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 16, "does not speak TLS" },
  { "POST /open/1 HTTP/1.1\r\n\r\n", 25, "does not speak TLS" },
  { "\x16\3\1\0\5\1\0\0\1\0\0\0\0\0\0\0", 16, "violates the TLS protocol" },
  { "\x17\3\3\0\5\1\2\3\4\5", 10, "does not speak TLS" },
};

GST_START_TEST (who_speaks_no_tls_is_told_apart)
{
  for (guint i = 0; i < G_N_ELEMENTS (strangers); i++) {
    Pair pair = pair_new ();

    server_hears (&pair, (const guint8 *) strangers[i].said, strangers[i].size);
    ck_assert_int_eq (pair.result, NET_TLS_BROKEN);
    ck_assert_str_eq (net_tls_why (pair.server), strangers[i].why);
    /* It stays so, whatever comes. */
    server_hears (&pair, (const guint8 *) "\x16", 1);
    ck_assert_int_eq (pair.result, NET_TLS_BROKEN);
    pair_clear (&pair);
  }
}
GST_END_TEST;

GST_START_TEST (an_old_version_is_told_so)
{
  Pair pair = pair_new ();

  SSL_set_security_level (pair.client, 0);
  SSL_set_min_proto_version (pair.client, TLS1_1_VERSION);
  SSL_set_max_proto_version (pair.client, TLS1_1_VERSION);
  SSL_do_handshake (pair.client);
  deliver (&pair, 1000);
  ck_assert_int_eq (pair.result, NET_TLS_BROKEN);
  ck_assert_str_eq (net_tls_why (pair.server),
      "supports no TLS version that is recent enough");
  /* It gets an alert that says the same. */
  ck_assert_int_gt (BIO_pending (pair.in), 0);
  pair_clear (&pair);
}
GST_END_TEST;

GST_START_TEST (no_bit_of_a_record_can_be_changed)
{
  const gsize header = 5;
  guint8 record[64];
  int size;

  for (gsize i = header; i < header + 8; i++) {
    Pair pair = pair_new ();

    shake_hands (&pair, 1000);
    ck_assert_int_eq (SSL_write (pair.client, "frame", 5), 5);
    size = BIO_read (pair.out, record, sizeof record);
    ck_assert_int_gt (size, i);
    record[i] ^= 1;
    server_hears (&pair, record, size);
    ck_assert_int_eq (pair.result, NET_TLS_BROKEN);
    ck_assert_str_eq (net_tls_why (pair.server), "violates the TLS protocol");
    ck_assert_uint_eq (pair.heard->len, 0);
    pair_clear (&pair);
  }
}
GST_END_TEST;

GST_START_TEST (a_goodbye_is_heard_on_both_sides)
{
  Pair pair = pair_new ();
  char byte;

  shake_hands (&pair, 1000);
  net_tls_close (pair.server, pair.to_client);
  deliver (&pair, 1);
  ck_assert_int_eq (SSL_read (pair.client, &byte, 1), 0);
  ck_assert_int_eq (SSL_get_error (pair.client, 0), SSL_ERROR_ZERO_RETURN);

  SSL_shutdown (pair.client);
  deliver (&pair, 1000);
  ck_assert_int_eq (pair.result, NET_TLS_CLOSED);
  pair_clear (&pair);
}
GST_END_TEST;

/* The servers of RTMPS and HTTPS, which follow the same rules. */
enum
{
  RTMPS,
  HTTPS,
  N_SERVERS,
};

/* Without one, no suite with RSA could be negotiated, weak or not. */
static void
use_rsa_as_well (SSL_CTX *context)
{
  EVP_PKEY *key = EVP_RSA_gen (2048);
  X509 *x509 = X509_new ();

  X509_set_version (x509, X509_VERSION_3);
  X509_gmtime_adj (X509_getm_notBefore (x509), 0);
  X509_gmtime_adj (X509_getm_notAfter (x509), 3600);
  X509_set_pubkey (x509, key);
  ck_assert_int_gt (X509_sign (x509, key, EVP_sha256 ()), 0);
  ck_assert (SSL_CTX_use_certificate (context, x509));
  ck_assert (SSL_CTX_use_PrivateKey (context, key));
  X509_free (x509);
  EVP_PKEY_free (key);
}

/* A client that may speak anything. */
static Pair
pair_new_of (int server)
{
  Pair self = pair_new ();

  if (server == HTTPS)
    net_tls_context_use_for_http (self.context);
  net_tls_free (self.server);
  self.server = net_tls_new (self.context);
  SSL_set_security_level (self.client, 0);
  return self;
}

/* Lets the client begin, and both speak for as long as a handshake takes. */
static void
try_hands (Pair *self)
{
  for (guint i = 0; i < 3; i++) {
    SSL_do_handshake (self->client);
    deliver (self, 1000);
  }
  ERR_clear_error ();
}

/* What testssl.sh calls weak or obsolete: without forward secrecy, without
 * authenticated encryption, or without authentication. */
static gboolean
is_weak (const SSL_CIPHER *cipher)
{
  return SSL_CIPHER_get_kx_nid (cipher) != NID_kx_ecdhe ||
      SSL_CIPHER_get_auth_nid (cipher) == NID_auth_null ||
      !SSL_CIPHER_is_aead (cipher) ||
      strstr (SSL_CIPHER_get_name (cipher), "CCM") != NULL ||
      strstr (SSL_CIPHER_get_name (cipher), "ARIA") != NULL;
}

/* Not those of TLS 1.3, nor those that need a secret both sides know. */
static gboolean
can_be_offered (const SSL_CIPHER *cipher)
{
  const gchar *name = SSL_CIPHER_get_name (cipher);

  return !g_str_has_prefix (name, "TLS_") && strstr (name, "PSK") == NULL &&
      strstr (name, "SRP") == NULL;
}

/* All others of TLS 1.2, with a certificate of either kind. */
#define N_STRONG 6

/* Offers each suite of this build of OpenSSL on its own. */
GST_START_TEST (no_weak_suite_is_negotiated)
{
  SSL_CTX *all = SSL_CTX_new (TLS_client_method ());
  STACK_OF (SSL_CIPHER) * ciphers;
  guint n_weak = 0, n_strong = 0;
  Pair pair = pair_new ();

  SSL_CTX_set_security_level (all, 0);
  SSL_CTX_set_max_proto_version (all, TLS1_2_VERSION);
  ck_assert (SSL_CTX_set_cipher_list (all, "ALL:COMPLEMENTOFALL"));
  ciphers = SSL_CTX_get_ciphers (all);
  use_rsa_as_well (pair.context);
  if (__i__ == HTTPS)
    net_tls_context_use_for_http (pair.context);
  for (int i = 0; i < sk_SSL_CIPHER_num (ciphers); i++) {
    const SSL_CIPHER *cipher = sk_SSL_CIPHER_value (ciphers, i);
    const gchar *name = SSL_CIPHER_get_name (cipher);

    if (!can_be_offered (cipher))
      continue;
    pair_restart (&pair);
    SSL_set_security_level (pair.client, 0);
    SSL_set_max_proto_version (pair.client, TLS1_2_VERSION);
    ck_assert_msg (SSL_set_cipher_list (pair.client, name), "%s", name);
    try_hands (&pair);
    ck_assert_msg (net_tls_is_established (pair.server) == !is_weak (cipher),
        "%s", name);
    if (is_weak (cipher)) {
      n_weak++;
      ck_assert_str_eq (net_tls_why (pair.server),
          "supports no TLS version that is recent enough");
    } else {
      n_strong++;
    }
  }
  ck_assert_uint_eq (n_strong, N_STRONG);
  ck_assert_uint_ge (n_weak, N_STRONG);
  pair_clear (&pair);
  SSL_CTX_free (all);
}
GST_END_TEST;

static const struct
{
  int version;
  gboolean is_served;
} spoken[] = {
  { TLS1_VERSION, FALSE },
  { TLS1_1_VERSION, FALSE },
  { TLS1_2_VERSION, TRUE },
  { TLS1_3_VERSION, TRUE },
};

GST_START_TEST (two_versions_are_spoken_without_compression)
{
  for (guint i = 0; i < G_N_ELEMENTS (spoken); i++) {
    Pair pair = pair_new_of (__i__);

    SSL_set_min_proto_version (pair.client, spoken[i].version);
    SSL_set_max_proto_version (pair.client, spoken[i].version);
    SSL_clear_options (pair.client, SSL_OP_NO_COMPRESSION);
    try_hands (&pair);
    ck_assert_int_eq (SSL_is_init_finished (pair.client), spoken[i].is_served);
    ck_assert_int_eq (net_tls_is_established (pair.server),
        spoken[i].is_served);
    if (spoken[i].is_served) {
      ck_assert (SSL_get_current_compression (pair.client) == NULL);
      /* RFC 7627 and RFC 5746, which TLS 1.3 does not need. */
      ck_assert_int_eq (SSL_get_extms_support (pair.client),
          spoken[i].version == TLS1_2_VERSION);
      ck_assert_int_eq (SSL_get_secure_renegotiation_support (pair.client),
          spoken[i].version == TLS1_2_VERSION);
    }
    pair_clear (&pair);
  }
}
GST_END_TEST;

/* RFC 7507. */
GST_START_TEST (a_fallback_to_an_older_version_is_rejected)
{
  Pair pair = pair_new_of (__i__);

  SSL_set_max_proto_version (pair.client, TLS1_2_VERSION);
  SSL_set_mode (pair.client, SSL_MODE_SEND_FALLBACK_SCSV);
  try_hands (&pair);
  ck_assert_int_eq (pair.result, NET_TLS_BROKEN);
  pair_clear (&pair);
}
GST_END_TEST;

/* Whether the client gets a session that it could resume. */
static int
count_session (SSL *ssl, SSL_SESSION *session)
{
  guint *n = SSL_get_app_data (ssl);

  *n += SSL_SESSION_is_resumable (session);
  return 0;
}

GST_START_TEST (no_session_outlives_its_connection)
{
  for (guint i = 2; i < G_N_ELEMENTS (spoken); i++) {
    Pair pair = pair_new_of (__i__);
    guint n_sessions = 0;
    char byte;

    SSL_CTX_set_session_cache_mode (pair.client_context, SSL_SESS_CACHE_CLIENT);
    SSL_CTX_sess_set_new_cb (pair.client_context, count_session);
    SSL_set_app_data (pair.client, &n_sessions);
    SSL_set_max_proto_version (pair.client, spoken[i].version);
    try_hands (&pair);
    SSL_read (pair.client, &byte, 1);
    ck_assert (net_tls_is_established (pair.server));
    ck_assert_uint_eq (n_sessions, 0);
    pair_clear (&pair);
  }
}
GST_END_TEST;

GST_START_TEST (a_renegotiation_is_rejected)
{
  Pair pair = pair_new_of (__i__);

  SSL_set_max_proto_version (pair.client, TLS1_2_VERSION);
  shake_hands (&pair, 1000);
  ck_assert (SSL_renegotiate (pair.client));
  SSL_do_handshake (pair.client);
  deliver (&pair, 1000);
  /* By the alert no_renegotiation, a warning: RFC 5246 section 7.2.2. */
  ck_assert_int_le (SSL_do_handshake (pair.client), 0);
  ck_assert_int_eq (ERR_GET_REASON (ERR_peek_last_error ()),
      SSL_R_NO_RENEGOTIATION);
  ERR_clear_error ();
  pair_clear (&pair);
}
GST_END_TEST;

static const struct
{
  const gchar *offered;
  gsize size;
  const gchar *selected; /* NULL: rejected */
} protocols[] = {
  { "", 0, "" },
  { "\x08http/1.1", 9, "http/1.1" },
  { "\x02h2\x08http/1.1", 12, "http/1.1" },
  { "\x02h2", 3, NULL },
  { "\x03"
    "ftp",
      4, NULL },
};

GST_START_TEST (http_1_1_is_the_only_protocol)
{
  for (guint i = 0; i < G_N_ELEMENTS (protocols); i++) {
    Pair pair = pair_new_of (HTTPS);
    const gchar *offered = protocols[i].offered;
    const gchar *expected = protocols[i].selected;
    const guchar *selected;
    guint size;

    SSL_set_alpn_protos (pair.client, (const guchar *) offered,
        protocols[i].size);
    try_hands (&pair);
    ck_assert_int_eq (net_tls_is_established (pair.server), expected != NULL);
    if (expected == NULL) {
      ck_assert_str_eq (net_tls_why (pair.server), "does not speak HTTP/1.1");
    } else {
      SSL_get0_alpn_selected (pair.client, &selected, &size);
      ck_assert_uint_eq (size, strlen (expected));
      ck_assert (size == 0 || memcmp (selected, expected, size) == 0);
    }
    pair_clear (&pair);
  }
}
GST_END_TEST;

static Suite *
tls_suite (void)
{
  Suite *suite = suite_create ("tls");
  TCase *tcase = tcase_create ("tls");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, what_is_said_is_heard_however_it_is_cut);
  tcase_add_test (tcase, nobody_is_told_anything_before_the_handshake);
  tcase_add_test (tcase, who_speaks_no_tls_is_told_apart);
  tcase_add_test (tcase, an_old_version_is_told_so);
  tcase_add_test (tcase, no_bit_of_a_record_can_be_changed);
  tcase_add_test (tcase, a_goodbye_is_heard_on_both_sides);
  tcase_add_loop_test (tcase, no_weak_suite_is_negotiated, 0, N_SERVERS);
  tcase_add_loop_test (tcase, two_versions_are_spoken_without_compression, 0,
      N_SERVERS);
  tcase_add_loop_test (tcase, a_fallback_to_an_older_version_is_rejected, 0,
      N_SERVERS);
  tcase_add_loop_test (tcase, no_session_outlives_its_connection, 0, N_SERVERS);
  tcase_add_loop_test (tcase, a_renegotiation_is_rejected, 0, N_SERVERS);
  tcase_add_test (tcase, http_1_1_is_the_only_protocol);
  return suite;
}

GST_CHECK_MAIN (tls);
