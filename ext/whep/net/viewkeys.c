/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who may watch: see viewkeys.h. */

#include "ext/whep/net/viewkeys.h"

#include <openssl/crypto.h>
#include <string.h>

#define HASHED "sha256:"
#define DIGEST_BYTES 32
#define EVERY_STREAM "*"
#define BLANKS " \t\r"

typedef struct
{
  gchar *stream;
  guint8 digest[DIGEST_BYTES]; /* of the secret, which isn't kept */
} Key;

struct _WhepViewKeys
{
  GArray *keys;
};

static void
key_clear (gpointer data)
{
  g_free (((Key *) data)->stream);
}

static void
digest_of (const gchar *secret, guint8 *digest)
{
  GChecksum *checksum = g_checksum_new (G_CHECKSUM_SHA256);
  gsize size = DIGEST_BYTES;

  g_checksum_update (checksum, (const guchar *) secret, strlen (secret));
  g_checksum_get_digest (checksum, digest, &size);
  g_checksum_free (checksum);
}

static gboolean
read_hex (const gchar *hex, guint8 *digest)
{
  if (strlen (hex) != 2 * DIGEST_BYTES)
    return FALSE;
  for (guint i = 0; i < DIGEST_BYTES; i++) {
    gint high = g_ascii_xdigit_value (hex[2 * i]);
    gint low = g_ascii_xdigit_value (hex[2 * i + 1]);

    if (high < 0 || low < 0)
      return FALSE;
    digest[i] = high << 4 | low;
  }
  return TRUE;
}

static gboolean
read_secret (const gchar *secret, guint8 *digest)
{
  if (g_str_has_prefix (secret, HASHED))
    return read_hex (secret + strlen (HASHED), digest);
  digest_of (secret, digest);
  return TRUE;
}

/* Cuts the first word off. */
static gchar *
next_word (gchar **rest)
{
  gchar *word = *rest + strspn (*rest, BLANKS);
  gsize length = strcspn (word, BLANKS);

  *rest = word + length + (word[length] != '\0');
  word[length] = '\0';
  return word;
}

static gboolean
read_line (WhepViewKeys *self, gchar *line)
{
  gchar *rest = line;
  gchar *stream = next_word (&rest);
  gchar *secret = next_word (&rest);
  Key key;

  if (*stream == '\0' || *stream == '#')
    return TRUE;
  if (*secret == '\0' || *next_word (&rest) != '\0')
    return FALSE;
  if (!read_secret (secret, key.digest))
    return FALSE;
  key.stream = g_strdup (stream);
  g_array_append_val (self->keys, key);
  return TRUE;
}

static WhepViewKeys *
viewkeys_new (void)
{
  WhepViewKeys *self = g_new0 (WhepViewKeys, 1);

  self->keys = g_array_new (FALSE, FALSE, sizeof (Key));
  g_array_set_clear_func (self->keys, key_clear);
  return self;
}

void
whep_viewkeys_free (WhepViewKeys *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->keys);
  g_free (self);
}

WhepViewKeys *
whep_viewkeys_parse (const gchar *text, gsize size, guint *bad_line)
{
  g_autofree gchar *copy = NULL;
  WhepViewKeys *self;
  guint number = 1;

  *bad_line = 0;
  if (size > WHEP_VIEWKEYS_MAX_BYTES)
    return NULL;
  copy = g_strndup (size == 0 ? "" : text, size);
  self = viewkeys_new ();
  for (gchar *line = copy, *next; line != NULL; line = next, number++) {
    next = strchr (line, '\n');
    if (next != NULL)
      *next++ = '\0';
    if (read_line (self, line))
      continue;
    *bad_line = number;
    whep_viewkeys_free (self);
    return NULL;
  }
  return self;
}

/* Neither the secret nor how much of it is right may show in the time that
 * this takes. */
gboolean
whep_viewkeys_allow (const WhepViewKeys *self, const gchar *stream,
    const gchar *secret)
{
  guint8 digest[DIGEST_BYTES];
  gboolean is_allowed = FALSE;

  digest_of (secret, digest);
  for (guint i = 0; i < self->keys->len; i++) {
    const Key *key = &g_array_index (self->keys, Key, i);

    if (strcmp (key->stream, stream) == 0 ||
        strcmp (key->stream, EVERY_STREAM) == 0)
      is_allowed |= CRYPTO_memcmp (key->digest, digest, DIGEST_BYTES) == 0;
  }
  return is_allowed;
}
