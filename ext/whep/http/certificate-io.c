/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The gateway's DTLS identity: see certificate-io.h. */

#include "ext/whep/http/certificate-io.h"
#include "ext/whep/http/random-io.h"

#include <gio/gio.h>
#include <openssl/err.h>
#include <openssl/x509.h>

/* A browser checks the fingerprint; the name has no meaning. */
#define NAME "gst-rtmp-webrtc"
/* Yesterday, because a viewer's clock may be behind ours. */
#define VALID_FROM_SECONDS (-24 * 60 * 60)
/* W3C webrtc-pc section 4.9: browsers' own certificates are valid for at most a
 * year. */
#define VALID_UNTIL_SECONDS (365L * 24 * 60 * 60)
/* RFC 5280 section 4.1.2.2: positive and at most 20 bytes. CAs must use at
 * least 64 random bits. */
#define SERIAL_BYTES 16

static gboolean
set_serial (X509 *x509)
{
  guint8 bytes[SERIAL_BYTES];
  BIGNUM *serial;
  gboolean is_set;

  whep_random_bytes (bytes, sizeof (bytes));
  bytes[0] = (bytes[0] & 0x7f) | 0x40;
  serial = BN_bin2bn (bytes, sizeof (bytes), NULL);
  is_set = serial != NULL &&
      BN_to_ASN1_INTEGER (serial, X509_get_serialNumber (x509)) != NULL;
  BN_free (serial);
  return is_set;
}

static gboolean
fill_in (X509 *x509, EVP_PKEY *key)
{
  X509_NAME *name = X509_get_subject_name (x509);

  return X509_set_version (x509, X509_VERSION_3) && set_serial (x509) &&
      X509_gmtime_adj (X509_getm_notBefore (x509), VALID_FROM_SECONDS) &&
      X509_gmtime_adj (X509_getm_notAfter (x509), VALID_UNTIL_SECONDS) &&
      X509_NAME_add_entry_by_txt (name, "CN", MBSTRING_ASC,
          (const guint8 *) NAME, -1, -1, 0) &&
      X509_set_issuer_name (x509, name) && X509_set_pubkey (x509, key) &&
      X509_sign (x509, key, EVP_sha256 ());
}

/* RFC 8122 section 5: pairs of upper-case hex digits, separated by colons. */
static gchar *
fingerprint_of (const X509 *x509)
{
  guint8 digest[EVP_MAX_MD_SIZE];
  guint size;
  GString *text = g_string_new (NULL);

  if (!X509_digest (x509, EVP_sha256 (), digest, &size))
    g_error ("SHA-256 is missing from OpenSSL.");
  for (guint i = 0; i < size; i++)
    g_string_append_printf (text, i == 0 ? "%02X" : ":%02X", digest[i]);
  return g_string_free (text, FALSE);
}

WhepCertificate *
whep_certificate_new (GError **error)
{
  WhepCertificate *self = g_new0 (WhepCertificate, 1);

  self->key = EVP_EC_gen ("P-256");
  self->x509 = X509_new ();
  if (self->key == NULL || self->x509 == NULL ||
      !fill_in (self->x509, self->key)) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED,
        "Could not create a certificate: %s",
        ERR_reason_error_string (ERR_peek_last_error ()));
    ERR_clear_error ();
    whep_certificate_free (self);
    return NULL;
  }
  self->fingerprint = fingerprint_of (self->x509);
  return self;
}

void
whep_certificate_free (WhepCertificate *self)
{
  if (self == NULL)
    return;

  X509_free (self->x509);
  EVP_PKEY_free (self->key);
  g_free (self->fingerprint);
  g_free (self);
}
