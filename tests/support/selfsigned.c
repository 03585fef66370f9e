/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A self-signed certificate: see selfsigned.h. */

#include "tests/support/selfsigned.h"

#include <gst/check/gstcheck.h>
#include <openssl/pem.h>

static void
write_key (BIO *out, const WhepCertificate *identity)
{
  ck_assert (
      PEM_write_bio_PrivateKey (out, identity->key, NULL, NULL, 0, NULL, NULL));
}

/* A reader of the file finds either all of it or its former contents. */
static void
save (BIO *out, const gchar *path)
{
  char *text;
  long size = BIO_get_mem_data (out, &text);

  ck_assert (g_file_set_contents (path, text, size, NULL));
}

void
selfsigned_write (const WhepCertificate *identity,
    const gchar *certificate_path, const gchar *key_path)
{
  BIO *certificate = BIO_new (BIO_s_mem ());
  BIO *key = BIO_new (BIO_s_mem ());

  ck_assert (PEM_write_bio_X509 (certificate, identity->x509));
  write_key (key_path != NULL ? key : certificate, identity);
  save (certificate, certificate_path);
  if (key_path != NULL)
    save (key, key_path);
  BIO_free (certificate);
  BIO_free (key);
}
