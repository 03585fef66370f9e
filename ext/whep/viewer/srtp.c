/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One direction of SRTP and SRTCP: see srtp.h. */

/* Each packet's HMAC starts from a copied SHA_CTX, because EVP contexts cannot
 * be copied or restarted without an allocation (OpenSSL 3.0). */
#define OPENSSL_SUPPRESS_DEPRECATED

#include "ext/whep/viewer/srtp.h"
#include "ext/whep/viewer/gcm.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <string.h>

#define CM_SALT_SIZE 14
#define CM_TAG_SIZE 10
#define GCM_SALT_SIZE 12
#define GCM_TAG_SIZE WHEP_GCM_TAG_SIZE
#define IV_SIZE 16
#define AUTH_KEY_SIZE 20
#define HMAC_BLOCK_SIZE 64

/* RFC 3550: the fixed header; RFC 3711 section 3.4: the part of SRTCP that is
 * not encrypted. */
#define RTP_HEADER_SIZE 12
#define RTCP_HEADER_SIZE 8
#define RTCP_INDEX_SIZE 4
#define RTCP_IS_ENCRYPTED (1u << 31)
/* RFC 3711 section 9.2: no index may be used twice under one key. */
#define RTCP_INDEX_MAX (RTCP_IS_ENCRYPTED - 1)

/* Each m-section of a browser reports under an SSRC of its own, and each SSRC
 * has its own index (RFC 3711 section 3.2.3). The ninth replaces the first. */
#define SOURCES_MAX 8
/* RFC 3711 section 3.3.2: at least 64. */
#define WINDOW_BITS 64

/* RFC 3711 section 4.3.1 and 4.3.2: SRTCP's labels are these plus 3. */
typedef enum
{
  LABEL_CIPHER = 0,
  LABEL_AUTH = 1,
  LABEL_SALT = 2,
  LABEL_RTCP = 3,
} Label;

/* The session keys of RTP or of RTCP. */
typedef struct
{
  WhepGcm *gcm; /* NULL: counter mode, with the cipher and the hashes below */
  guint8 salt[WHEP_SRTP_SALT_MAX];
  EVP_CIPHER_CTX *cipher;
  SHA_CTX inner;
  SHA_CTX outer;
} Keys;

/* The replay window of one sender's SRTCP packets: bit i of the window stands
 * for the index @highest - i. */
typedef struct
{
  guint32 ssrc;
  guint32 highest;
  guint64 window;
} Source;

struct _WhepSrtp
{
  WhepSrtpProfile profile;
  Keys rtp;
  Keys rtcp;
  guint32 rtcp_index; /* of the last packet that was encrypted */
  Source sources[SOURCES_MAX];
  guint n_sources; /* seen so far */
};

static guint32
read_u32 (const guint8 *data)
{
  return (guint32) data[0] << 24 | data[1] << 16 | data[2] << 8 | data[3];
}

static guint16
read_u16 (const guint8 *data)
{
  return data[0] << 8 | data[1];
}

static void
write_u32 (guint8 *out, guint32 value)
{
  out[0] = value >> 24;
  out[1] = value >> 16;
  out[2] = value >> 8;
  out[3] = value;
}

static void
xor_u32 (guint8 *out, guint32 value)
{
  write_u32 (out, read_u32 (out) ^ value);
}

/* Fetching is slow and takes a lock, so it is done once for all viewers. */
static const EVP_CIPHER *
ctr_cipher (void)
{
  static gsize cipher = 0;

  if (g_once_init_enter (&cipher))
    g_once_init_leave (&cipher,
        (gsize) EVP_CIPHER_fetch (NULL, "AES-128-CTR", NULL));
  return (const EVP_CIPHER *) cipher;
}

static gsize
salt_size (WhepSrtpProfile profile)
{
  return profile == WHEP_SRTP_AEAD_AES_128_GCM ? GCM_SALT_SIZE : CM_SALT_SIZE;
}

/* RFC 3711 section 4.3.3, with a key derivation rate of zero; RFC 7714 section
 * 11 pads the shorter salt with zeroes. */
