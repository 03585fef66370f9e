/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A self-signed certificate: see selfsigned.h. */

#include "gst/net/selfsigned.h"

#include <openssl/x509v3.h>
#include <string.h>

/* The name that browsers display; they compare only the alternative names. */
#define NAME "gst-rtmp-webrtc"
#define DAY_S (24 * 60 * 60)
/* A viewer's clock may be behind the server's. */
#define BACKDATED_DAYS 1
/* RFC 5280 section 4.1.2.2: positive and at most 20 bytes. */
#define SERIAL_BYTES 16

/* The digest of a fresh key is as random as the key. */
static gboolean
set_serial (X509 *x509)
{
  guint8 digest[EVP_MAX_MD_SIZE];
  guint size;
  BIGNUM *serial;
  gboolean is_set;

  if (!X509_pubkey_digest (x509, EVP_sha256 (), digest, &size))
    return FALSE;
  digest[0] = (digest[0] & 0x7f) | 0x40;
  serial = BN_bin2bn (digest, SERIAL_BYTES, NULL);
  is_set = serial != NULL &&
      BN_to_ASN1_INTEGER (serial, X509_get_serialNumber (x509)) != NULL;
  BN_free (serial);
  return is_set;
}

static gboolean
set_validity (X509 *x509, gint64 now_s)
{
  gint64 from_s = now_s - BACKDATED_DAYS * DAY_S;

  return ASN1_TIME_set (X509_getm_notBefore (x509), from_s) != NULL &&
      ASN1_TIME_set (X509_getm_notAfter (x509),
          from_s + (gint64) NET_SELFSIGNED_DAYS * DAY_S) != NULL;
}

static gboolean
add_name (GENERAL_NAMES *all, const gchar *name)
{
  GENERAL_NAME *one = GENERAL_NAME_new ();
  ASN1_OCTET_STRING *ip = a2i_IPADDRESS (name);
  ASN1_IA5STRING *dns;

  if (one == NULL || sk_GENERAL_NAME_push (all, one) == 0)
    return FALSE;
  if (ip != NULL) {
    GENERAL_NAME_set0_value (one, GEN_IPADD, ip);
    return TRUE;
  }
  dns = ASN1_IA5STRING_new ();
  if (dns == NULL || !ASN1_STRING_set (dns, name, strlen (name)))
    return FALSE;
  GENERAL_NAME_set0_value (one, GEN_DNS, dns);
  return TRUE;
}

static gboolean
add_names (X509 *x509, const gchar *const *names)
{
  GENERAL_NAMES *all = sk_GENERAL_NAME_new_null ();
  gboolean is_added = all != NULL;

  for (guint i = 0; is_added && names[i] != NULL; i++)
    is_added = add_name (all, names[i]);
  is_added = is_added &&
      X509_add1_ext_i2d (x509, NID_subject_alt_name, all, 0,
          X509V3_ADD_DEFAULT);
  sk_GENERAL_NAME_pop_free (all, GENERAL_NAME_free);
  return is_added;
}

static gboolean
add_extension (X509 *x509, int nid, const gchar *value)
{
  X509V3_CTX context;
  X509_EXTENSION *extension;
  gboolean is_added;

  X509V3_set_ctx_nodb (&context);
  X509V3_set_ctx (&context, x509, x509, NULL, NULL, 0);
  extension = X509V3_EXT_conf_nid (NULL, &context, nid, value);
  is_added = extension != NULL && X509_add_ext (x509, extension, -1);
  X509_EXTENSION_free (extension);
  return is_added;
}

/* The certificate is not that of a CA: the stolen key of a certificate that
 * users trust must not be able to sign for other sites. */
static gboolean
fill_in (X509 *x509, EVP_PKEY *key, const gchar *const *names, gint64 now_s)
{
  X509_NAME *name = X509_get_subject_name (x509);

  return X509_set_version (x509, X509_VERSION_3) &&
      X509_set_pubkey (x509, key) && set_serial (x509) &&
      set_validity (x509, now_s) &&
      X509_NAME_add_entry_by_txt (name, "CN", MBSTRING_ASC,
          (const guint8 *) NAME, -1, -1, 0) &&
      X509_set_issuer_name (x509, name) && add_names (x509, names) &&
      add_extension (x509, NID_basic_constraints, "critical,CA:FALSE") &&
      add_extension (x509, NID_key_usage, "critical,digitalSignature") &&
      add_extension (x509, NID_ext_key_usage, "serverAuth") &&
      add_extension (x509, NID_subject_key_identifier, "hash") &&
      X509_sign (x509, key, EVP_sha256 ()) > 0;
}

NetSelfsigned *
net_selfsigned_new (const gchar *const *names, gint64 now_s)
{
  NetSelfsigned *self = g_new0 (NetSelfsigned, 1);

  self->key = EVP_EC_gen ("P-256");
  self->x509 = X509_new ();
  if (self->key == NULL || self->x509 == NULL ||
      !fill_in (self->x509, self->key, names, now_s))
    g_error ("OpenSSL could not make a certificate.");
  return self;
}

void
net_selfsigned_free (NetSelfsigned *self)
{
  if (self == NULL)
    return;
  X509_free (self->x509);
  EVP_PKEY_free (self->key);
  g_free (self);
}

/* A certificate from the future was made while the clock was wrong. */
gboolean
net_selfsigned_is_fresh (X509 *x509, gint64 now_s)
{
  time_t now = now_s;
  time_t later = now_s + NET_SELFSIGNED_RENEWAL_DAYS * DAY_S;

  return X509_cmp_time (X509_get0_notBefore (x509), &now) < 0 &&
      X509_cmp_time (X509_get0_notAfter (x509), &later) > 0;
}

const gchar *
net_selfsigned_lacks (X509 *x509, const gchar *const *names)
{
  for (guint i = 0; names[i] != NULL; i++)
    if (X509_check_ip_asc (x509, names[i], 0) != 1 &&
        X509_check_host (x509, names[i], 0, X509_CHECK_FLAG_NEVER_CHECK_SUBJECT,
            NULL) != 1)
      return names[i];
  return NULL;
}
