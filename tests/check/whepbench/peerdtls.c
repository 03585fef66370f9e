/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Both ends of the DTLS of peers. */

#include "whepbench/peerdtls.h"

#include <gst/check/gstcheck.h>

static const WhepAddress somewhere = { .remote_ip = { 1 }, .remote_port = 1 };

typedef struct
{
  PeerDtls client, server;
  WhepOutbox *to_client, *to_server;
} Pair;

static void
deliver (WhepOutbox *box, PeerDtls *to, WhepOutbox *replies)
{
  for (guint i = 0; i < box->n_runs; i++) {
    const WhepRun *run = &box->runs[i];

    for (gsize at = 0; at < run->size; at += run->segment_size)
      peer_dtls_receive (to, box->bytes + run->offset + at,
          MIN (run->segment_size, run->size - at), &somewhere, replies);
  }
  whep_outbox_flush (box);
}

static void
pair_init (Pair *self, const gchar *server_fingerprint)
{
  self->to_client = whep_outbox_new ();
  self->to_server = whep_outbox_new ();
  peer_dtls_init (&self->client, PEER_BOTH_PROFILES);
  peer_dtls_init (&self->server, PEER_BOTH_PROFILES);
  peer_dtls_start (&self->server, TRUE, self->client.fingerprint, &somewhere,
      self->to_client);
  peer_dtls_start (&self->client, FALSE,
      server_fingerprint == NULL ? self->server.fingerprint
                                 : server_fingerprint,
      &somewhere, self->to_server);
  for (guint i = 0; i < 10; i++) {
    deliver (self->to_server, &self->server, self->to_client);
    deliver (self->to_client, &self->client, self->to_server);
  }
}

static void
pair_clear (Pair *self)
{
  peer_dtls_clear (&self->client);
  peer_dtls_clear (&self->server);
  whep_outbox_free (self->to_client);
  whep_outbox_free (self->to_server);
}

static void
assert_carries (const PeerDtls *from, const PeerDtls *to)
{
  guint8 packet[64] = { 0x80, 96, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 'x' };
  srtp_t sender = peer_dtls_new_outbound (from);
  srtp_t receiver = peer_dtls_new_inbound (to);
  gint size = 13;

  ck_assert (srtp_protect (sender, packet, &size) == srtp_err_status_ok);
  ck_assert_int_gt (size, 13);
  ck_assert (srtp_unprotect (receiver, packet, &size) == srtp_err_status_ok);
  ck_assert_int_eq (size, 13);
  ck_assert_uint_eq (packet[12], 'x');
  srtp_dealloc (sender);
  srtp_dealloc (receiver);
}

GST_START_TEST (a_peer_is_either_end_of_the_handshake)
{
  Pair pair;

  pair_init (&pair, NULL);
  ck_assert (pair.client.is_connected && pair.server.is_connected);
  assert_carries (&pair.client, &pair.server);
  assert_carries (&pair.server, &pair.client);
  peer_dtls_close (&pair.server, &somewhere, pair.to_client);
  deliver (pair.to_client, &pair.client, pair.to_server);
  ck_assert (pair.client.is_closed);
  pair_clear (&pair);
}
GST_END_TEST;

GST_START_TEST (another_certificate_is_not_trusted)
{
  Pair pair;

  pair_init (&pair, "AB:CD");
  ck_assert (pair.client.has_failed && !pair.client.is_connected);
  pair_clear (&pair);
}
GST_END_TEST;

static Suite *
peerdtls_suite (void)
{
  Suite *suite = suite_create ("peerdtls");
  TCase *tcase = tcase_create ("peerdtls");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_peer_is_either_end_of_the_handshake);
  tcase_add_test (tcase, another_certificate_is_not_trusted);
  return suite;
}

GST_CHECK_MAIN (peerdtls);