static void
derive (WhepSrtpProfile profile, const WhepSrtpKey *master, guint label,
    guint8 *out, gsize size)
{
  EVP_CIPHER_CTX *cipher = EVP_CIPHER_CTX_new ();
  guint8 iv[IV_SIZE] = { 0 };
  int n_written;
  gboolean is_done;

  memcpy (iv, master->salt, salt_size (profile));
  iv[7] ^= label;
  memset (out, 0, size);
  is_done =
      EVP_EncryptInit_ex2 (cipher, ctr_cipher (), master->key, iv, NULL) &&
      EVP_EncryptUpdate (cipher, out, &n_written, out, size);
  g_assert (is_done);
  EVP_CIPHER_CTX_free (cipher);
}

/* RFC 2104: the part of both hashes that depends on the key alone. */
static void
init_hmac (Keys *keys, const guint8 *auth_key)
{
  guint8 inner[HMAC_BLOCK_SIZE];
  guint8 outer[HMAC_BLOCK_SIZE];

  memset (inner, 0x36, sizeof (inner));
  memset (outer, 0x5c, sizeof (outer));
  for (guint i = 0; i < AUTH_KEY_SIZE; i++) {
    inner[i] ^= auth_key[i];
    outer[i] ^= auth_key[i];
  }
  SHA1_Init (&keys->inner);
  SHA1_Update (&keys->inner, inner, sizeof (inner));
  SHA1_Init (&keys->outer);
  SHA1_Update (&keys->outer, outer, sizeof (outer));
  OPENSSL_cleanse (inner, sizeof (inner));
  OPENSSL_cleanse (outer, sizeof (outer));
}

/* Uses the given session keys without deriving them. */
static void
init_keys (Keys *keys, WhepSrtpProfile profile, const guint8 *cipher_key,
    const guint8 *auth_key, const guint8 *salt)
{
  gboolean is_done;

  memcpy (keys->salt, salt, salt_size (profile));
  if (profile == WHEP_SRTP_AEAD_AES_128_GCM) {
    keys->gcm = whep_gcm_new (cipher_key);
    return;
  }
  init_hmac (keys, auth_key);
  keys->cipher = EVP_CIPHER_CTX_new ();
  is_done =
      EVP_EncryptInit_ex2 (keys->cipher, ctr_cipher (), cipher_key, NULL, NULL);
  g_assert (is_done);
}

static void
free_keys (Keys *keys)
{
  whep_gcm_free (keys->gcm);
  EVP_CIPHER_CTX_free (keys->cipher);
}

static void
derive_keys (Keys *keys, WhepSrtpProfile profile, const WhepSrtpKey *master,
    guint first_label)
{
  guint8 cipher_key[WHEP_SRTP_KEY_SIZE];
  guint8 auth_key[AUTH_KEY_SIZE];
  guint8 salt[WHEP_SRTP_SALT_MAX];

  derive (profile, master, first_label + LABEL_CIPHER, cipher_key,
      sizeof (cipher_key));
  derive (profile, master, first_label + LABEL_AUTH, auth_key,
      sizeof (auth_key));
  derive (profile, master, first_label + LABEL_SALT, salt, sizeof (salt));
  init_keys (keys, profile, cipher_key, auth_key, salt);
  OPENSSL_cleanse (cipher_key, sizeof (cipher_key));
  OPENSSL_cleanse (auth_key, sizeof (auth_key));
}

/* RFC 3711 section 4.1.1 and RFC 7714 sections 8.1 and 9.1: the salt, XORed
 * with the SSRC and the 48-bit index; with GCM they are two bytes further
 * left. */
static void
make_iv (const WhepSrtp *self, const Keys *keys, guint32 ssrc, guint64 index,
    guint8 *iv)
{
  guint8 *start = iv + (self->profile == WHEP_SRTP_AEAD_AES_128_GCM ? 2 : 4);

  memset (iv, 0, IV_SIZE);
  memcpy (iv, keys->salt, sizeof (keys->salt));
  xor_u32 (start, ssrc);
  start[4] ^= index >> 40;
  start[5] ^= index >> 32;
  xor_u32 (start + 6, index);
}

/* Counter mode is its own inverse. */
static void
crypt_cm (const Keys *keys, const guint8 *iv, const guint8 *in, gsize size,
    guint8 *out)
{
  int n_written;
  gboolean is_done =
      EVP_CipherInit_ex2 (keys->cipher, NULL, NULL, iv, 1, NULL) &&
      EVP_CipherUpdate (keys->cipher, out, &n_written, in, size);

  g_assert (is_done);
}

/* RFC 3711 section 4.2: the tag covers @data, then @suffix: RTP's rollover
 * counter, which is not sent. */
