/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* OpenSSL as a client shakes hands with our end, over a network that loses
 * what the test says, in virtual time. */

#include "ext/whep/viewer/dtls.h"
#include "ext/whep/net/certificate-io.h"
#include "tests/support/peerdtls.h"
#include "tests/support/virtualclock.h"

#include <gst/check/gstcheck.h>
#include <openssl/err.h>
#include <string.h>

#define START_US (1000 * G_USEC_PER_SEC)
#define MTU_BYTES 1200
/* Rounds of datagrams or timeouts until a handshake has ended, well or not. */
#define STEPS_MAX 500
#define GCM "SRTP_AEAD_AES_128_GCM"
#define CM "SRTP_AES128_CM_SHA1_80"

static const WhepAddress CLIENT = { .remote_ip = { 1 }, .remote_port = 1 };
static const WhepAddress SERVER = { .remote_ip = { 2 }, .remote_port = 2 };

typedef struct
{
  PeerDtls client;
  WhepFingerprint fingerprint;
  WhepDtls *server;
  WhepOutbox *to_client;
  WhepOutbox *to_server;
  gint64 now_us;
  guint n_datagrams;    /* sent so far, both ways */
  gint lost;            /* the number of the one to lose, -1: none */
  gboolean is_reversed; /* later datagrams come first */
  GRand *loses;         /* (nullable): loses a fifth */
} Pair;

static SSL_CTX *context;

static void
setup (void)
{
  WhepCertificate *certificate = whep_certificate_new (NULL);

  context = whep_dtls_context_new (certificate->x509, certificate->key);
  whep_certificate_free (certificate);
}

static void
teardown (void)
{
  SSL_CTX_free (context);
}

static void
set_fingerprint (Pair *self, const gchar *name, const EVP_MD *hash)
{
  X509 *certificate = SSL_CTX_get0_certificate (self->client.context);
  guint size;

  g_strlcpy (self->fingerprint.hash, name, sizeof (self->fingerprint.hash));
  X509_digest (certificate, hash, self->fingerprint.value, &size);
  self->fingerprint.size = size;
}

static void
set_time (Pair *self, gint64 now_us)
{
  self->now_us = now_us;
  virtual_clock_set (now_us);
}

static void
pair_init (Pair *self, const gchar *profiles)
{
  memset (self, 0, sizeof (*self));
  set_time (self, START_US);
  self->lost = -1;
  self->to_client = whep_outbox_new ();
  self->to_server = whep_outbox_new ();
  peer_dtls_init (&self->client, profiles);
  set_fingerprint (self, "sha-256", EVP_sha256 ());
}

static void
pair_start (Pair *self)
{
  self->server = whep_dtls_new (context, &self->fingerprint, self->now_us);
  peer_dtls_start (&self->client, "", &SERVER, self->to_server);
}

static void
pair_clear (Pair *self)
{
  whep_dtls_free (self->server);
  peer_dtls_clear (&self->client);
  whep_outbox_free (self->to_client);
  whep_outbox_free (self->to_server);
  if (self->loses != NULL)
    g_rand_free (self->loses);
}

static void
server_receives (Pair *self, const guint8 *data, gsize size)
{
  whep_dtls_receive (self->server, data, size, &CLIENT, self->now_us,
      self->to_client);
  ck_assert_uint_eq (ERR_peek_error (), 0);
}

static gboolean
is_lost (Pair *self)
{
  if (self->loses != NULL && g_rand_int_range (self->loses, 0, 5) == 0)
    return TRUE;
  return (gint) self->n_datagrams == self->lost;
}

static void
carry (Pair *self, const guint8 *data, gsize size, gboolean is_for_server)
{
  gboolean is_gone = is_lost (self);

  ck_assert_uint_le (size, MTU_BYTES);
  self->n_datagrams++;
  if (is_gone)
    return;
  if (is_for_server)
    server_receives (self, data, size);
  else
    peer_dtls_receive (&self->client, data, size, &SERVER, self->to_server);
}

