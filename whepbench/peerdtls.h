/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One end of DTLS 1.2 with use_srtp, and the resulting SRTP sessions of
 * libsrtp2 (RFC 5764). Embedded in the peer. */

#pragma once

#include "ext/whep/viewer/outbox.h"
#include "ext/whep/viewer/srtp.h"

#include <openssl/ssl.h>
#include <srtp2/srtp.h>

G_BEGIN_DECLS

/* "AB:CD:…" of SHA-256, with the NUL. */
#define PEER_FINGERPRINT_SIZE 96
#define PEER_BOTH_PROFILES "SRTP_AEAD_AES_128_GCM:SRTP_AES128_CM_SHA1_80"

typedef struct
{
  SSL_CTX *context;
  SSL *ssl;
  gchar fingerprint[PEER_FINGERPRINT_SIZE];
  gchar remote_fingerprint[PEER_FINGERPRINT_SIZE];
  gboolean is_server;
  gboolean is_started;
  gboolean is_connected;
  gboolean is_closed; /* close_notify or a fatal alert was received */
  gboolean has_failed;
  /* The datagram that the BIO reads now, and the outbox that it writes to. */
  const guint8 *datagram;
  gsize datagram_size;
  WhepOutbox *out;
  const WhepAddress *to;
} PeerDtls;

/* @profiles has the syntax of SSL_CTX_set_tlsext_use_srtp(). */
void peer_dtls_init (PeerDtls *self, const gchar *profiles);
void peer_dtls_clear (PeerDtls *self);

/* Sends the ClientHello, or waits for one if the other end is the client. Its
 * certificate must have the fingerprint @remote; empty for any. */
void peer_dtls_start (PeerDtls *self, gboolean is_server, const gchar *remote,
    const WhepAddress *to, WhepOutbox *out);
void peer_dtls_receive (PeerDtls *self, const guint8 *data, gsize size,
    const WhepAddress *to, WhepOutbox *out);
void peer_dtls_tick (PeerDtls *self, const WhepAddress *to, WhepOutbox *out);
gint64 peer_dtls_deadline_us (const PeerDtls *self, gint64 now_us);
void peer_dtls_close (PeerDtls *self, const WhepAddress *to, WhepOutbox *out);

/* Only once connected: the name of the profile, and an SRTP session for what
 * arrives or for what is sent. */
const gchar *peer_dtls_profile (const PeerDtls *self);
srtp_t peer_dtls_new_inbound (const PeerDtls *self);
srtp_t peer_dtls_new_outbound (const PeerDtls *self);
/* Our own SRTP, to encrypt RTCP with: a session of Debian's libsrtp2 gets
 * slower with the number of sessions, and takes milliseconds with hundreds. */
WhepSrtp *peer_dtls_new_sealer (const PeerDtls *self);

G_END_DECLS
