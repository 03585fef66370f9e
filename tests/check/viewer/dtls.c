/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The passive handshake against OpenSSL as a client, in virtual time. */

#include "tests/support/dtlspair.h"

#include <gst/check/gstcheck.h>
#include <openssl/err.h>
#include <string.h>

GST_START_TEST (both_ends_get_the_same_keys_for_either_profile)
{
  static const struct
  {
    const gchar *offered;
    WhepSrtpProfile chosen;
  } offers[] = {
    { DTLS_PAIR_GCM, WHEP_SRTP_AEAD_AES_128_GCM },
    { DTLS_PAIR_CM, WHEP_SRTP_AES128_CM_SHA1_80 },
    { DTLS_PAIR_GCM ":" DTLS_PAIR_CM, WHEP_SRTP_AEAD_AES_128_GCM },
    { DTLS_PAIR_CM ":" DTLS_PAIR_GCM, WHEP_SRTP_AEAD_AES_128_GCM },
    { "SRTP_AES128_CM_SHA1_32:" DTLS_PAIR_CM, WHEP_SRTP_AES128_CM_SHA1_80 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (offers); i++) {
    DtlsPair pair;

    dtls_pair_init (&pair, offers[i].offered);
    dtls_pair_start (&pair);
    dtls_pair_exchange (&pair);
    dtls_pair_assert_connected (&pair);
    dtls_pair_assert_keys_agree (&pair, offers[i].chosen);
    /* Nothing was lost, so no timer was needed. */
    ck_assert_int_eq (pair.now_us, DTLS_PAIR_START_US);
    dtls_pair_clear (&pair);
  }
}
GST_END_TEST;

GST_START_TEST (without_a_common_srtp_profile_there_is_no_connection)
{
  DtlsPair pair;

  dtls_pair_init (&pair, "SRTP_AES128_CM_SHA1_32");
  dtls_pair_start (&pair);
  dtls_pair_exchange (&pair);
  dtls_pair_assert_failed (&pair, "no SRTP profile in common");
  dtls_pair_clear (&pair);
}
GST_END_TEST;

GST_START_TEST (any_hash_of_rfc_8122_authenticates_the_client)
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
    DtlsPair pair;

    dtls_pair_init (&pair, DTLS_PAIR_GCM);
    dtls_pair_set_fingerprint (&pair, hashes[i].name, hashes[i].hash ());
    dtls_pair_start (&pair);
    dtls_pair_exchange (&pair);
    dtls_pair_assert_connected (&pair);
    dtls_pair_clear (&pair);
  }
}
GST_END_TEST;

GST_START_TEST (a_certificate_other_than_the_offer_s_is_rejected)
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
    DtlsPair pair;

    dtls_pair_init (&pair, DTLS_PAIR_GCM);
    pair.fingerprint.value[fingerprints[i].flipped_byte] ^= 1;
    pair.fingerprint.size = fingerprints[i].size;
    g_strlcpy (pair.fingerprint.hash, fingerprints[i].name,
        sizeof (pair.fingerprint.hash));
    dtls_pair_start (&pair);
    dtls_pair_exchange (&pair);
    dtls_pair_assert_failed (&pair,
        "the certificate does not match the fingerprint in the offer");
    ck_assert_msg (pair.client.has_failed, "the client got no alert");
    dtls_pair_clear (&pair);
  }
}
GST_END_TEST;

GST_START_TEST (a_client_without_a_certificate_is_rejected)
{
  DtlsPair pair;

  dtls_pair_init (&pair, DTLS_PAIR_GCM);
  SSL_CTX_free (pair.client.context);
  pair.client.context = SSL_CTX_new (DTLS_client_method ());
  SSL_CTX_set_options (pair.client.context, SSL_OP_NO_QUERY_MTU);
  SSL_CTX_set_tlsext_use_srtp (pair.client.context, DTLS_PAIR_GCM);
  dtls_pair_start (&pair);
  dtls_pair_exchange (&pair);
  dtls_pair_assert_failed (&pair, "peer did not return a certificate");
  dtls_pair_clear (&pair);
}
GST_END_TEST;

