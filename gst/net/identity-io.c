/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A self-signed certificate in a folder: see identity-io.h. */

#include "gst/net/identity-io.h"

#include "gst/net/selfsigned.h"

#include <errno.h>
#include <gst/gstinfo.h>
#include <openssl/err.h>
#include <openssl/pem.h>

GST_DEBUG_CATEGORY_STATIC (net_identity_debug);
#define GST_CAT_DEFAULT net_identity_debug

#define FOLDER_MODE 0700
#define FILE_MODE 0600

static BIO *
open_file (const gchar *folder, const gchar *name)
{
  g_autofree gchar *path = g_build_filename (folder, name, NULL);

  return BIO_new_file (path, "r");
}

/* Returns: (nullable): the certificate, if the key beside it is its own. */
static X509 *
load (const gchar *folder)
{
  BIO *certificate = open_file (folder, NET_IDENTITY_CERTIFICATE);
  BIO *secret = open_file (folder, NET_IDENTITY_KEY);
  X509 *x509 = NULL;
  EVP_PKEY *key = NULL;

  if (certificate != NULL && secret != NULL) {
    x509 = PEM_read_bio_X509 (certificate, NULL, NULL, NULL);
    key = PEM_read_bio_PrivateKey (secret, NULL, NULL, (void *) "");
  }
  if (x509 != NULL && (key == NULL || !X509_check_private_key (x509, key)))
    g_clear_pointer (&x509, X509_free);
  EVP_PKEY_free (key);
  BIO_free (certificate);
  BIO_free (secret);
  ERR_clear_error ();
  return x509;
}

static gboolean
is_good (const gchar *folder, const gchar *const *names, gint64 now_s)
{
  X509 *x509 = load (folder);
  const gchar *lacking;
  gboolean is_fresh;

  if (x509 == NULL) {
    GST_INFO ("%s has no certificate with its key yet", folder);
    return FALSE;
  }
  is_fresh = net_selfsigned_is_fresh (x509, now_s);
  lacking = net_selfsigned_lacks (x509, names);
  X509_free (x509);
  if (!is_fresh)
    GST_WARNING ("the certificate in %s expires: it is replaced", folder);
  else if (lacking != NULL)
    GST_WARNING ("the certificate in %s is not for %s: it is replaced", folder,
        lacking);
  return is_fresh && lacking == NULL;
}

/* Other programs see the whole file or none of it. */
static gboolean
save (BIO *text, const gchar *folder, const gchar *name, GError **error)
{
  g_autofree gchar *path = g_build_filename (folder, name, NULL);
  char *data;
  long size = BIO_get_mem_data (text, &data);

  return g_file_set_contents_full (path, data, size,
      G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, FILE_MODE,
      error);
}

/* An interruption between the two files leaves a pair that does not match,
 * which is replaced at the next start. */
static gboolean
write_pair (const NetSelfsigned *made, const gchar *folder, GError **error)
{
  BIO *certificate = BIO_new (BIO_s_mem ());
  BIO *key = BIO_new (BIO_s_mem ());
  gboolean is_written;

  if (!PEM_write_bio_X509 (certificate, made->x509) ||
      !PEM_write_bio_PrivateKey (key, made->key, NULL, NULL, 0, NULL, NULL))
    g_error ("OpenSSL is out of memory.");
  is_written = save (key, folder, NET_IDENTITY_KEY, error) &&
      save (certificate, folder, NET_IDENTITY_CERTIFICATE, error);
  BIO_free (certificate);
  BIO_free (key);
  return is_written;
}

gboolean
net_identity_ensure (const gchar *folder, const gchar *const *names,
    gint64 now_s, GError **error)
{
  NetSelfsigned *made;
  gboolean is_written;

  GST_DEBUG_CATEGORY_INIT (net_identity_debug, "netidentity", 0,
      "Self-signed certificate");
  if (is_good (folder, names, now_s))
    return TRUE;
  if (g_mkdir_with_parents (folder, FOLDER_MODE) != 0) {
    g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (errno),
        "“%s”: %s", folder, g_strerror (errno));
    return FALSE;
  }
  made = net_selfsigned_new (names, now_s);
  is_written = write_pair (made, folder, error);
  net_selfsigned_free (made);
  return is_written;
}
