/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Alerts of a DTLS 1.2 connection whose handshake has completed (RFC 6347
 * section 4.1), sealed and opened with the keys alone.
 *
 * SRTP needs DTLS only for its keys; after the handshake, all that can still
 * happen is that either end closes the connection. These 100 bytes per viewer
 * are enough for that, so that OpenSSL's object of tens of kilobytes can be
 * freed. Pure. */

#pragma once

#include <glib.h>
#include <openssl/ssl.h>

G_BEGIN_DECLS

/* RFC 5246 section 6.2.1. */
#define WHEP_DTLS_TYPE_ALERT 21
#define WHEP_DTLS_TYPE_HANDSHAKE 22
/* RFC 6347 section 4.1: type, version, epoch, sequence number, length. */
#define WHEP_DTLS_HEADER_SIZE 13
/* Header, explicit nonce, the alert's two bytes, tag. */
#define WHEP_DTLS_ALERT_MAX (WHEP_DTLS_HEADER_SIZE + 8 + 2 + 16)

/* One direction. */
typedef struct
{
  guint8 key[32];
  guint8 iv[12]; /* GCM uses 4 bytes of it */
} WhepDtlsKey;

typedef struct
{
  int cipher_nid;
  WhepDtlsKey ours;
  WhepDtlsKey theirs;
  guint64 next_seq; /* the next that we send, in epoch 1 */
} WhepDtlsKeys;

/* One record of a datagram. */
typedef struct
{
  guint8 type;
  guint16 epoch;
  const guint8 *data; /* including the header */
  gsize size;
} WhepDtlsRecord;

/* Derives the keys from a completed handshake. Returns FALSE if the cipher
 * suite is neither AES-GCM nor ChaCha20-Poly1305. */
gboolean whep_dtls_keys_init (WhepDtlsKeys *self, SSL *ssl);

/* Splits the first record off @data. Returns FALSE if there is no complete
 * one. */
gboolean whep_dtls_record_next (const guint8 **data, gsize *size,
    WhepDtlsRecord *record);

/* Writes an alert into @out, which has room for WHEP_DTLS_ALERT_MAX. Returns
 * its size. */
gsize whep_dtls_seal_alert (WhepDtlsKeys *self, guint8 level,
    guint8 description, guint8 *out);
/* Returns FALSE if @record is not an authentic alert of the peer. */
gboolean whep_dtls_open_alert (const WhepDtlsKeys *self,
    const WhepDtlsRecord *record, guint8 *level, guint8 *description);

G_END_DECLS