static void
tag_cm (const Keys *keys, const guint8 *data, gsize size, const guint8 *suffix,
    gsize suffix_size, guint8 *tag)
{
  SHA_CTX sha = keys->inner;
  guint8 digest[SHA_DIGEST_LENGTH];

  SHA1_Update (&sha, data, size);
  SHA1_Update (&sha, suffix, suffix_size);
  SHA1_Final (digest, &sha);
  sha = keys->outer;
  SHA1_Update (&sha, digest, sizeof (digest));
  SHA1_Final (digest, &sha);
  memcpy (tag, digest, CM_TAG_SIZE);
}

WhepSrtp *
whep_srtp_new_for_rtcp (WhepSrtpProfile profile, const WhepSrtpKey *key)
{
  WhepSrtp *self = g_new0 (WhepSrtp, 1);

  self->profile = profile;
  derive_keys (&self->rtcp, profile, key, LABEL_RTCP);
  return self;
}

WhepSrtp *
whep_srtp_new (WhepSrtpProfile profile, const WhepSrtpKey *key)
{
  WhepSrtp *self = whep_srtp_new_for_rtcp (profile, key);

  derive_keys (&self->rtp, profile, key, 0);
  return self;
}

void
whep_srtp_free (WhepSrtp *self)
{
  if (self == NULL)
    return;

  free_keys (&self->rtp);
  free_keys (&self->rtcp);
  OPENSSL_cleanse (self, sizeof (*self));
  g_free (self);
}

gsize
whep_srtp_seal_rtp (WhepSrtp *self, const guint8 *header, gsize header_size,
    const guint8 *payload, gsize payload_size, guint32 roc, guint8 *out)
{
  guint8 iv[IV_SIZE];
  guint8 roc_bytes[4];
  gsize size = header_size + payload_size;

  g_assert (header_size >= RTP_HEADER_SIZE);

  make_iv (self, &self->rtp, read_u32 (header + 8),
      (guint64) roc << 16 | read_u16 (header + 2), iv);
  memcpy (out, header, header_size);

  switch (self->profile) {
    case WHEP_SRTP_AES128_CM_SHA1_80:
      crypt_cm (&self->rtp, iv, payload, payload_size, out + header_size);
      write_u32 (roc_bytes, roc);
      tag_cm (&self->rtp, out, size, roc_bytes, sizeof (roc_bytes), out + size);
      return size + CM_TAG_SIZE;
    case WHEP_SRTP_AEAD_AES_128_GCM:
      whep_gcm_seal (self->rtp.gcm, iv, header, header_size, payload,
          payload_size, out + header_size);
      return size + GCM_TAG_SIZE;
  }
  g_assert_not_reached ();
}

#define RTCP_GCM_HEADER_SIZE (RTCP_HEADER_SIZE + RTCP_INDEX_SIZE)

/* RFC 7714 section 9.2: the unencrypted part, then the index, is authenticated;
 * on the wire the index comes last. */
static void
write_rtcp_gcm_header (const guint8 *packet, const guint8 *index,
    guint8 *header)
{
  memcpy (header, packet, RTCP_HEADER_SIZE);
  memcpy (header + RTCP_HEADER_SIZE, index, RTCP_INDEX_SIZE);
}

gsize
whep_srtp_seal_rtcp (WhepSrtp *self, guint8 *packet, gsize size)
{
  guint8 iv[IV_SIZE];
  guint8 index[RTCP_INDEX_SIZE];
  guint8 header[RTCP_GCM_HEADER_SIZE];
  guint8 *body = packet + RTCP_HEADER_SIZE;
  gsize body_size = size - RTCP_HEADER_SIZE;

  g_assert (size >= RTCP_HEADER_SIZE);
  g_assert (self->rtcp_index < RTCP_INDEX_MAX);

  self->rtcp_index++;
  make_iv (self, &self->rtcp, read_u32 (packet + 4), self->rtcp_index, iv);
  write_u32 (index, self->rtcp_index | RTCP_IS_ENCRYPTED);

  switch (self->profile) {
    case WHEP_SRTP_AES128_CM_SHA1_80:
      crypt_cm (&self->rtcp, iv, body, body_size, body);
      memcpy (packet + size, index, sizeof (index));
      size += sizeof (index);
      tag_cm (&self->rtcp, packet, size, NULL, 0, packet + size);
      return size + CM_TAG_SIZE;
    case WHEP_SRTP_AEAD_AES_128_GCM:
      write_rtcp_gcm_header (packet, index, header);
      whep_gcm_seal (self->rtcp.gcm, iv, header, sizeof (header), body,
          body_size, body);
      size += GCM_TAG_SIZE;
      memcpy (packet + size, index, sizeof (index));
      return size + sizeof (index);
  }
  g_assert_not_reached ();
}

