/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The passive DTLS endpoint of one viewer: see dtls.h. */

#include "ext/whep/viewer/dtls.h"
#include "ext/whep/viewer/dtlsrecord.h"

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/srtp.h>
#include <openssl/x509.h>
#include <string.h>

/* Every browser supports these. Our certificate is ECDSA; suites without
 * forward secrecy or without AEAD are excluded. */
#define CIPHERS                                                                \
  "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"               \
  "ECDHE-ECDSA-CHACHA20-POLY1305"
#define GROUPS "X25519:P-256:P-384"
/* In our order of preference: GCM takes half the CPU time. */
#define SRTP_PROFILES "SRTP_AEAD_AES_128_GCM:SRTP_AES128_CM_SHA1_80"
/* Of UDP payload; fits every path that carries WebRTC media. */
#define MTU_BYTES 1200
/* RFC 6347 section 4.2.4.1 recommends an initial timer of one second, and
 * allows a shorter one for implementations that know their network: a viewer is
 * waiting for a picture. */
#define FIRST_RETRANSMIT_US (200 * 1000)
#define LAST_RETRANSMIT_US (4 * 1000 * 1000)
/* ChangeCipherSpec and Finished, with room to spare. */
#define LAST_FLIGHT_MAX 256
/* A client that has missed the flight this many times has other problems. */
#define LAST_FLIGHT_TIMES 16

/* RFC 5764 section 4.2. */
#define EXPORTER_LABEL "EXTRACTOR-dtls_srtp"
#define GCM_SALT_SIZE 12

struct _WhepDtls
{
  SSL *ssl; /* NULL once the handshake has succeeded */
  const WhepFingerprint *peer;
  WhepDtlsState state;
  const gchar *why; /* static */
  gint64 give_up_us;

  /* Used once connected. */
  WhepDtlsKeys keys;
  WhepSrtpProfile profile;
  WhepSrtpKey ours;
  WhepSrtpKey theirs;
  guint n_flights_left;
  guint8 last_flight[LAST_FLIGHT_MAX];
  gsize last_flight_size; /* of the current call, or the last one */

  /* Valid during a call, for the BIO. */
  const guint8 *data;
  gsize size;
  const WhepAddress *to;
  WhepOutbox *out;
};

/* There is at most one datagram, and it is read whole. */
static int
datagram_read (BIO *bio, char *buffer, int size)
{
  WhepDtls *self = BIO_get_data (bio);
  gsize n_read = MIN ((gsize) size, self->size);

  BIO_clear_retry_flags (bio);
  if (self->data == NULL) {
    BIO_set_retry_read (bio);
    return -1;
  }
  memcpy (buffer, self->data, n_read);
  self->data = NULL;
  return n_read;
}

/* A datagram for which there is no room counts as lost in the network: it is
 * retransmitted. */
static void
put_datagram (WhepDtls *self, const void *data, gsize size)
{
  guint8 *room = NULL;

  if (self->out != NULL)
    room = whep_outbox_reserve (self->out, size);
  if (room == NULL)
    return;
  memcpy (room, data, size);
  whep_outbox_commit (self->out, self->to, size);
}

/* Records may share a datagram, so those of a flight are kept as one. */
static void
keep_flight (WhepDtls *self, const char *data, gsize size)
{
  if (size > LAST_FLIGHT_MAX - self->last_flight_size)
    return;
  memcpy (self->last_flight + self->last_flight_size, data, size);
  self->last_flight_size += size;
}

static int
datagram_write (BIO *bio, const char *data, int size)
{
  WhepDtls *self = BIO_get_data (bio);

  BIO_clear_retry_flags (bio);
  keep_flight (self, data, size);
  put_datagram (self, data, size);
  return size;
}

static long
datagram_ctrl (BIO *bio, int command, long number, void *pointer)
{
  return command == BIO_CTRL_FLUSH ? 1 : 0;
}

static const BIO_METHOD *
datagram_method (void)
{
  static gsize method = 0;

  if (g_once_init_enter (&method)) {
    BIO_METHOD *made =
        BIO_meth_new (BIO_get_new_index () | BIO_TYPE_SOURCE_SINK,
            "viewer's datagrams");

    BIO_meth_set_read (made, datagram_read);
    BIO_meth_set_write (made, datagram_write);
    BIO_meth_set_ctrl (made, datagram_ctrl);
    g_once_init_leave (&method, (gsize) made);
  }
  return (const BIO_METHOD *) method;
}

