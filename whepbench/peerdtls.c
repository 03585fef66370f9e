/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One end of DTLS and its SRTP keys: see peerdtls.h. */

#include "whepbench/peerdtls.h"

#include <openssl/err.h>
#include <openssl/x509.h>

#include <string.h>

/* Chromium's MTU, which leaves room for TURN and IPv6. */
#define MTU_BYTES 1200
/* libwebrtc's window; RFC 3711 section 3.3.2 requires at least 64. */
#define REPLAY_WINDOW 1024
#define KEY_SIZE 16
#define DAY_S (24 * 60 * 60)

/* A BIO that preserves datagram boundaries: a read returns the current
 * datagram, each write adds one to the outbox. */
static gint
datagram_read (BIO *bio, gchar *buffer, gint size)
{
  PeerDtls *self = BIO_get_data (bio);
  gint n_bytes = MIN ((gsize) size, self->datagram_size);

  BIO_clear_retry_flags (bio);
  if (self->datagram == NULL) {
    BIO_set_retry_read (bio);
    return -1;
  }
  memcpy (buffer, self->datagram, n_bytes);
  self->datagram = NULL;
  return n_bytes;
}

static gint
datagram_write (BIO *bio, const gchar *data, gint size)
{
  PeerDtls *self = BIO_get_data (bio);
  guint8 *room = whep_outbox_reserve (self->out, size);

  BIO_clear_retry_flags (bio);
  if (room == NULL)
    return size; /* lost, as datagrams may be */
  memcpy (room, data, size);
  whep_outbox_commit (self->out, self->to, size);
  return size;
}

static glong
datagram_ctrl (BIO *bio, gint command, glong number, gpointer pointer)
{
  switch (command) {
    case BIO_CTRL_FLUSH:
      return 1;
    case BIO_CTRL_DGRAM_QUERY_MTU:
    case BIO_CTRL_DGRAM_GET_FALLBACK_MTU:
      return MTU_BYTES;
    default:
      return 0;
  }
}

static gint
datagram_create (BIO *bio)
{
  BIO_set_init (bio, 1);
  return 1;
}

static BIO *
datagram_bio_new (PeerDtls *self)
{
  static BIO_METHOD *method = NULL;
  BIO *bio;

  if (g_once_init_enter (&method)) {
    BIO_METHOD *made =
        BIO_meth_new (BIO_get_new_index () | BIO_TYPE_SOURCE_SINK, "peer");

    BIO_meth_set_read (made, datagram_read);
    BIO_meth_set_write (made, datagram_write);
    BIO_meth_set_ctrl (made, datagram_ctrl);
    BIO_meth_set_create (made, datagram_create);
    g_once_init_leave (&method, made);
  }
  bio = BIO_new (method);
  BIO_set_data (bio, self);
  return bio;
}

static X509 *
certificate_new (EVP_PKEY *key)
{
  X509 *certificate = X509_new ();
  X509_NAME *name = X509_get_subject_name (certificate);

  X509_set_version (certificate, 2);
  /* Its fingerprint is all that anyone looks at. */
  ASN1_INTEGER_set_uint64 (X509_get_serialNumber (certificate), 1);
  X509_gmtime_adj (X509_getm_notBefore (certificate), -DAY_S);
  X509_gmtime_adj (X509_getm_notAfter (certificate), 30 * DAY_S);
  X509_set_pubkey (certificate, key);
  X509_NAME_add_entry_by_txt (name, "CN", MBSTRING_ASC,
      (const guint8 *) "WebRTC", -1, -1, 0);
  X509_set_issuer_name (certificate, name);
  X509_sign (certificate, key, EVP_sha256 ());
  return certificate;
}

static void
write_fingerprint (X509 *certificate, gchar text[PEER_FINGERPRINT_SIZE])
{
  guint8 digest[EVP_MAX_MD_SIZE];
  guint size = 0;

  X509_digest (certificate, EVP_sha256 (), digest, &size);
  for (guint i = 0; i < size; i++)
    g_snprintf (text + 3 * i, PEER_FINGERPRINT_SIZE - 3 * i, "%02X%s",
        digest[i], i + 1 < size ? ":" : "");
}

/* The fingerprint decides about trust, after the handshake. */
static gint
accept_any (gint preverified, X509_STORE_CTX *store)
{
  return 1;
}

