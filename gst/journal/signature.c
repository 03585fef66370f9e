/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Signatures of a web hook: see signature.h. */

#include "gst/journal/signature.h"

#include <string.h>

#define ENCODED "whsec_"
#define VERSION "v1,"
#define COMMENT '#'
#define SHA256_BYTES 32

struct _JournalSecrets
{
  GPtrArray *secrets; /* of GBytes */
};

/* Returns: (transfer full) (nullable): NULL if it is not base64. */
static GBytes *
decode (const gchar *line)
{
  const gchar *encoded = line + strlen (ENCODED);
  g_autofree gchar *again = NULL;
  g_autofree guchar *bytes = NULL;
  gsize size;

  bytes = g_base64_decode (encoded, &size);
  /* The decoder skips what is none. */
  again = g_base64_encode (bytes, size);
  if (strcmp (again, encoded) != 0)
    return NULL;
  return g_bytes_new_take (g_steal_pointer (&bytes), size);
}

static gboolean
add (JournalSecrets *self, const gchar *line, guint number, GError **error)
{
  GBytes *secret = g_str_has_prefix (line, ENCODED)
      ? decode (line)
      : g_bytes_new (line, strlen (line));

  if (secret == NULL) {
    g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
        "line %u: what follows " ENCODED " is not base64", number);
    return FALSE;
  }
  g_ptr_array_add (self->secrets, secret);
  if (g_bytes_get_size (secret) < JOURNAL_SECRET_MIN_BYTES ||
      g_bytes_get_size (secret) > JOURNAL_SECRET_MAX_BYTES) {
    g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
        "line %u: a secret has %u to %u bytes, not %" G_GSIZE_FORMAT, number,
        JOURNAL_SECRET_MIN_BYTES, JOURNAL_SECRET_MAX_BYTES,
        g_bytes_get_size (secret));
    return FALSE;
  }
  return TRUE;
}

static gboolean
add_lines (JournalSecrets *self, const gchar *text, GError **error)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++) {
    const gchar *line = g_strstrip (lines[i]);

    if (*line == '\0' || *line == COMMENT)
      continue;
    if (!add (self, line, i + 1, error))
      return FALSE;
    if (self->secrets->len > JOURNAL_SECRETS_MAX) {
      g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
          "there are more than %u secrets", JOURNAL_SECRETS_MAX);
      return FALSE;
    }
  }
  if (self->secrets->len == 0)
    g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
        "there is no secret in it");
  return self->secrets->len > 0;
}

JournalSecrets *
journal_secrets_new (const gchar *text, GError **error)
{
  JournalSecrets *self = g_new0 (JournalSecrets, 1);

  self->secrets =
      g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  if (!add_lines (self, text, error))
    g_clear_pointer (&self, journal_secrets_free);
  return self;
}

void
journal_secrets_free (JournalSecrets *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->secrets);
  g_free (self);
}

static gchar *
sign (GBytes *secret, const gchar *content)
{
  gsize size;
  const guint8 *key = g_bytes_get_data (secret, &size);
  GHmac *hmac = g_hmac_new (G_CHECKSUM_SHA256, key, size);
  guint8 digest[SHA256_BYTES];
  gsize digest_size = sizeof (digest);

  g_hmac_update (hmac, (const guchar *) content, strlen (content));
  g_hmac_get_digest (hmac, digest, &digest_size);
  g_hmac_unref (hmac);
  return g_base64_encode (digest, digest_size);
}

gchar *
journal_secrets_sign (const JournalSecrets *self, const gchar *id,
    gint64 time_s, const gchar *body)
{
  g_autofree gchar *content =
      g_strdup_printf ("%s.%" G_GINT64_FORMAT ".%s", id, time_s, body);
  GString *header = g_string_new (NULL);

  for (guint i = 0; i < self->secrets->len; i++) {
    g_autofree gchar *signature =
        sign (g_ptr_array_index (self->secrets, i), content);

    g_string_append_printf (header, "%s" VERSION "%s", i > 0 ? " " : "",
        signature);
  }
  return g_string_free (header, FALSE);
}