/* Returns FALSE if nothing was under way. */
static gboolean
deliver (Pair *self, WhepOutbox *outbox, gboolean is_for_server)
{
  WhepOutbox *sent = g_memdup2 (outbox, sizeof (*outbox));
  GQueue datagrams = G_QUEUE_INIT;
  gboolean has_any = sent->n_runs > 0;

  whep_outbox_flush (outbox);
  for (guint i = 0; i < sent->n_runs; i++) {
    const WhepRun *run = &sent->runs[i];

    ck_assert (
        whep_address_equal (&run->to, is_for_server ? &SERVER : &CLIENT));
    for (gsize offset = 0; offset < run->size; offset += run->segment_size)
      g_queue_push_tail (&datagrams,
          g_bytes_new (sent->bytes + run->offset + offset,
              MIN (run->segment_size, run->size - offset)));
  }
  if (self->is_reversed)
    g_queue_reverse (&datagrams);
  while (!g_queue_is_empty (&datagrams)) {
    GBytes *datagram = g_queue_pop_head (&datagrams);

    carry (self, g_bytes_get_data (datagram, NULL), g_bytes_get_size (datagram),
        is_for_server);
    g_bytes_unref (datagram);
  }
  g_free (sent);
  return has_any;
}

static void
sleep_until_due (Pair *self)
{
  gint64 due_us = MIN (whep_dtls_deadline_us (self->server, self->now_us),
      peer_dtls_deadline_us (&self->client, self->now_us));

  if (due_us == G_MAXINT64)
    return;
  set_time (self, MAX (self->now_us, due_us));
  if (self->now_us >= whep_dtls_deadline_us (self->server, self->now_us))
    whep_dtls_tick (self->server, &CLIENT, self->now_us, self->to_client);
  ck_assert_uint_eq (ERR_peek_error (), 0);
  peer_dtls_tick (&self->client, &SERVER, self->to_server);
}

static gboolean
has_ended (const Pair *self)
{
  gboolean is_client_done = self->client.is_connected ||
      self->client.is_closed || self->client.has_failed;

  return is_client_done &&
      whep_dtls_state (self->server) != WHEP_DTLS_HANDSHAKING;
}

static void
exchange (Pair *self)
{
  for (guint i = 0; i < STEPS_MAX; i++) {
    gboolean has_any = deliver (self, self->to_server, TRUE);

    has_any |= deliver (self, self->to_client, FALSE);
    if (!has_any && has_ended (self))
      return;
    if (!has_any)
      sleep_until_due (self);
  }
}

static void
assert_connected (const Pair *self)
{
  ck_assert_msg (whep_dtls_state (self->server) == WHEP_DTLS_CONNECTED,
      "%s, %u datagrams", whep_dtls_why (self->server), self->n_datagrams);
  ck_assert (self->client.is_connected);
  ck_assert_int_eq (whep_dtls_deadline_us (self->server, self->now_us),
      G_MAXINT64);
}

static void
connect_pair (Pair *self)
{
  pair_init (self, GCM);
  pair_start (self);
  exchange (self);
  assert_connected (self);
}

static void
assert_failed (const Pair *self, const gchar *why)
{
  WhepSrtpProfile profile;
  WhepSrtpKey ours, theirs;

  ck_assert_int_eq (whep_dtls_state (self->server), WHEP_DTLS_FAILED);
  ck_assert_str_eq (whep_dtls_why (self->server), why);
  ck_assert (!whep_dtls_export_keys (self->server, &profile, &ours, &theirs));
  ck_assert_int_eq (whep_dtls_deadline_us (self->server, self->now_us),
      G_MAXINT64);
}

/* What the client has as the keys of RFC 5764 section 4.2, against ours. */
static void
assert_keys_agree (const Pair *self, WhepSrtpProfile expected)
{
  gsize salt_size = expected == WHEP_SRTP_AEAD_AES_128_GCM ? 12 : 14;
  guint8 keys[60];
  WhepSrtpProfile profile;
  WhepSrtpKey ours, theirs;

  ck_assert (whep_dtls_export_keys (self->server, &profile, &ours, &theirs));
  ck_assert_int_eq (profile, expected);
  ck_assert_int_eq (SSL_export_keying_material (self->client.ssl, keys,
                        32 + 2 * salt_size, "EXTRACTOR-dtls_srtp", 19, NULL, 0,
                        0),
      1);
  ck_assert (memcmp (theirs.key, keys, 16) == 0);
  ck_assert (memcmp (ours.key, keys + 16, 16) == 0);
  ck_assert (memcmp (theirs.salt, keys + 32, salt_size) == 0);
  ck_assert (memcmp (ours.salt, keys + 32 + salt_size, salt_size) == 0);
  ck_assert (memcmp (ours.key, theirs.key, 16) != 0);
}