void
peer_dtls_init (PeerDtls *self, const gchar *profiles)
{
  EVP_PKEY *key = EVP_EC_gen ("P-256");
  X509 *certificate = certificate_new (key);

  memset (self, 0, sizeof (*self));
  self->context = SSL_CTX_new (DTLS_method ());
  SSL_CTX_set_min_proto_version (self->context, DTLS1_2_VERSION);
  SSL_CTX_set_verify (self->context,
      SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, accept_any);
  SSL_CTX_use_certificate (self->context, certificate);
  SSL_CTX_use_PrivateKey (self->context, key);
  SSL_CTX_set_options (self->context, SSL_OP_NO_QUERY_MTU);
  if (SSL_CTX_set_tlsext_use_srtp (self->context, profiles) != 0)
    g_error ("unknown SRTP profiles: %s", profiles);
  write_fingerprint (certificate, self->fingerprint);
  X509_free (certificate);
  EVP_PKEY_free (key);
}

void
peer_dtls_clear (PeerDtls *self)
{
  SSL_free (self->ssl);
  SSL_CTX_free (self->context);
  memset (self, 0, sizeof (*self));
}

static gboolean
is_other_trusted (const PeerDtls *self)
{
  gchar fingerprint[PEER_FINGERPRINT_SIZE];
  X509 *certificate = SSL_get0_peer_certificate (self->ssl);

  if (certificate == NULL)
    return FALSE;
  if (self->remote_fingerprint[0] == '\0')
    return TRUE;
  write_fingerprint (certificate, fingerprint);
  return g_ascii_strcasecmp (fingerprint, self->remote_fingerprint) == 0;
}

static void
note_end (PeerDtls *self, gint result)
{
  gint error = SSL_get_error (self->ssl, result);

  if (error == SSL_ERROR_WANT_READ)
    return;
  if (self->is_connected || error == SSL_ERROR_ZERO_RETURN)
    self->is_closed = TRUE;
  else
    self->has_failed = TRUE;
}

static void
proceed (PeerDtls *self)
{
  guint8 nothing[16];
  gint result;

  ERR_clear_error ();
  if (self->is_connected) {
    result = SSL_read (self->ssl, nothing, sizeof (nothing));
    if (result <= 0)
      note_end (self, result);
    return;
  }
  result = SSL_do_handshake (self->ssl);
  if (result != 1) {
    note_end (self, result);
    return;
  }
  if (is_other_trusted (self) && SSL_get_selected_srtp_profile (self->ssl))
    self->is_connected = TRUE;
  else
    self->has_failed = TRUE;
}

static void
lend (PeerDtls *self, const WhepAddress *to, WhepOutbox *out)
{
  self->to = to;
  self->out = out;
}

void
peer_dtls_start (PeerDtls *self, gboolean is_server, const gchar *remote,
    const WhepAddress *to, WhepOutbox *out)
{
  BIO *bio = datagram_bio_new (self);

  g_strlcpy (self->remote_fingerprint, remote,
      sizeof (self->remote_fingerprint));
  self->ssl = SSL_new (self->context);
  SSL_set_bio (self->ssl, bio, bio);
  self->is_server = is_server;
  if (is_server)
    SSL_set_accept_state (self->ssl);
  else
    SSL_set_connect_state (self->ssl);
  SSL_set_mtu (self->ssl, MTU_BYTES);
  self->is_started = TRUE;
  lend (self, to, out);
  proceed (self);
  lend (self, NULL, NULL);
}

void
peer_dtls_receive (PeerDtls *self, const guint8 *data, gsize size,
    const WhepAddress *to, WhepOutbox *out)
{
  if (!self->is_started || self->has_failed || self->is_closed)
    return;
  self->datagram = data;
  self->datagram_size = size;
  lend (self, to, out);
  proceed (self);
  lend (self, NULL, NULL);
  self->datagram = NULL;
}

static gboolean
is_timer_running (const PeerDtls *self, struct timeval *left)
{
  if (!self->is_started || self->has_failed || self->is_closed)
    return FALSE;
  return DTLSv1_get_timeout (self->ssl, left) == 1;
}

void
peer_dtls_tick (PeerDtls *self, const WhepAddress *to, WhepOutbox *out)
{
  struct timeval left;

  if (!is_timer_running (self, &left))
    return;
  lend (self, to, out);
  if (DTLSv1_handle_timeout (self->ssl) < 0)
    self->has_failed = TRUE;
  lend (self, NULL, NULL);
}