static Source *
find_source (WhepSrtp *self, guint32 ssrc)
{
  for (guint i = 0; i < MIN (self->n_sources, SOURCES_MAX); i++) {
    if (self->sources[i].ssrc == ssrc)
      return &self->sources[i];
  }
  return NULL;
}

static gboolean
is_replay (const Source *source, guint32 index)
{
  if (source == NULL || index > source->highest)
    return FALSE;
  if (source->highest - index >= WINDOW_BITS)
    return TRUE;
  return source->window >> (source->highest - index) & 1;
}

static Source *
add_source (WhepSrtp *self, guint32 ssrc, guint32 index)
{
  Source *source = &self->sources[self->n_sources++ % SOURCES_MAX];

  source->ssrc = ssrc;
  source->highest = index;
  source->window = 0;
  return source;
}

static void
remember (WhepSrtp *self, guint32 ssrc, guint32 index)
{
  Source *source = find_source (self, ssrc);

  if (source == NULL)
    source = add_source (self, ssrc, index);
  if (index > source->highest) {
    guint32 step = index - source->highest;

    source->window = step < WINDOW_BITS ? source->window << step : 0;
    source->highest = index;
  }
  source->window |= G_GUINT64_CONSTANT (1) << (source->highest - index);
}

static gboolean
open_rtcp_cm (WhepSrtp *self, const guint8 *iv, guint8 *packet,
    gsize plain_size)
{
  guint8 tag[CM_TAG_SIZE];
  gsize tagged_size = plain_size + RTCP_INDEX_SIZE;
  guint8 *body = packet + RTCP_HEADER_SIZE;

  tag_cm (&self->rtcp, packet, tagged_size, NULL, 0, tag);
  if (CRYPTO_memcmp (tag, packet + tagged_size, sizeof (tag)) != 0)
    return FALSE;

  crypt_cm (&self->rtcp, iv, body, plain_size - RTCP_HEADER_SIZE, body);
  return TRUE;
}

static gboolean
open_rtcp_gcm (WhepSrtp *self, const guint8 *iv, guint8 *packet,
    gsize plain_size)
{
  guint8 header[RTCP_GCM_HEADER_SIZE];

  write_rtcp_gcm_header (packet, packet + plain_size + GCM_TAG_SIZE, header);
  return whep_gcm_open (self->rtcp.gcm, iv, header, sizeof (header),
      packet + RTCP_HEADER_SIZE, plain_size - RTCP_HEADER_SIZE);
}

gsize
whep_srtp_open_rtcp (WhepSrtp *self, guint8 *packet, gsize size)
{
  gboolean is_gcm = self->profile == WHEP_SRTP_AEAD_AES_128_GCM;
  gsize tag_size = is_gcm ? GCM_TAG_SIZE : CM_TAG_SIZE;
  guint8 iv[IV_SIZE];
  gsize plain_size;
  guint32 index, ssrc;
  gboolean is_authentic;

  if (size < RTCP_HEADER_SIZE + tag_size + RTCP_INDEX_SIZE)
    return 0;

  plain_size = size - tag_size - RTCP_INDEX_SIZE;
  ssrc = read_u32 (packet + 4);
  index = read_u32 (packet + plain_size + (is_gcm ? tag_size : 0));
  /* Both of our profiles encrypt SRTCP (RFC 5764 section 4.1.2). */
  if (!(index & RTCP_IS_ENCRYPTED))
    return 0;

  index &= ~RTCP_IS_ENCRYPTED;
  if (is_replay (find_source (self, ssrc), index))
    return 0;

  make_iv (self, &self->rtcp, ssrc, index, iv);
  is_authentic = is_gcm ? open_rtcp_gcm (self, iv, packet, plain_size)
                        : open_rtcp_cm (self, iv, packet, plain_size);
  if (!is_authentic)
    return 0;

  remember (self, ssrc, index);
  return plain_size;
}