GST_START_TEST (old_versions_and_weak_suites_are_rejected)
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
    DtlsPair pair;

    dtls_pair_init (&pair, DTLS_PAIR_GCM);
    SSL_CTX_set_min_proto_version (pair.client.context, clients[i].version);
    SSL_CTX_set_max_proto_version (pair.client.context, clients[i].version);
    SSL_CTX_set_cipher_list (pair.client.context, clients[i].ciphers);
    dtls_pair_start (&pair);
    dtls_pair_exchange (&pair);
    dtls_pair_assert_failed (&pair, clients[i].why);
    dtls_pair_clear (&pair);
  }
}
GST_END_TEST;

GST_START_TEST (each_datagram_may_be_lost_once)
{
  guint n_datagrams;
  DtlsPair pair;

  dtls_pair_connect (&pair);
  n_datagrams = pair.n_datagrams;
  dtls_pair_clear (&pair);
  ck_assert_uint_ge (n_datagrams, 4);

  for (guint lost = 0; lost < n_datagrams; lost++) {
    dtls_pair_init (&pair, DTLS_PAIR_GCM);
    pair.lost = lost;
    dtls_pair_start (&pair);
    dtls_pair_exchange (&pair);
    dtls_pair_assert_connected (&pair);
    dtls_pair_assert_keys_agree (&pair, WHEP_SRTP_AEAD_AES_128_GCM);
    /* One side's timer fired, but not for long. */
    ck_assert_msg (pair.now_us > DTLS_PAIR_START_US, "datagram %u", lost);
    ck_assert_int_le (pair.now_us, DTLS_PAIR_START_US + 2 * G_USEC_PER_SEC);
    dtls_pair_clear (&pair);
  }
}
GST_END_TEST;

GST_START_TEST (our_lost_flight_is_resent_within_a_fifth_of_a_second)
{
  DtlsPair pair;

  dtls_pair_init (&pair, DTLS_PAIR_GCM);
  pair.lost = 1;
  dtls_pair_start (&pair);
  dtls_pair_deliver (&pair, pair.to_server, TRUE);
  dtls_pair_deliver (&pair, pair.to_client, FALSE);
  ck_assert_int_eq (whep_dtls_deadline_us (pair.server, pair.now_us),
      DTLS_PAIR_START_US + G_USEC_PER_SEC / 5);
  dtls_pair_set_time (&pair, DTLS_PAIR_START_US + G_USEC_PER_SEC / 5);
  whep_dtls_tick (pair.server, &DTLS_PAIR_CLIENT, pair.now_us, pair.to_client);
  ck_assert_uint_gt (pair.to_client->n_runs, 0);
  /* The next timeout is twice as long. */
  ck_assert_int_eq (whep_dtls_deadline_us (pair.server, pair.now_us),
      pair.now_us + 2 * G_USEC_PER_SEC / 5);
  dtls_pair_exchange (&pair);
  dtls_pair_assert_connected (&pair);
  dtls_pair_clear (&pair);
}
GST_END_TEST;

GST_START_TEST (a_fifth_of_all_datagrams_may_be_lost)
{
  for (guint seed = 1; seed <= 30; seed++) {
    DtlsPair pair;

    dtls_pair_init (&pair, DTLS_PAIR_GCM ":" DTLS_PAIR_CM);
    pair.loses = g_rand_new_with_seed (seed);
    dtls_pair_start (&pair);
    dtls_pair_exchange (&pair);
    ck_assert_msg (pair.client.is_connected &&
            whep_dtls_state (pair.server) == WHEP_DTLS_CONNECTED,
        "seed %u: %s", seed, whep_dtls_why (pair.server));
    dtls_pair_assert_keys_agree (&pair, WHEP_SRTP_AEAD_AES_128_GCM);
    dtls_pair_clear (&pair);
  }
}
GST_END_TEST;