gint64
peer_dtls_deadline_us (const PeerDtls *self, gint64 now_us)
{
  struct timeval left;

  if (!is_timer_running (self, &left))
    return G_MAXINT64;
  return now_us + left.tv_sec * G_USEC_PER_SEC + left.tv_usec;
}

void
peer_dtls_close (PeerDtls *self, const WhepAddress *to, WhepOutbox *out)
{
  if (!self->is_started)
    return;
  lend (self, to, out);
  SSL_shutdown (self->ssl);
  lend (self, NULL, NULL);
  self->is_closed = TRUE;
}

const gchar *
peer_dtls_profile (const PeerDtls *self)
{
  return SSL_get_selected_srtp_profile (self->ssl)->name;
}

static srtp_t
srtp_session_new (gboolean is_gcm, srtp_ssrc_type_t type, const guint8 *key,
    const guint8 *salt, gsize salt_size)
{
  srtp_policy_t policy = { .ssrc = { .type = type },
    .window_size = REPLAY_WINDOW };
  guint8 key_and_salt[KEY_SIZE + 14];
  srtp_t session = NULL;

  memcpy (key_and_salt, key, KEY_SIZE);
  memcpy (key_and_salt + KEY_SIZE, salt, salt_size);
  policy.key = key_and_salt;
  if (is_gcm) {
    srtp_crypto_policy_set_aes_gcm_128_16_auth (&policy.rtp);
    srtp_crypto_policy_set_aes_gcm_128_16_auth (&policy.rtcp);
  } else {
    srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80 (&policy.rtp);
    srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80 (&policy.rtcp);
  }
  if (srtp_create (&session, &policy) != srtp_err_status_ok)
    g_error ("libsrtp2 rejected the keys");
  return session;
}

typedef struct
{
  gboolean is_gcm;
  gsize salt_size;
  guint8 bytes[2 * (KEY_SIZE + WHEP_SRTP_SALT_MAX)];
} Keys;

static void
export_keys (const PeerDtls *self, Keys *keys)
{
  static const gchar label[] = "EXTRACTOR-dtls_srtp";

  keys->is_gcm =
      SSL_get_selected_srtp_profile (self->ssl)->id == SRTP_AEAD_AES_128_GCM;
  keys->salt_size = keys->is_gcm ? 12 : 14;
  if (SSL_export_keying_material (self->ssl, keys->bytes,
          2 * (KEY_SIZE + keys->salt_size), label, sizeof (label) - 1, NULL, 0,
          0) != 1)
    g_error ("OpenSSL does not export keys");
}

/* RFC 5764 section 4.2: client's key, server's key, then the salts. */
static const guint8 *
key_of (const Keys *keys, gboolean is_server)
{
  return keys->bytes + (is_server ? KEY_SIZE : 0);
}

static const guint8 *
salt_of (const Keys *keys, gboolean is_server)
{
  return keys->bytes + 2 * KEY_SIZE + (is_server ? keys->salt_size : 0);
}

static srtp_t
new_session (const PeerDtls *self, srtp_ssrc_type_t type, gboolean is_server)
{
  Keys keys;

  srtp_init ();
  export_keys (self, &keys);
  return srtp_session_new (keys.is_gcm, type, key_of (&keys, is_server),
      salt_of (&keys, is_server), keys.salt_size);
}

srtp_t
peer_dtls_new_inbound (const PeerDtls *self)
{
  return new_session (self, ssrc_any_inbound, !self->is_server);
}

srtp_t
peer_dtls_new_outbound (const PeerDtls *self)
{
  return new_session (self, ssrc_any_outbound, self->is_server);
}

WhepSrtp *
peer_dtls_new_sealer (const PeerDtls *self)
{
  WhepSrtpKey ours = { { 0 } };
  Keys keys;

  export_keys (self, &keys);
  memcpy (ours.key, key_of (&keys, self->is_server), KEY_SIZE);
  memcpy (ours.salt, salt_of (&keys, self->is_server), keys.salt_size);
  return whep_srtp_new_for_rtcp (keys.is_gcm ? WHEP_SRTP_AEAD_AES_128_GCM
                                             : WHEP_SRTP_AES128_CM_SHA1_80,
      &ours);
}
