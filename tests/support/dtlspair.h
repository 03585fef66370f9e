/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* OpenSSL as a client performs a handshake with our end, over a network that
 * loses the datagrams that the test selects, in virtual time. */

#pragma once

#include "ext/whep/viewer/dtls.h"
#include "whepbench/peerdtls.h"

G_BEGIN_DECLS

#define DTLS_PAIR_START_US (1000 * G_USEC_PER_SEC)
#define DTLS_PAIR_MTU_BYTES 1200
/* Rounds of datagrams or timeouts within which a handshake succeeds or
 * fails. */
#define DTLS_PAIR_STEPS_MAX 500
#define DTLS_PAIR_GCM "SRTP_AEAD_AES_128_GCM"
#define DTLS_PAIR_CM "SRTP_AES128_CM_SHA1_80"

extern const WhepAddress DTLS_PAIR_CLIENT;
extern const WhepAddress DTLS_PAIR_SERVER;

typedef struct
{
  PeerDtls client;
  WhepFingerprint fingerprint;
  SSL_CTX *context;
  WhepDtls *server;
  WhepOutbox *to_client;
  WhepOutbox *to_server;
  gint64 now_us;
  guint n_datagrams;    /* sent so far, both ways */
  gint lost;            /* the index of the one to lose, -1: none */
  gboolean is_reversed; /* later datagrams arrive first */
  GRand *loses;         /* (nullable): a fifth is lost */
} DtlsPair;

/* Between init and start, a test may change either end. */
void dtls_pair_init (DtlsPair *self, const gchar *profiles);
void dtls_pair_start (DtlsPair *self);
void dtls_pair_clear (DtlsPair *self);

/* The fingerprint of the client's certificate that our end is given. */
void dtls_pair_set_fingerprint (DtlsPair *self, const gchar *name,
    const EVP_MD *hash);
void dtls_pair_set_time (DtlsPair *self, gint64 now_us);

void dtls_pair_server_receives (DtlsPair *self, const guint8 *data, gsize size);
/* Returns FALSE if no datagram was in flight. */
gboolean dtls_pair_deliver (DtlsPair *self, WhepOutbox *outbox,
    gboolean is_for_server);
/* Runs until the handshake has succeeded or failed at both ends. */
void dtls_pair_exchange (DtlsPair *self);
/* A whole handshake, with GCM. */
void dtls_pair_connect (DtlsPair *self);

void dtls_pair_assert_connected (const DtlsPair *self);
void dtls_pair_assert_failed (const DtlsPair *self, const gchar *why);
/* Compares the client's keys of RFC 5764 section 4.2 with ours. */
void dtls_pair_assert_keys_agree (const DtlsPair *self,
    WhepSrtpProfile expected);

G_END_DECLS
