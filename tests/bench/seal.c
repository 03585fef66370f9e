/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What encrypting one packet costs, next to OpenSSL's bare ciphers in the same
 * run. Prints a line of JSON for each profile. */

#include "ext/whep/viewer/srtp.h"

#include <malloc.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/core_names.h>
#include <stdio.h>

#define PAYLOAD_SIZE 1200
#define HEADER_SIZE 20
#define N_PACKETS 50000
/* The best measurement counts: the machine may have other work. */
#define N_ROUNDS 7
#define N_CONTEXTS 256

static guint8 header[HEADER_SIZE] = { 0x90, 96 };
static guint8 payload[PAYLOAD_SIZE];
static guint8 out[HEADER_SIZE + PAYLOAD_SIZE + WHEP_SRTP_MAX_OVERHEAD];
static guint8 zeroes[32];

typedef void (*SealFunc) (gpointer context, guint32 index);

static void
seal_ours (gpointer srtp, guint32 index)
{
  header[2] = index >> 8;
  header[3] = index;
  whep_srtp_seal_rtp (srtp, header, sizeof (header), payload, sizeof (payload),
      index >> 16, out);
}

/* The minimum for GCM: an IV, the header, the payload, the tag. */
static void
seal_bare_gcm (gpointer context, guint32 index)
{
  int n;

  zeroes[0] = index;
  EVP_EncryptInit_ex2 (context, NULL, NULL, zeroes, NULL);
  EVP_EncryptUpdate (context, NULL, &n, header, sizeof (header));
  EVP_EncryptUpdate (context, out, &n, payload, sizeof (payload));
  EVP_EncryptFinal_ex (context, out + n, &n);
  EVP_CIPHER_CTX_ctrl (context, EVP_CTRL_AEAD_GET_TAG, 16, out);
}

typedef struct
{
  EVP_CIPHER_CTX *cipher;
  EVP_MAC_CTX *mac;
} BareCm;

static void
seal_bare_cm (gpointer context, guint32 index)
{
  BareCm *bare = context;
  guint8 tag[EVP_MAX_MD_SIZE];
  gsize tag_size;
  int n;

  zeroes[0] = index;
  EVP_EncryptInit_ex2 (bare->cipher, NULL, NULL, zeroes, NULL);
  EVP_EncryptUpdate (bare->cipher, out, &n, payload, sizeof (payload));
  EVP_MAC_init (bare->mac, NULL, 0, NULL);
  EVP_MAC_update (bare->mac, out, HEADER_SIZE + PAYLOAD_SIZE);
  EVP_MAC_final (bare->mac, tag, &tag_size, sizeof (tag));
}

static gdouble
time_ns (SealFunc seal, gpointer context)
{
  gint64 best_us = G_MAXINT64;

  for (guint round = 0; round < N_ROUNDS; round++) {
    gint64 start_us = g_get_monotonic_time ();

    for (guint32 i = 0; i < N_PACKETS; i++)
      seal (context, round * N_PACKETS + i);
    best_us = MIN (best_us, g_get_monotonic_time () - start_us);
  }
  return best_us * 1000.0 / N_PACKETS;
}

static gsize
context_bytes (WhepSrtpProfile profile, const WhepSrtpKey *key)
{
  WhepSrtp *contexts[N_CONTEXTS];
  gsize before = mallinfo2 ().uordblks, after;

  for (guint i = 0; i < N_CONTEXTS; i++)
    contexts[i] = whep_srtp_new (profile, key);
  after = mallinfo2 ().uordblks;
  for (guint i = 0; i < N_CONTEXTS; i++)
    whep_srtp_free (contexts[i]);
  return (after - before) / N_CONTEXTS;
}

static void
report (const gchar *name, WhepSrtpProfile profile, SealFunc seal_bare,
    gpointer bare)
{
  WhepSrtpKey key = { { 1 }, { 2 } };
  WhepSrtp *srtp = whep_srtp_new (profile, &key);
  gdouble ours_ns = time_ns (seal_ours, srtp);
  gdouble bare_ns = time_ns (seal_bare, bare);

  printf ("{\"bench\": \"seal\", \"profile\": \"%s\", \"payload_bytes\": %d, "
          "\"ours_ns\": %.0f, \"openssl_ns\": %.0f, \"ratio\": %.2f, "
          "\"context_bytes\": %" G_GSIZE_FORMAT "}\n",
      name, PAYLOAD_SIZE, ours_ns, bare_ns, ours_ns / bare_ns,
      context_bytes (profile, &key));
  whep_srtp_free (srtp);
}

int
main (void)
{
  EVP_CIPHER_CTX *gcm = EVP_CIPHER_CTX_new ();
  EVP_MAC *hmac = EVP_MAC_fetch (NULL, "HMAC", NULL);
  BareCm cm = { EVP_CIPHER_CTX_new (), EVP_MAC_CTX_new (hmac) };
  OSSL_PARAM params[] = {
    OSSL_PARAM_utf8_string (OSSL_MAC_PARAM_DIGEST, (gchar *) "SHA1", 4),
    OSSL_PARAM_END,
  };

  EVP_EncryptInit_ex2 (gcm, EVP_aes_128_gcm (), zeroes, zeroes, NULL);
  EVP_EncryptInit_ex2 (cm.cipher, EVP_aes_128_ctr (), zeroes, zeroes, NULL);
  EVP_MAC_init (cm.mac, zeroes, 20, params);

  report ("AEAD_AES_128_GCM", WHEP_SRTP_AEAD_AES_128_GCM, seal_bare_gcm, gcm);
  report ("AES128_CM_SHA1_80", WHEP_SRTP_AES128_CM_SHA1_80, seal_bare_cm, &cm);

  EVP_CIPHER_CTX_free (gcm);
  EVP_CIPHER_CTX_free (cm.cipher);
  EVP_MAC_CTX_free (cm.mac);
  EVP_MAC_free (hmac);
  return 0;
}