GST_START_TEST (a_flight_in_many_pieces_may_arrive_in_any_order)
{
  for (guint i = 0; i < 2; i++) {
    DtlsPair pair;

    dtls_pair_init (&pair, DTLS_PAIR_GCM);
    pair.is_reversed = i == 1;
    dtls_pair_start (&pair);
    SSL_set_mtu (pair.client.ssl, 300);
    dtls_pair_exchange (&pair);
    dtls_pair_assert_connected (&pair);
    dtls_pair_assert_keys_agree (&pair, WHEP_SRTP_AEAD_AES_128_GCM);
    ck_assert_uint_ge (pair.n_datagrams, 5);
    /* OpenSSL drops an early ChangeCipherSpec, so the client's timer has to
     * fire once. */
    ck_assert_int_eq (pair.now_us,
        DTLS_PAIR_START_US + (pair.is_reversed ? G_USEC_PER_SEC : 0));
    dtls_pair_clear (&pair);
  }
}
GST_END_TEST;

GST_START_TEST (a_full_outbox_is_a_lost_datagram)
{
  DtlsPair pair;

  dtls_pair_init (&pair, DTLS_PAIR_GCM);
  dtls_pair_start (&pair);
  whep_outbox_commit (pair.to_client, &DTLS_PAIR_CLIENT, WHEP_OUTBOX_BYTES);
  dtls_pair_deliver (&pair, pair.to_server, TRUE);
  ck_assert_uint_eq (pair.to_client->n_runs, 1);
  whep_outbox_flush (pair.to_client);
  dtls_pair_exchange (&pair);
  dtls_pair_assert_connected (&pair);
  dtls_pair_clear (&pair);
}
GST_END_TEST;

GST_START_TEST (the_handshake_of_a_silent_client_fails_after_15_s)
{
  DtlsPair pair;

  dtls_pair_init (&pair, DTLS_PAIR_GCM);
  dtls_pair_start (&pair);
  dtls_pair_deliver (&pair, pair.to_server, TRUE);
  for (guint i = 0; i < DTLS_PAIR_STEPS_MAX &&
       whep_dtls_state (pair.server) == WHEP_DTLS_HANDSHAKING;
       i++) {
    dtls_pair_set_time (&pair,
        whep_dtls_deadline_us (pair.server, pair.now_us));
    whep_outbox_flush (pair.to_client);
    whep_dtls_tick (pair.server, &DTLS_PAIR_CLIENT, pair.now_us,
        pair.to_client);
  }
  dtls_pair_assert_failed (&pair, "the handshake took too long");
  ck_assert_int_eq (pair.now_us, DTLS_PAIR_START_US + WHEP_DTLS_TIMEOUT_US);
  dtls_pair_clear (&pair);
}
GST_END_TEST;

GST_START_TEST (the_handshake_of_a_client_that_never_spoke_fails_as_well)
{
  DtlsPair pair;

  dtls_pair_init (&pair, DTLS_PAIR_GCM);
  dtls_pair_start (&pair);
  ck_assert_int_eq (whep_dtls_deadline_us (pair.server, pair.now_us),
      DTLS_PAIR_START_US + WHEP_DTLS_TIMEOUT_US);
  whep_dtls_tick (pair.server, &DTLS_PAIR_CLIENT,
      DTLS_PAIR_START_US + WHEP_DTLS_TIMEOUT_US - 1, pair.to_client);
  ck_assert_int_eq (whep_dtls_state (pair.server), WHEP_DTLS_HANDSHAKING);
  whep_dtls_tick (pair.server, &DTLS_PAIR_CLIENT,
      DTLS_PAIR_START_US + WHEP_DTLS_TIMEOUT_US, pair.to_client);
  dtls_pair_assert_failed (&pair, "the handshake took too long");
  dtls_pair_clear (&pair);
}
GST_END_TEST;

/* All suites that we accept. */
static const gchar *suites[] = {
  "ECDHE-ECDSA-AES128-GCM-SHA256",
  "ECDHE-ECDSA-AES256-GCM-SHA384",
  "ECDHE-ECDSA-CHACHA20-POLY1305",
};

static void
connect_with_suite (DtlsPair *pair, const gchar *suite)
{
  dtls_pair_init (pair, DTLS_PAIR_GCM);
  SSL_CTX_set_cipher_list (pair->client.context, suite);
  dtls_pair_start (pair);
  dtls_pair_exchange (pair);
  dtls_pair_assert_connected (pair);
  ck_assert_str_eq (SSL_get_cipher_name (pair->client.ssl), suite);
}