/* RFC 8122 section 5. */
static const EVP_MD *
find_hash (const gchar *name)
{
  static const struct
  {
    const gchar *name;
    const EVP_MD *(*hash) (void);
  } hashes[] = {
    { "sha-1", EVP_sha1 },
    { "sha-224", EVP_sha224 },
    { "sha-256", EVP_sha256 },
    { "sha-384", EVP_sha384 },
    { "sha-512", EVP_sha512 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (hashes); i++)
    if (g_ascii_strcasecmp (name, hashes[i].name) == 0)
      return hashes[i].hash ();
  return NULL;
}

static gboolean
is_peer (const WhepFingerprint *expected, X509 *certificate)
{
  const EVP_MD *hash = find_hash (expected->hash);
  guint8 digest[EVP_MAX_MD_SIZE];
  guint size;

  return hash != NULL && certificate != NULL &&
      X509_digest (certificate, hash, digest, &size) == 1 &&
      size == expected->size &&
      CRYPTO_memcmp (digest, expected->value, size) == 0;
}

static void
set_state (WhepDtls *self, WhepDtlsState state, const gchar *why)
{
  g_assert (self->state <= WHEP_DTLS_CONNECTED && state > self->state);

  self->state = state;
  self->why = why;
}

/* Replaces OpenSSL's verification: browsers use self-signed certificates, and
 * the fingerprint, which came over HTTP, is all there is to trust. */
static int
verify_peer (X509_STORE_CTX *store, void *nothing)
{
  SSL *ssl =
      X509_STORE_CTX_get_ex_data (store, SSL_get_ex_data_X509_STORE_CTX_idx ());
  WhepDtls *self = SSL_get_app_data (ssl);

  if (is_peer (self->peer, X509_STORE_CTX_get0_cert (store)))
    return 1;

  X509_STORE_CTX_set_error (store, X509_V_ERR_CERT_REJECTED);
  set_state (self, WHEP_DTLS_FAILED,
      "the certificate does not match the fingerprint in the offer");
  return 0;
}

SSL_CTX *
whep_dtls_context_new (X509 *certificate, EVP_PKEY *key)
{
  SSL_CTX *context = SSL_CTX_new (DTLS_server_method ());
  gboolean is_set_up;

  SSL_CTX_set_options (context,
      SSL_OP_NO_QUERY_MTU | SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION |
          SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_session_cache_mode (context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_mode (context, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_verify (context,
      SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
  SSL_CTX_set_cert_verify_callback (context, verify_peer, NULL);
  is_set_up = SSL_CTX_set_min_proto_version (context, DTLS1_2_VERSION) &&
      SSL_CTX_set_max_proto_version (context, DTLS1_2_VERSION) &&
      SSL_CTX_set_cipher_list (context, CIPHERS) &&
      SSL_CTX_set1_groups_list (context, GROUPS) &&
      SSL_CTX_set_tlsext_use_srtp (context, SRTP_PROFILES) == 0 &&
      SSL_CTX_use_certificate (context, certificate) &&
      SSL_CTX_use_PrivateKey (context, key);
  g_assert (is_set_up);
  return context;
}

static unsigned int
next_timeout_us (SSL *ssl, unsigned int last_us)
{
  if (last_us == 0)
    return FIRST_RETRANSMIT_US;
  return MIN (2 * last_us, LAST_RETRANSMIT_US);
}

gboolean
whep_dtls_is_record (guint8 byte)
{
  return byte >= 20 && byte <= 63;
}

WhepDtls *
whep_dtls_new (SSL_CTX *context, const WhepFingerprint *peer, gint64 now_us)
{
  WhepDtls *self = g_new0 (WhepDtls, 1);
  BIO *bio = BIO_new (datagram_method ());

  self->peer = peer;
  self->state = WHEP_DTLS_HANDSHAKING;
  self->why = "";
  self->give_up_us = now_us + WHEP_DTLS_TIMEOUT_US;

  BIO_set_data (bio, self);
  BIO_set_init (bio, 1);
  self->ssl = SSL_new (context);
  SSL_set_app_data (self->ssl, self);
  SSL_set_bio (self->ssl, bio, bio);
  SSL_set_accept_state (self->ssl);
  DTLS_set_link_mtu (self->ssl, MTU_BYTES);
  DTLS_set_timer_cb (self->ssl, next_timeout_us);
  return self;
}

void
whep_dtls_free (WhepDtls *self)
{
  if (self == NULL)
    return;

  SSL_free (self->ssl);
  OPENSSL_cleanse (self, sizeof (*self));
  g_free (self);
}

/* Every use of OpenSSL is between begin() and end(): its error queue belongs to
 * the thread, and its record buffers take 34 KB that are not needed between
 * calls. Once connected, OpenSSL's object is not needed at all. */
static void
begin (WhepDtls *self, const WhepAddress *to, WhepOutbox *out)
{
  self->to = to;
  self->out = out;
  if (self->ssl == NULL)
    return;
  ERR_clear_error ();
  SSL_alloc_buffers (self->ssl);
  self->last_flight_size = 0;
}

static void
end (WhepDtls *self)
{
  if (self->ssl != NULL) {
    SSL_free_buffers (self->ssl);
    ERR_clear_error ();
  }
  if (self->state == WHEP_DTLS_CONNECTED)
    g_clear_pointer (&self->ssl, SSL_free);
  self->data = NULL;
  self->to = NULL;
  self->out = NULL;
}

/* OpenSSL reports an alert of the peer as its number plus an offset; its own
 * text of that error differs between versions.
 *
 * Returns: static, (nullable): what the alert means; NULL if @error is not
 * one. */
static const gchar *
alert_of (unsigned long error)
{
  gint reason = ERR_GET_REASON (error);

  if (ERR_GET_LIB (error) != ERR_LIB_SSL || reason <= SSL_AD_REASON_OFFSET)
    return NULL;
  return SSL_alert_desc_string_long (reason - SSL_AD_REASON_OFFSET);
}

static void
give_up (WhepDtls *self)
{
  unsigned long error = ERR_peek_error ();
  const gchar *alert = alert_of (error);
  const gchar *reason = ERR_reason_error_string (error);

  if (self->state >= WHEP_DTLS_CLOSED)
    return;
  if (alert != NULL)
    set_state (self, WHEP_DTLS_CLOSED, alert);
  else if (SSL_get_shutdown (self->ssl) & SSL_RECEIVED_SHUTDOWN)
    set_state (self, WHEP_DTLS_CLOSED, "closed by the viewer");
  else
    set_state (self, WHEP_DTLS_FAILED, reason != NULL ? reason : "DTLS failed");
}

static void
follow_result (WhepDtls *self, int result)
{
  int error = SSL_get_error (self->ssl, result);

  if (error == SSL_ERROR_WANT_READ)
    return;
  /* RFC 5246 section 7.2.1: a close_notify is answered with one. */
  if (error == SSL_ERROR_ZERO_RETURN)
    SSL_shutdown (self->ssl);
  give_up (self);
}

/* RFC 5764 section 4.2: the client's key, the server's, the client's salt, the
 * server's. We are the server. */
static gboolean
export_keys (WhepDtls *self)
{
  guint8 keys[2 * (WHEP_SRTP_KEY_SIZE + WHEP_SRTP_SALT_MAX)];
  const guint8 *salts = keys + 2 * WHEP_SRTP_KEY_SIZE;
  gsize salt_size = WHEP_SRTP_SALT_MAX;

  self->profile = SSL_get_selected_srtp_profile (self->ssl)->id;
  if (self->profile == WHEP_SRTP_AEAD_AES_128_GCM)
    salt_size = GCM_SALT_SIZE;
  if (SSL_export_keying_material (self->ssl, keys,
          2 * (WHEP_SRTP_KEY_SIZE + salt_size), EXPORTER_LABEL,
          strlen (EXPORTER_LABEL), NULL, 0, 0) != 1)
    return FALSE;
  memcpy (self->theirs.key, keys, WHEP_SRTP_KEY_SIZE);
  memcpy (self->ours.key, keys + WHEP_SRTP_KEY_SIZE, WHEP_SRTP_KEY_SIZE);
  memcpy (self->theirs.salt, salts, salt_size);
  memcpy (self->ours.salt, salts + salt_size, salt_size);
  OPENSSL_cleanse (keys, sizeof (keys));
  return TRUE;
}

static void
shake_hands (WhepDtls *self)
{
  int result = SSL_do_handshake (self->ssl);

  if (result != 1) {
    follow_result (self, result);
    return;
  }
  if (SSL_get_selected_srtp_profile (self->ssl) == NULL) {
    SSL_shutdown (self->ssl);
    set_state (self, WHEP_DTLS_FAILED, "no SRTP profile in common");
    return;
  }
  if (!export_keys (self) || !whep_dtls_keys_init (&self->keys, self->ssl)) {
    SSL_shutdown (self->ssl);
    set_state (self, WHEP_DTLS_FAILED, "no keys could be exported");
    return;
  }
  self->n_flights_left = LAST_FLIGHT_TIMES;
  set_state (self, WHEP_DTLS_CONNECTED, "");
}

/* RFC 6347 section 4.2.4: a client that sends its Finished again has not
 * received ours. */
static void
send_last_flight (WhepDtls *self)
{
  if (self->n_flights_left == 0)
    return;
  self->n_flights_left--;
  put_datagram (self, self->last_flight, self->last_flight_size);
}

static void
send_close_notify (WhepDtls *self)
{
  guint8 alert[WHEP_DTLS_ALERT_MAX];

  put_datagram (self, alert,
      whep_dtls_seal_alert (&self->keys, SSL3_AL_WARNING, SSL_AD_CLOSE_NOTIFY,
          alert));
}

/* RFC 5246 section 7.2.1: a close_notify is answered with one. */
static void
read_alert (WhepDtls *self, const WhepDtlsRecord *record)
{
  guint8 level, description;

  if (!whep_dtls_open_alert (&self->keys, record, &level, &description))
    return;
  if (description == SSL_AD_CLOSE_NOTIFY) {
    send_close_notify (self);
    set_state (self, WHEP_DTLS_CLOSED, "closed by the viewer");
  } else if (level == SSL3_AL_FATAL) {
    set_state (self, WHEP_DTLS_CLOSED,
        SSL_alert_desc_string_long (description));
  }
}

/* Data channels were not negotiated: application data is ignored. */
static void
read_records (WhepDtls *self)
{
  const guint8 *data = self->data;
  gsize size = self->size;
  WhepDtlsRecord record;

  /* Each record consumes at least a header's size of the datagram. */
  while (self->state == WHEP_DTLS_CONNECTED &&
      whep_dtls_record_next (&data, &size, &record)) {
    if (record.type == WHEP_DTLS_TYPE_HANDSHAKE && record.epoch > 0)
      send_last_flight (self);
    if (record.type == WHEP_DTLS_TYPE_ALERT)
      read_alert (self, &record);
  }
}

void
whep_dtls_receive (WhepDtls *self, const guint8 *data, gsize size,
    const WhepAddress *to, gint64 now_us, WhepOutbox *out)
{
  if (size == 0)
    return;

  begin (self, to, out);
  self->data = data;
  self->size = size;
  if (self->state == WHEP_DTLS_HANDSHAKING)
    shake_hands (self);
  else if (self->state == WHEP_DTLS_CONNECTED)
    read_records (self);
  end (self);
}

void
whep_dtls_tick (WhepDtls *self, const WhepAddress *to, gint64 now_us,
    WhepOutbox *out)
{
  if (self->state != WHEP_DTLS_HANDSHAKING)
    return;
  if (now_us >= self->give_up_us) {
    set_state (self, WHEP_DTLS_FAILED, "the handshake took too long");
    return;
  }
  begin (self, to, out);
  if (DTLSv1_handle_timeout (self->ssl) < 0)
    give_up (self);
  end (self);
}

gint64
whep_dtls_deadline_us (const WhepDtls *self, gint64 now_us)
{
  struct timeval left;

  if (self->state != WHEP_DTLS_HANDSHAKING)
    return G_MAXINT64;
  if (!DTLSv1_get_timeout (self->ssl, &left))
    return self->give_up_us;
  return MIN (self->give_up_us,
      now_us + left.tv_sec * G_USEC_PER_SEC + left.tv_usec);
}

WhepDtlsState
whep_dtls_state (const WhepDtls *self)
{
  return self->state;
}

const gchar *
whep_dtls_why (const WhepDtls *self)
{
  return self->why;
}

void
whep_dtls_export_keys (const WhepDtls *self, WhepSrtpProfile *profile,
    WhepSrtpKey *ours, WhepSrtpKey *theirs)
{
  g_assert (self->state == WHEP_DTLS_CONNECTED);

  *profile = self->profile;
  *ours = self->ours;
  *theirs = self->theirs;
}

void
whep_dtls_close (WhepDtls *self, const WhepAddress *to, WhepOutbox *out)
{
  if (self->state >= WHEP_DTLS_CLOSED)
    return;

  begin (self, to, out);
  if (self->ssl != NULL)
    SSL_shutdown (self->ssl);
  else
    send_close_notify (self);
  end (self);
  set_state (self, WHEP_DTLS_CLOSED, "closed by us");
}