GST_START_TEST (both_ends_get_the_same_keys_for_either_profile)
{
  static const struct
  {
    const gchar *offered;
    WhepSrtpProfile chosen;
  } offers[] = {
    { GCM, WHEP_SRTP_AEAD_AES_128_GCM },
    { CM, WHEP_SRTP_AES128_CM_SHA1_80 },
    { GCM ":" CM, WHEP_SRTP_AEAD_AES_128_GCM },
    { CM ":" GCM, WHEP_SRTP_AEAD_AES_128_GCM },
    { "SRTP_AES128_CM_SHA1_32:" CM, WHEP_SRTP_AES128_CM_SHA1_80 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (offers); i++) {
    Pair pair;

    pair_init (&pair, offers[i].offered);
    pair_start (&pair);
    exchange (&pair);
    assert_connected (&pair);
    assert_keys_agree (&pair, offers[i].chosen);
    /* Nothing was lost, so nothing waited for a timer. */
    ck_assert_int_eq (pair.now_us, START_US);
    pair_clear (&pair);
  }
}
GST_END_TEST;

GST_START_TEST (without_a_common_srtp_profile_there_is_no_connection)
{
  Pair pair;

  pair_init (&pair, "SRTP_AES128_CM_SHA1_32");
  pair_start (&pair);
  exchange (&pair);
  assert_failed (&pair, "no SRTP profile in common");
  pair_clear (&pair);
}
GST_END_TEST;

GST_START_TEST (any_hash_of_rfc_8122_vouches_for_the_client)
{
  static const struct
  {
    const gchar *name;
    const EVP_MD *(*hash) (void);
  } hashes[] = {
    { "sha-1", EVP_sha1 },
    { "sha-224", EVP_sha224 },
    { "sha-256", EVP_sha256 },
    { "SHA-256", EVP_sha256 },
    { "sha-384", EVP_sha384 },
    { "sha-512", EVP_sha512 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (hashes); i++) {
    Pair pair;

    pair_init (&pair, GCM);
    set_fingerprint (&pair, hashes[i].name, hashes[i].hash ());
    pair_start (&pair);
    exchange (&pair);
    assert_connected (&pair);
    pair_clear (&pair);
  }
}
GST_END_TEST;

GST_START_TEST (another_certificate_than_the_offer_s_is_turned_away)
{
  static const struct
  {
    const gchar *name;
    guint flipped_byte;
    gsize size;
  } fingerprints[] = {
    { "sha-256", 0, 32 },
    { "sha-256", 31, 32 },
    { "sha-256", 40, 31 },
    { "sha-256", 40, 33 },
    { "sha-256", 40, 0 },
    { "sha-1", 40, 32 },
    { "md5", 40, 32 },
    { "", 40, 32 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (fingerprints); i++) {
    Pair pair;

    pair_init (&pair, GCM);
    pair.fingerprint.value[fingerprints[i].flipped_byte] ^= 1;
    pair.fingerprint.size = fingerprints[i].size;
    g_strlcpy (pair.fingerprint.hash, fingerprints[i].name,
        sizeof (pair.fingerprint.hash));
    pair_start (&pair);
    exchange (&pair);
    assert_failed (&pair,
        "the certificate doesn't have the fingerprint of the offer");
    ck_assert_msg (pair.client.has_failed, "the client got no alert");
    pair_clear (&pair);
  }
}
GST_END_TEST;

GST_START_TEST (a_client_without_a_certificate_is_turned_away)
{
  Pair pair;

  pair_init (&pair, GCM);
  SSL_CTX_free (pair.client.context);
  pair.client.context = SSL_CTX_new (DTLS_client_method ());
  SSL_CTX_set_options (pair.client.context, SSL_OP_NO_QUERY_MTU);
  SSL_CTX_set_tlsext_use_srtp (pair.client.context, GCM);
  pair_start (&pair);
  exchange (&pair);
  assert_failed (&pair, "peer did not return a certificate");
  pair_clear (&pair);
}
GST_END_TEST;

GST_START_TEST (old_versions_and_weak_suites_are_turned_away)
{
  static const struct
  {
    gint version;
    const gchar *ciphers;
    const gchar *why;
  } clients[] = {
    { DTLS1_VERSION, "ALL:@SECLEVEL=0", "unsupported protocol" },
    { DTLS1_2_VERSION, "ECDHE-ECDSA-AES128-SHA", "no shared cipher" },
    { DTLS1_2_VERSION, "ECDHE-RSA-AES128-GCM-SHA256", "no shared cipher" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (clients); i++) {
    Pair pair;

    pair_init (&pair, GCM);
    SSL_CTX_set_min_proto_version (pair.client.context, clients[i].version);
    SSL_CTX_set_max_proto_version (pair.client.context, clients[i].version);
    SSL_CTX_set_cipher_list (pair.client.context, clients[i].ciphers);
    pair_start (&pair);
    exchange (&pair);
    assert_failed (&pair, clients[i].why);
    pair_clear (&pair);
  }
}
GST_END_TEST;

GST_START_TEST (each_datagram_may_be_lost_once)
{
  guint n_datagrams;
  Pair pair;

  connect_pair (&pair);
  n_datagrams = pair.n_datagrams;
  pair_clear (&pair);
  ck_assert_uint_ge (n_datagrams, 4);

  for (guint lost = 0; lost < n_datagrams; lost++) {
    pair_init (&pair, GCM);
    pair.lost = lost;
    pair_start (&pair);
    exchange (&pair);
    assert_connected (&pair);
    assert_keys_agree (&pair, WHEP_SRTP_AEAD_AES_128_GCM);
    /* Somebody's timer fired, and not for long. */
    ck_assert_msg (pair.now_us > START_US, "datagram %u", lost);
    ck_assert_int_le (pair.now_us, START_US + 2 * G_USEC_PER_SEC);
    pair_clear (&pair);
  }
}
GST_END_TEST;

GST_START_TEST (our_lost_flight_comes_again_within_a_fifth_of_a_second)
{
  Pair pair;

  pair_init (&pair, GCM);
  pair.lost = 1;
  pair_start (&pair);
  deliver (&pair, pair.to_server, TRUE);
  deliver (&pair, pair.to_client, FALSE);
  ck_assert_int_eq (whep_dtls_deadline_us (pair.server, pair.now_us),
      START_US + G_USEC_PER_SEC / 5);
  set_time (&pair, START_US + G_USEC_PER_SEC / 5);
  whep_dtls_tick (pair.server, &CLIENT, pair.now_us, pair.to_client);
  ck_assert_uint_gt (pair.to_client->n_runs, 0);
  /* The next one waits for twice as long. */
  ck_assert_int_eq (whep_dtls_deadline_us (pair.server, pair.now_us),
      pair.now_us + 2 * G_USEC_PER_SEC / 5);
  exchange (&pair);
  assert_connected (&pair);
  pair_clear (&pair);
}
GST_END_TEST;

GST_START_TEST (a_fifth_of_all_datagrams_may_be_lost)
{
  for (guint seed = 1; seed <= 30; seed++) {
    Pair pair;

    pair_init (&pair, GCM ":" CM);
    pair.loses = g_rand_new_with_seed (seed);
    pair_start (&pair);
    exchange (&pair);
    ck_assert_msg (pair.client.is_connected &&
            whep_dtls_state (pair.server) == WHEP_DTLS_CONNECTED,
        "seed %u: %s", seed, whep_dtls_why (pair.server));
    assert_keys_agree (&pair, WHEP_SRTP_AEAD_AES_128_GCM);
    pair_clear (&pair);
  }
}
GST_END_TEST;

GST_START_TEST (a_flight_in_many_pieces_may_come_in_any_order)
{
  for (guint i = 0; i < 2; i++) {
    Pair pair;

    pair_init (&pair, GCM);
    pair.is_reversed = i == 1;
    pair_start (&pair);
    SSL_set_mtu (pair.client.ssl, 300);
    exchange (&pair);
    assert_connected (&pair);
    assert_keys_agree (&pair, WHEP_SRTP_AEAD_AES_128_GCM);
    ck_assert_uint_ge (pair.n_datagrams, 5);
    /* OpenSSL drops a ChangeCipherSpec that is early: the client's timer has
     * to help, once. */
    ck_assert_int_eq (pair.now_us,
        START_US + (pair.is_reversed ? G_USEC_PER_SEC : 0));
    pair_clear (&pair);
  }
}
GST_END_TEST;

GST_START_TEST (a_full_outbox_is_a_lost_datagram)
{
  Pair pair;

  pair_init (&pair, GCM);
  pair_start (&pair);
  whep_outbox_commit (pair.to_client, &CLIENT, WHEP_OUTBOX_BYTES);
  deliver (&pair, pair.to_server, TRUE);
  ck_assert_uint_eq (pair.to_client->n_runs, 1);
  whep_outbox_flush (pair.to_client);
  exchange (&pair);
  assert_connected (&pair);
  pair_clear (&pair);
}
GST_END_TEST;

GST_START_TEST (a_client_that_falls_silent_is_given_up_after_15_s)
{
  Pair pair;

  pair_init (&pair, GCM);
  pair_start (&pair);
  deliver (&pair, pair.to_server, TRUE);
  for (guint i = 0;
       i < STEPS_MAX && whep_dtls_state (pair.server) == WHEP_DTLS_HANDSHAKING;
       i++) {
    set_time (&pair, whep_dtls_deadline_us (pair.server, pair.now_us));
    whep_outbox_flush (pair.to_client);
    whep_dtls_tick (pair.server, &CLIENT, pair.now_us, pair.to_client);
  }
  assert_failed (&pair, "the handshake took too long");
  ck_assert_int_eq (pair.now_us, START_US + WHEP_DTLS_TIMEOUT_US);
  pair_clear (&pair);
}
GST_END_TEST;

GST_START_TEST (a_client_that_never_spoke_is_given_up_as_well)
{
  Pair pair;

  pair_init (&pair, GCM);
  pair_start (&pair);
  ck_assert_int_eq (whep_dtls_deadline_us (pair.server, pair.now_us),
      START_US + WHEP_DTLS_TIMEOUT_US);
  whep_dtls_tick (pair.server, &CLIENT, START_US + WHEP_DTLS_TIMEOUT_US - 1,
      pair.to_client);
  ck_assert_int_eq (whep_dtls_state (pair.server), WHEP_DTLS_HANDSHAKING);
  whep_dtls_tick (pair.server, &CLIENT, START_US + WHEP_DTLS_TIMEOUT_US,
      pair.to_client);
  assert_failed (&pair, "the handshake took too long");
  pair_clear (&pair);
}
GST_END_TEST;

GST_START_TEST (a_client_that_leaves_is_noticed)
{
  Pair pair;

  connect_pair (&pair);
  peer_dtls_close (&pair.client, &SERVER, pair.to_server);
  deliver (&pair, pair.to_server, TRUE);
  ck_assert_int_eq (whep_dtls_state (pair.server), WHEP_DTLS_CLOSED);
  /* It gets a close_notify of ours. */
  ck_assert_uint_eq (pair.to_client->n_runs, 1);
  pair_clear (&pair);
}
GST_END_TEST;

GST_START_TEST (a_client_that_sends_an_alert_has_left)
{
  static const guint8 alert[] = { 21, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 1, 0, 2,
    2, 40 };
  Pair pair;

  pair_init (&pair, GCM);
  pair_start (&pair);
  deliver (&pair, pair.to_server, TRUE);
  server_receives (&pair, alert, sizeof (alert));
  ck_assert_int_eq (whep_dtls_state (pair.server), WHEP_DTLS_CLOSED);
  ck_assert_str_eq (whep_dtls_why (pair.server),
      "sslv3 alert handshake failure");
  pair_clear (&pair);

  /* Once the keys are there, nobody can say so in the clear. */
  connect_pair (&pair);
  server_receives (&pair, alert, sizeof (alert));
  ck_assert_int_eq (whep_dtls_state (pair.server), WHEP_DTLS_CONNECTED);
  pair_clear (&pair);
}
GST_END_TEST;

GST_START_TEST (our_farewell_reaches_the_client)
{
  Pair pair;

  connect_pair (&pair);
  whep_dtls_close (pair.server, &CLIENT, pair.to_client);
  ck_assert_int_eq (whep_dtls_state (pair.server), WHEP_DTLS_CLOSED);
  deliver (&pair, pair.to_client, FALSE);
  ck_assert (pair.client.is_closed);
  pair_clear (&pair);
}
GST_END_TEST;

GST_START_TEST (closing_a_handshake_half_way_is_quiet)
{
  Pair pair;

  pair_init (&pair, GCM);
  pair_start (&pair);
  deliver (&pair, pair.to_server, TRUE);
  whep_outbox_flush (pair.to_client);
  whep_dtls_close (pair.server, &CLIENT, pair.to_client);
  ck_assert_uint_eq (ERR_peek_error (), 0);
  ck_assert_uint_eq (pair.to_client->n_runs, 0);
  ck_assert_int_eq (whep_dtls_state (pair.server), WHEP_DTLS_CLOSED);
  pair_clear (&pair);
}
GST_END_TEST;

GST_START_TEST (what_comes_after_the_end_is_ignored)
{
  guint8 hello[MTU_BYTES];
  gsize size;
  Pair pair;

  pair_init (&pair, GCM);
  pair_start (&pair);
  size = pair.to_server->size;
  memcpy (hello, pair.to_server->bytes, size);
  whep_dtls_close (pair.server, &CLIENT, pair.to_client);
  server_receives (&pair, hello, size);
  whep_dtls_tick (pair.server, &CLIENT, START_US + WHEP_DTLS_TIMEOUT_US,
      pair.to_client);
  whep_dtls_close (pair.server, &CLIENT, pair.to_client);
  ck_assert_uint_eq (pair.to_client->n_runs, 0);
  ck_assert_int_eq (whep_dtls_state (pair.server), WHEP_DTLS_CLOSED);
  pair_clear (&pair);
}
GST_END_TEST;

GST_START_TEST (data_and_noise_do_not_disturb_a_connection)
{
  guint8 noise[MTU_BYTES];
  GRand *rand = g_rand_new_with_seed (7);
  Pair pair;

  connect_pair (&pair);
  for (guint i = 0; i < 200; i++) {
    gsize size = g_rand_int_range (rand, 1, sizeof (noise));

    for (gsize k = 0; k < size; k++)
      noise[k] = g_rand_int (rand);
    noise[0] = 20 + i % 5;
    server_receives (&pair, noise, size);
  }
  pair.client.out = pair.to_server;
  pair.client.to = &SERVER;
  ck_assert_int_eq (SSL_write (pair.client.ssl, "data", 4), 4);
  deliver (&pair, pair.to_server, TRUE);
  assert_connected (&pair);
  ck_assert_uint_eq (pair.to_client->n_runs, 0);
  g_rand_free (rand);
  pair_clear (&pair);
}
GST_END_TEST;

GST_START_TEST (freeing_nothing_is_allowed)
{
  whep_dtls_free (NULL);
}
GST_END_TEST;

static Suite *
dtls_suite (void)
{
  Suite *suite = suite_create ("dtls");
  TCase *tcase = tcase_create ("handshake");

  suite_add_tcase (suite, tcase);
  tcase_add_checked_fixture (tcase, setup, teardown);
  tcase_add_test (tcase, both_ends_get_the_same_keys_for_either_profile);
  tcase_add_test (tcase, without_a_common_srtp_profile_there_is_no_connection);
  tcase_add_test (tcase, any_hash_of_rfc_8122_vouches_for_the_client);
  tcase_add_test (tcase, another_certificate_than_the_offer_s_is_turned_away);
  tcase_add_test (tcase, a_client_without_a_certificate_is_turned_away);
  tcase_add_test (tcase, old_versions_and_weak_suites_are_turned_away);

  tcase = tcase_create ("loss");
  suite_add_tcase (suite, tcase);
  tcase_add_checked_fixture (tcase, setup, teardown);
  tcase_add_test (tcase, each_datagram_may_be_lost_once);
  tcase_add_test (tcase,
      our_lost_flight_comes_again_within_a_fifth_of_a_second);
  tcase_add_test (tcase, a_fifth_of_all_datagrams_may_be_lost);
  tcase_add_test (tcase, a_flight_in_many_pieces_may_come_in_any_order);
  tcase_add_test (tcase, a_full_outbox_is_a_lost_datagram);
  tcase_add_test (tcase, a_client_that_falls_silent_is_given_up_after_15_s);
  tcase_add_test (tcase, a_client_that_never_spoke_is_given_up_as_well);

  tcase = tcase_create ("end");
  suite_add_tcase (suite, tcase);
  tcase_add_checked_fixture (tcase, setup, teardown);
  tcase_add_test (tcase, a_client_that_leaves_is_noticed);
  tcase_add_test (tcase, a_client_that_sends_an_alert_has_left);
  tcase_add_test (tcase, our_farewell_reaches_the_client);
  tcase_add_test (tcase, closing_a_handshake_half_way_is_quiet);
  tcase_add_test (tcase, what_comes_after_the_end_is_ignored);
  tcase_add_test (tcase, data_and_noise_do_not_disturb_a_connection);
  tcase_add_test (tcase, freeing_nothing_is_allowed);
  return suite;
}

GST_CHECK_MAIN (dtls);