GST_START_TEST (a_client_that_leaves_is_noticed)
{
  for (guint i = 0; i < G_N_ELEMENTS (suites); i++) {
    DtlsPair pair;

    connect_with_suite (&pair, suites[i]);
    peer_dtls_close (&pair.client, &DTLS_PAIR_SERVER, pair.to_server);
    dtls_pair_deliver (&pair, pair.to_server, TRUE);
    ck_assert_int_eq (whep_dtls_state (pair.server), WHEP_DTLS_CLOSED);
    /* The client gets our close_notify. */
    ck_assert_uint_eq (pair.to_client->n_runs, 1);
    dtls_pair_clear (&pair);
  }
}
GST_END_TEST;

GST_START_TEST (a_repeated_finished_is_answered_a_few_times)
{
  /* The keys do not matter: it can only be the client's. */
  static const guint8 finished[] = { 22, 0xfe, 0xfd, 0, 1, 0, 0, 0, 0, 0, 0, 0,
    1, 0 };
  guint n_answers = 0;
  DtlsPair pair;

  dtls_pair_connect (&pair);
  for (guint i = 0; i < 100; i++) {
    dtls_pair_server_receives (&pair, finished, sizeof (finished));
    n_answers += pair.to_client->n_runs;
    whep_outbox_flush (pair.to_client);
  }
  ck_assert_uint_eq (n_answers, 16);
  dtls_pair_assert_connected (&pair);
  dtls_pair_clear (&pair);
}
GST_END_TEST;

GST_START_TEST (a_client_that_sends_an_alert_has_left)
{
  static const guint8 alert[] = { 21, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 1, 0, 2,
    2, 40 };
  DtlsPair pair;

  dtls_pair_init (&pair, DTLS_PAIR_GCM);
  dtls_pair_start (&pair);
  dtls_pair_deliver (&pair, pair.to_server, TRUE);
  dtls_pair_server_receives (&pair, alert, sizeof (alert));
  ck_assert_int_eq (whep_dtls_state (pair.server), WHEP_DTLS_CLOSED);
  ck_assert_str_eq (whep_dtls_why (pair.server), "handshake failure");
  dtls_pair_clear (&pair);

  /* Once there are keys, alerts in the clear are ignored. */
  dtls_pair_connect (&pair);
  dtls_pair_server_receives (&pair, alert, sizeof (alert));
  ck_assert_int_eq (whep_dtls_state (pair.server), WHEP_DTLS_CONNECTED);
  dtls_pair_clear (&pair);
}
GST_END_TEST;

GST_START_TEST (our_close_notify_reaches_the_client)
{
  for (guint i = 0; i < G_N_ELEMENTS (suites); i++) {
    DtlsPair pair;

    connect_with_suite (&pair, suites[i]);
    whep_dtls_close (pair.server, &DTLS_PAIR_CLIENT, pair.to_client);
    ck_assert_int_eq (whep_dtls_state (pair.server), WHEP_DTLS_CLOSED);
    dtls_pair_deliver (&pair, pair.to_client, FALSE);
    ck_assert (pair.client.is_closed);
    dtls_pair_clear (&pair);
  }
}
GST_END_TEST;

GST_START_TEST (closing_during_the_handshake_sends_nothing)
{
  DtlsPair pair;

  dtls_pair_init (&pair, DTLS_PAIR_GCM);
  dtls_pair_start (&pair);
  dtls_pair_deliver (&pair, pair.to_server, TRUE);
  whep_outbox_flush (pair.to_client);
  whep_dtls_close (pair.server, &DTLS_PAIR_CLIENT, pair.to_client);
  ck_assert_uint_eq (ERR_peek_error (), 0);
  ck_assert_uint_eq (pair.to_client->n_runs, 0);
  ck_assert_int_eq (whep_dtls_state (pair.server), WHEP_DTLS_CLOSED);
  dtls_pair_clear (&pair);
}
GST_END_TEST;

