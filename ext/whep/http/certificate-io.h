/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The gateway's DTLS identity: a fresh self-signed ECDSA P-256 certificate for
 * each run (RFC 8827 section 6.5). */

#pragma once

#include <glib.h>
#include <openssl/ssl.h>

G_BEGIN_DECLS

typedef struct
{
  X509 *x509;
  EVP_PKEY *key;
  gchar *fingerprint; /* of SHA-256, "AB:CD:…" */
} WhepCertificate;

WhepCertificate *whep_certificate_new (GError **error);
void whep_certificate_free (WhepCertificate *self);

G_END_DECLS
