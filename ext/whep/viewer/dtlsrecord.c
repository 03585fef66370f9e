/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Alerts of a DTLS 1.2 connection: see dtlsrecord.h. */

#include "ext/whep/viewer/dtlsrecord.h"

#include <openssl/core_names.h>
#include <openssl/kdf.h>
#include <string.h>

#define VERSION_1_2 0xfefd
#define EPOCH 1
/* OpenSSL counted its own records of this epoch from 0; a receiver accepts any
 * higher number (RFC 6347 section 4.1.2.6). */
#define FIRST_SEQ (G_GUINT64_CONSTANT (1) << 32)

#define ALERT_SIZE 2
#define TAG_SIZE 16
#define NONCE_SIZE 12
/* RFC 5288 section 3: a salt of 4 bytes, and 8 bytes that each record
 * carries. */
#define GCM_SALT_SIZE 4
#define GCM_EXPLICIT_SIZE 8
/* RFC 6347 section 4.1.2.1, RFC 5246 section 6.2.3.3: epoch and sequence
 * number, type, version, length of the plaintext. */
#define AAD_SIZE 13

#define MASTER_SIZE 48
#define LABEL "key expansion"
#define LABEL_SIZE (sizeof (LABEL) - 1)

typedef struct
{
  int nid;
  const EVP_CIPHER *(*cipher) (void);
  gsize key_size;
  gsize iv_size;       /* of the key block */
  gsize explicit_size; /* of each record's nonce */
} Suite;

static const Suite suites[] = {
  { NID_aes_128_gcm, EVP_aes_128_gcm, 16, GCM_SALT_SIZE, GCM_EXPLICIT_SIZE },
  { NID_aes_256_gcm, EVP_aes_256_gcm, 32, GCM_SALT_SIZE, GCM_EXPLICIT_SIZE },
  { NID_chacha20_poly1305, EVP_chacha20_poly1305, 32, NONCE_SIZE, 0 },
};

static const Suite *
find_suite (int nid)
{
  for (guint i = 0; i < G_N_ELEMENTS (suites); i++)
    if (suites[i].nid == nid)
      return &suites[i];
  return NULL;
}

/* RFC 5246 section 6.3; the digest is the cipher suite's. */
static gboolean
expand (SSL *ssl, guint8 *block, gsize size)
{
  const EVP_MD *digest =
      SSL_CIPHER_get_handshake_digest (SSL_get_current_cipher (ssl));
  EVP_KDF *kdf = EVP_KDF_fetch (NULL, "TLS1-PRF", NULL);
  EVP_KDF_CTX *context = EVP_KDF_CTX_new (kdf);
  guint8 master[MASTER_SIZE];
  guint8 seed[LABEL_SIZE + 2 * SSL3_RANDOM_SIZE];
  guint8 *randoms = seed + LABEL_SIZE;
  OSSL_PARAM params[4];
  gboolean is_done;

  memcpy (seed, LABEL, LABEL_SIZE);
  SSL_get_server_random (ssl, randoms, SSL3_RANDOM_SIZE);
  SSL_get_client_random (ssl, randoms + SSL3_RANDOM_SIZE, SSL3_RANDOM_SIZE);
  SSL_SESSION_get_master_key (SSL_get_session (ssl), master, MASTER_SIZE);

  params[0] = OSSL_PARAM_construct_utf8_string (OSSL_KDF_PARAM_DIGEST,
      (char *) EVP_MD_get0_name (digest), 0);
  params[1] = OSSL_PARAM_construct_octet_string (OSSL_KDF_PARAM_SECRET, master,
      MASTER_SIZE);
  params[2] = OSSL_PARAM_construct_octet_string (OSSL_KDF_PARAM_SEED, seed,
      sizeof (seed));
  params[3] = OSSL_PARAM_construct_end ();
  is_done = EVP_KDF_derive (context, block, size, params) == 1;

  OPENSSL_cleanse (master, sizeof (master));
  EVP_KDF_CTX_free (context);
  EVP_KDF_free (kdf);
  return is_done;
}

/* The client's key, the server's, the client's IV, the server's; we are the
 * server. */
gboolean
whep_dtls_keys_init (WhepDtlsKeys *self, SSL *ssl)
{
  int nid = SSL_CIPHER_get_cipher_nid (SSL_get_current_cipher (ssl));
  const Suite *suite = find_suite (nid);
  guint8 block[2 * (sizeof (self->ours.key) + sizeof (self->ours.iv))];
  const guint8 *at = block;

  memset (self, 0, sizeof (*self));
  if (suite == NULL ||
      !expand (ssl, block, 2 * (suite->key_size + suite->iv_size)))
    return FALSE;

  memcpy (self->theirs.key, at, suite->key_size);
  memcpy (self->ours.key, at += suite->key_size, suite->key_size);
  memcpy (self->theirs.iv, at += suite->key_size, suite->iv_size);
  memcpy (self->ours.iv, at += suite->iv_size, suite->iv_size);
  OPENSSL_cleanse (block, sizeof (block));
  self->cipher_nid = nid;
  self->next_seq = FIRST_SEQ;
  return TRUE;
}

