/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The gateway's DTLS identity: a fresh self-signed ECDSA P-256 certificate for
 * each run (RFC 8827 section 6.5), and what else is made from randomness. */

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

/* Fills @text with @length random characters of [A-Za-z0-9] and a NUL: ICE
 * ufrag and pwd, session ids. From the system's cryptographic source. */
void whep_random_text (gchar *text, gsize length);
void whep_random_bytes (void *bytes, gsize size);

G_END_DECLS
