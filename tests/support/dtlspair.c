/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Both ends of a DTLS handshake in virtual time: see dtlspair.h. */

#include "tests/support/dtlspair.h"
#include "ext/whep/http/certificate-io.h"
#include "tests/support/virtualclock.h"

#include <gst/check/gstcheck.h>
#include <openssl/err.h>
#include <string.h>

const WhepAddress DTLS_PAIR_CLIENT = { .remote_ip = { 1 }, .remote_port = 1 };
const WhepAddress DTLS_PAIR_SERVER = { .remote_ip = { 2 }, .remote_port = 2 };

static SSL_CTX *
server_context (void)
{
  WhepCertificate *certificate = whep_certificate_new (NULL);
  SSL_CTX *context =
      whep_dtls_context_new (certificate->x509, certificate->key);

  whep_certificate_free (certificate);
  return context;
}

void
dtls_pair_set_fingerprint (DtlsPair *self, const gchar *name,
    const EVP_MD *hash)
{
  X509 *certificate = SSL_CTX_get0_certificate (self->client.context);
  guint size;

  g_strlcpy (self->fingerprint.hash, name, sizeof (self->fingerprint.hash));
  X509_digest (certificate, hash, self->fingerprint.value, &size);
  self->fingerprint.size = size;
}

void
dtls_pair_set_time (DtlsPair *self, gint64 now_us)
{
  self->now_us = now_us;
  virtual_clock_set (now_us);
}

void
dtls_pair_init (DtlsPair *self, const gchar *profiles)
{
  memset (self, 0, sizeof (*self));
  dtls_pair_set_time (self, DTLS_PAIR_START_US);
  self->context = server_context ();
  self->lost = -1;
  self->to_client = whep_outbox_new ();
  self->to_server = whep_outbox_new ();
  peer_dtls_init (&self->client, profiles);
  dtls_pair_set_fingerprint (self, "sha-256", EVP_sha256 ());
}

void
dtls_pair_start (DtlsPair *self)
{
  self->server =
      whep_dtls_new (self->context, &self->fingerprint, self->now_us);
  peer_dtls_start (&self->client, FALSE, "", &DTLS_PAIR_SERVER,
      self->to_server);
}

void
dtls_pair_clear (DtlsPair *self)
{
  whep_dtls_free (self->server);
  SSL_CTX_free (self->context);
  peer_dtls_clear (&self->client);
  whep_outbox_free (self->to_client);
  whep_outbox_free (self->to_server);
  if (self->loses != NULL)
    g_rand_free (self->loses);
}

void
dtls_pair_server_receives (DtlsPair *self, const guint8 *data, gsize size)
{
  whep_dtls_receive (self->server, data, size, &DTLS_PAIR_CLIENT, self->now_us,
      self->to_client);
  ck_assert_uint_eq (ERR_peek_error (), 0);
}

static gboolean
is_lost (DtlsPair *self)
{
  if (self->loses != NULL && g_rand_int_range (self->loses, 0, 5) == 0)
    return TRUE;
  return (gint) self->n_datagrams == self->lost;
}

static void
carry (DtlsPair *self, const guint8 *data, gsize size, gboolean is_for_server)
{
  gboolean is_gone = is_lost (self);

  ck_assert_uint_le (size, DTLS_PAIR_MTU_BYTES);
  self->n_datagrams++;
  if (is_gone)
    return;
  if (is_for_server)
    dtls_pair_server_receives (self, data, size);
  else
    peer_dtls_receive (&self->client, data, size, &DTLS_PAIR_SERVER,
        self->to_server);
}

gboolean
dtls_pair_deliver (DtlsPair *self, WhepOutbox *outbox, gboolean is_for_server)
{
  WhepOutbox *sent = g_memdup2 (outbox, sizeof (*outbox));
  GQueue datagrams = G_QUEUE_INIT;
  gboolean has_any = sent->n_runs > 0;

  whep_outbox_flush (outbox);
  for (guint i = 0; i < sent->n_runs; i++) {
    const WhepRun *run = &sent->runs[i];

    ck_assert (whep_address_equal (&run->to,
        is_for_server ? &DTLS_PAIR_SERVER : &DTLS_PAIR_CLIENT));
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
sleep_until_due (DtlsPair *self)
{
  gint64 due_us = MIN (whep_dtls_deadline_us (self->server, self->now_us),
      peer_dtls_deadline_us (&self->client, self->now_us));

  if (due_us == G_MAXINT64)
    return;
  dtls_pair_set_time (self, MAX (self->now_us, due_us));
  if (self->now_us >= whep_dtls_deadline_us (self->server, self->now_us))
    whep_dtls_tick (self->server, &DTLS_PAIR_CLIENT, self->now_us,
        self->to_client);
  ck_assert_uint_eq (ERR_peek_error (), 0);
  peer_dtls_tick (&self->client, &DTLS_PAIR_SERVER, self->to_server);
}

static gboolean
has_ended (const DtlsPair *self)
{
  gboolean is_client_done = self->client.is_connected ||
      self->client.is_closed || self->client.has_failed;

  return is_client_done &&
      whep_dtls_state (self->server) != WHEP_DTLS_HANDSHAKING;
}

void
dtls_pair_exchange (DtlsPair *self)
{
  for (guint i = 0; i < DTLS_PAIR_STEPS_MAX; i++) {
    gboolean has_any = dtls_pair_deliver (self, self->to_server, TRUE);

    has_any |= dtls_pair_deliver (self, self->to_client, FALSE);
    if (!has_any && has_ended (self))
      return;
    if (!has_any)
      sleep_until_due (self);
  }
}

void
dtls_pair_assert_connected (const DtlsPair *self)
{
  ck_assert_msg (whep_dtls_state (self->server) == WHEP_DTLS_CONNECTED,
      "%s, %u datagrams", whep_dtls_why (self->server), self->n_datagrams);
  ck_assert (self->client.is_connected);
  ck_assert_int_eq (whep_dtls_deadline_us (self->server, self->now_us),
      G_MAXINT64);
}

void
dtls_pair_connect (DtlsPair *self)
{
  dtls_pair_init (self, DTLS_PAIR_GCM);
  dtls_pair_start (self);
  dtls_pair_exchange (self);
  dtls_pair_assert_connected (self);
}

void
dtls_pair_assert_failed (const DtlsPair *self, const gchar *why)
{
  ck_assert_int_eq (whep_dtls_state (self->server), WHEP_DTLS_FAILED);
  ck_assert_str_eq (whep_dtls_why (self->server), why);
  ck_assert_int_eq (whep_dtls_deadline_us (self->server, self->now_us),
      G_MAXINT64);
}

void
dtls_pair_assert_keys_agree (const DtlsPair *self, WhepSrtpProfile expected)
{
  gsize salt_size = expected == WHEP_SRTP_AEAD_AES_128_GCM ? 12 : 14;
  guint8 keys[60];
  WhepSrtpProfile profile;
  WhepSrtpKey ours, theirs;

  whep_dtls_export_keys (self->server, &profile, &ours, &theirs);
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