GST_START_TEST (a_datagram_after_the_end_is_ignored)
{
  guint8 hello[DTLS_PAIR_MTU_BYTES];
  gsize size;
  DtlsPair pair;

  dtls_pair_init (&pair, DTLS_PAIR_GCM);
  dtls_pair_start (&pair);
  size = pair.to_server->size;
  memcpy (hello, pair.to_server->bytes, size);
  whep_dtls_close (pair.server, &DTLS_PAIR_CLIENT, pair.to_client);
  dtls_pair_server_receives (&pair, hello, size);
  whep_dtls_tick (pair.server, &DTLS_PAIR_CLIENT,
      DTLS_PAIR_START_US + WHEP_DTLS_TIMEOUT_US, pair.to_client);
  whep_dtls_close (pair.server, &DTLS_PAIR_CLIENT, pair.to_client);
  ck_assert_uint_eq (pair.to_client->n_runs, 0);
  ck_assert_int_eq (whep_dtls_state (pair.server), WHEP_DTLS_CLOSED);
  dtls_pair_clear (&pair);
}
GST_END_TEST;

GST_START_TEST (data_and_noise_do_not_disturb_a_connection)
{
  guint8 noise[DTLS_PAIR_MTU_BYTES];
  GRand *rand = g_rand_new_with_seed (7);
  DtlsPair pair;

  dtls_pair_connect (&pair);
  for (guint i = 0; i < 200; i++) {
    gsize size = g_rand_int_range (rand, 1, sizeof (noise));

    for (gsize k = 0; k < size; k++)
      noise[k] = g_rand_int (rand);
    noise[0] = 20 + i % 5;
    dtls_pair_server_receives (&pair, noise, size);
  }
  pair.client.out = pair.to_server;
  pair.client.to = &DTLS_PAIR_SERVER;
  ck_assert_int_eq (SSL_write (pair.client.ssl, "data", 4), 4);
  dtls_pair_deliver (&pair, pair.to_server, TRUE);
  dtls_pair_assert_connected (&pair);
  ck_assert_uint_eq (pair.to_client->n_runs, 0);
  g_rand_free (rand);
  dtls_pair_clear (&pair);
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
  tcase_add_test (tcase, both_ends_get_the_same_keys_for_either_profile);
  tcase_add_test (tcase, without_a_common_srtp_profile_there_is_no_connection);
  tcase_add_test (tcase, any_hash_of_rfc_8122_authenticates_the_client);
  tcase_add_test (tcase, a_certificate_other_than_the_offer_s_is_rejected);
  tcase_add_test (tcase, a_client_without_a_certificate_is_rejected);
  tcase_add_test (tcase, old_versions_and_weak_suites_are_rejected);

  tcase = tcase_create ("loss");
  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, each_datagram_may_be_lost_once);
  tcase_add_test (tcase, our_lost_flight_is_resent_within_a_fifth_of_a_second);
  tcase_add_test (tcase, a_fifth_of_all_datagrams_may_be_lost);
  tcase_add_test (tcase, a_flight_in_many_pieces_may_arrive_in_any_order);
  tcase_add_test (tcase, a_full_outbox_is_a_lost_datagram);
  tcase_add_test (tcase, the_handshake_of_a_silent_client_fails_after_15_s);
  tcase_add_test (tcase,
      the_handshake_of_a_client_that_never_spoke_fails_as_well);

  tcase = tcase_create ("end");
  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_client_that_leaves_is_noticed);
  tcase_add_test (tcase, a_repeated_finished_is_answered_a_few_times);
  tcase_add_test (tcase, a_client_that_sends_an_alert_has_left);
  tcase_add_test (tcase, our_close_notify_reaches_the_client);
  tcase_add_test (tcase, closing_during_the_handshake_sends_nothing);
  tcase_add_test (tcase, a_datagram_after_the_end_is_ignored);
  tcase_add_test (tcase, data_and_noise_do_not_disturb_a_connection);
  tcase_add_test (tcase, freeing_nothing_is_allowed);
  return suite;
}

GST_CHECK_MAIN (dtls);
