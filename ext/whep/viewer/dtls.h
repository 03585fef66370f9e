/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The passive DTLS endpoint of one viewer, up to the SRTP keys (RFC 5764).
 *
 * OpenSSL does the handshake over a custom BIO that preserves datagram
 * boundaries. The client's certificate must have the fingerprint that its offer
 * named (RFC 8122). OpenSSL 3.0 reads the clock itself for its retransmission
 * timers; everything else takes time as an argument. Owned by the viewer. */

#pragma once

#include "ext/whep/viewer/outbox.h"
#include "ext/whep/viewer/srtp.h"

#include <openssl/ssl.h>

G_BEGIN_DECLS

/* A handshake that has not completed by then fails. */
#define WHEP_DTLS_TIMEOUT_US (15 * G_USEC_PER_SEC)
#define WHEP_FINGERPRINT_MAX 64

/* The contents of an offer's a=fingerprint: a hash's name as in SDP ("sha-256")
 * and its value. */
typedef struct
{
  gchar hash[16];
  guint8 value[WHEP_FINGERPRINT_MAX];
  gsize size;
} WhepFingerprint;

typedef enum
{
  WHEP_DTLS_HANDSHAKING,
  WHEP_DTLS_CONNECTED,
  WHEP_DTLS_CLOSED, /* by close_notify or a fatal alert */
  WHEP_DTLS_FAILED, /* see whep_dtls_why() */
} WhepDtlsState;

/* Takes 8 KB, 36 KB during the handshake, and 1 KB once connected: OpenSSL's
 * object is freed then, and what remains answers a client that missed our last
 * flight and handles the end of the connection. */
typedef struct _WhepDtls WhepDtls;

/* The context that all viewers share: DTLS 1.2, passive, requests the client's
 * certificate, offers both SRTP profiles. Keeps no reference to either
 * argument. */
SSL_CTX *whep_dtls_context_new (X509 *certificate, EVP_PKEY *key);

/* Whether a datagram whose first byte is @byte is DTLS (RFC 7983 section 7). */
gboolean whep_dtls_is_record (guint8 byte);

/* @peer must outlive it. */
WhepDtls *whep_dtls_new (SSL_CTX *context, const WhepFingerprint *peer,
    gint64 now_us);
void whep_dtls_free (WhepDtls *self);

/* Handles one datagram and leaves the answer in @out, addressed to @to. */
void whep_dtls_receive (WhepDtls *self, const guint8 *data, gsize size,
    const WhepAddress *to, gint64 now_us, WhepOutbox *out);

/* Retransmits what has not been answered; fails a handshake that has taken too
 * long. To be called when whep_dtls_deadline_us() has passed. */
void whep_dtls_tick (WhepDtls *self, const WhepAddress *to, gint64 now_us,
    WhepOutbox *out);

/* Returns: when to call whep_dtls_tick(), G_MAXINT64 for never. */
gint64 whep_dtls_deadline_us (const WhepDtls *self, gint64 now_us);

WhepDtlsState whep_dtls_state (const WhepDtls *self);
/* Returns: why it closed or failed; a static string. */
const gchar *whep_dtls_why (const WhepDtls *self);

/* The keys of both directions, RFC 5764 section 4.2; once connected. */
void whep_dtls_export_keys (const WhepDtls *self, WhepSrtpProfile *profile,
    WhepSrtpKey *ours, WhepSrtpKey *theirs);

/* Leaves a close_notify in @out. */
void whep_dtls_close (WhepDtls *self, const WhepAddress *to, WhepOutbox *out);

G_END_DECLS