static guint16
read_u16 (const guint8 *data)
{
  return data[0] << 8 | data[1];
}

gboolean
whep_dtls_record_next (const guint8 **data, gsize *size, WhepDtlsRecord *record)
{
  gsize whole;

  if (*size < WHEP_DTLS_HEADER_SIZE)
    return FALSE;
  whole = WHEP_DTLS_HEADER_SIZE + read_u16 (*data + 11);
  if (whole > *size)
    return FALSE;

  record->type = (*data)[0];
  record->epoch = read_u16 (*data + 3);
  record->data = *data;
  record->size = whole;
  *data += whole;
  *size -= whole;
  return TRUE;
}

/* RFC 5288 section 3; RFC 7905 section 2: the IV XORed with the record's
 * number. */
static void
make_nonce (const Suite *suite, const WhepDtlsKey *key, const guint8 *record,
    guint8 *nonce)
{
  memset (nonce, 0, NONCE_SIZE);
  memcpy (nonce, key->iv, suite->iv_size);
  if (suite->explicit_size > 0) {
    memcpy (nonce + GCM_SALT_SIZE, record + WHEP_DTLS_HEADER_SIZE,
        GCM_EXPLICIT_SIZE);
    return;
  }
  for (guint i = 0; i < 8; i++)
    nonce[4 + i] ^= record[3 + i];
}

static void
make_aad (const guint8 *record, guint8 *aad)
{
  memcpy (aad, record + 3, 8);
  memcpy (aad + 8, record, 3);
  aad[11] = 0;
  aad[12] = ALERT_SIZE;
}

/* Encrypts or decrypts the alert in @text in place; its tag follows it. */
static gboolean
cipher_alert (const Suite *suite, const WhepDtlsKey *key, gboolean is_sealing,
    const guint8 *record, guint8 *text)
{
  EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new ();
  guint8 nonce[NONCE_SIZE], aad[AAD_SIZE];
  guint8 *tag = text + ALERT_SIZE;
  gboolean is_done;
  int size;

  make_nonce (suite, key, record, nonce);
  make_aad (record, aad);
  is_done = EVP_CipherInit_ex (context, suite->cipher (), NULL, key->key, nonce,
                is_sealing) == 1 &&
      EVP_CipherUpdate (context, NULL, &size, aad, AAD_SIZE) == 1 &&
      (is_sealing ||
          EVP_CIPHER_CTX_ctrl (context, EVP_CTRL_AEAD_SET_TAG, TAG_SIZE, tag) ==
              1) &&
      EVP_CipherUpdate (context, text, &size, text, ALERT_SIZE) == 1 &&
      EVP_CipherFinal_ex (context, text + size, &size) == 1 &&
      (!is_sealing ||
          EVP_CIPHER_CTX_ctrl (context, EVP_CTRL_AEAD_GET_TAG, TAG_SIZE, tag) ==
              1);
  EVP_CIPHER_CTX_free (context);
  return is_done;
}

static void
put_header (guint8 *out, guint64 seq, gsize length)
{
  out[0] = WHEP_DTLS_TYPE_ALERT;
  out[1] = VERSION_1_2 >> 8;
  out[2] = VERSION_1_2 & 0xff;
  out[3] = EPOCH >> 8;
  out[4] = EPOCH;
  for (guint i = 0; i < 6; i++)
    out[5 + i] = seq >> (8 * (5 - i));
  out[11] = length >> 8;
  out[12] = length;
}

gsize
whep_dtls_seal_alert (WhepDtlsKeys *self, guint8 level, guint8 description,
    guint8 *out)
{
  const Suite *suite = find_suite (self->cipher_nid);
  guint8 *text = out + WHEP_DTLS_HEADER_SIZE + suite->explicit_size;
  gboolean is_sealed;

  put_header (out, self->next_seq++,
      suite->explicit_size + ALERT_SIZE + TAG_SIZE);
  memcpy (out + WHEP_DTLS_HEADER_SIZE, out + 3, suite->explicit_size);
  text[0] = level;
  text[1] = description;
  is_sealed = cipher_alert (suite, &self->ours, TRUE, out, text);
  g_assert (is_sealed);
  return text + ALERT_SIZE + TAG_SIZE - out;
}

gboolean
whep_dtls_open_alert (const WhepDtlsKeys *self, const WhepDtlsRecord *record,
    guint8 *level, guint8 *description)
{
  const Suite *suite = find_suite (self->cipher_nid);
  gsize start = WHEP_DTLS_HEADER_SIZE + suite->explicit_size;
  guint8 text[ALERT_SIZE + TAG_SIZE];

  if (record->type != WHEP_DTLS_TYPE_ALERT || record->epoch != EPOCH)
    return FALSE;
  if (record->size != start + sizeof (text))
    return FALSE;
  memcpy (text, record->data + start, sizeof (text));
  if (!cipher_alert (suite, &self->theirs, FALSE, record->data, text))
    return FALSE;
  *level = text[0];
  *description = text[1];
  return TRUE;
}
