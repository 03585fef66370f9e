/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Secrets that allow access: see keys.h. */

#include "gst/access/keys.h"

#include <string.h>

#define HASHED "sha256:"
#define EVERY_STREAM "*"
#define LOGIN_COLON ':'
#define BLANKS " \t\r"

typedef struct
{
  gchar *stream;
  guint8 digest[ACCESS_KEYS_DIGEST_BYTES]; /* of the secret */
  gchar *login; /* nullable: USER:PASSWORD; no other secret is kept */
} Key;

struct _AccessKeys
{
  GArray *keys;
};

static void
key_clear (gpointer data)
{
  Key *self = data;

  g_free (self->stream);
  g_free (self->login);
}

void
access_keys_digest (const gchar *secret, guint8 *digest)
{
  GChecksum *checksum = g_checksum_new (G_CHECKSUM_SHA256);
  gsize size = ACCESS_KEYS_DIGEST_BYTES;

  g_checksum_update (checksum, (const guchar *) secret, strlen (secret));
  g_checksum_get_digest (checksum, digest, &size);
  g_checksum_free (checksum);
}

static gboolean
read_hex (const gchar *hex, guint8 *digest)
{
  if (strlen (hex) != 2 * ACCESS_KEYS_DIGEST_BYTES)
    return FALSE;
  for (guint i = 0; i < ACCESS_KEYS_DIGEST_BYTES; i++) {
    gint high = g_ascii_xdigit_value (hex[2 * i]);
    gint low = g_ascii_xdigit_value (hex[2 * i + 1]);

    if (high < 0 || low < 0)
      return FALSE;
    digest[i] = high << 4 | low;
  }
  return TRUE;
}

static gboolean
read_secret (Key *self, const gchar *secret)
{
  if (g_str_has_prefix (secret, HASHED))
    return read_hex (secret + strlen (HASHED), self->digest);
  access_keys_digest (secret, self->digest);
  if (strchr (secret, LOGIN_COLON) != NULL)
    self->login = g_strdup (secret);
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
read_line (AccessKeys *self, gchar *line, AccessKeysFormat format)
{
  gchar *rest = line;
  gchar *first = next_word (&rest);
  const gchar *stream = format == ACCESS_KEYS_BY_STREAM ? first : EVERY_STREAM;
  const gchar *secret =
      format == ACCESS_KEYS_BY_STREAM ? next_word (&rest) : first;
  Key key = { 0 };

  if (*first == '\0' || *first == '#')
    return TRUE;
  if (*secret == '\0' || *next_word (&rest) != '\0')
    return FALSE;
  if (!read_secret (&key, secret))
    return FALSE;
  key.stream = g_strdup (stream);
  g_array_append_val (self->keys, key);
  return TRUE;
}

static AccessKeys *
keys_new (void)
{
  AccessKeys *self = g_new0 (AccessKeys, 1);

  self->keys = g_array_new (FALSE, FALSE, sizeof (Key));
  g_array_set_clear_func (self->keys, key_clear);
  return self;
}

void
access_keys_free (AccessKeys *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->keys);
  g_free (self);
}

AccessKeys *
access_keys_parse (const gchar *text, gsize size, AccessKeysFormat format,
    guint *bad_line)
{
  g_autofree gchar *copy = NULL;
  const gchar *end;
  AccessKeys *self;
  guint number = 1;

  *bad_line = 0;
  if (size > ACCESS_KEYS_MAX_BYTES)
    return NULL;
  copy = g_strndup (size == 0 ? "" : text, size);
  end = copy + size;
  self = keys_new ();
  for (gchar *line = copy, *next; line != NULL; line = next, number++) {
    next = memchr (line, '\n', end - line);
    if (next != NULL)
      *next++ = '\0';
    if (read_line (self, line, format))
      continue;
    *bad_line = number;
    access_keys_free (self);
    return NULL;
  }
  return self;
}

static gboolean
is_stream (const Key *self, const gchar *stream)
{
  return strcmp (self->stream, stream) == 0 ||
      strcmp (self->stream, EVERY_STREAM) == 0;
}

static gboolean
is_of_app (const Key *self, const gchar *app)
{
  gsize size = strlen (app);

  return is_stream (self, app) ||
      (strncmp (self->stream, app, size) == 0 && self->stream[size] == '/');
}

gboolean
access_secret_equal (const gchar *one, const gchar *other, gsize size)
{
  guint difference = 0;

  for (gsize i = 0; i < size; i++)
    difference |= (guchar) one[i] ^ (guchar) other[i];
  return difference == 0;
}

/* The time that this takes must reveal neither the secret nor how much of a
 * guess was right. */
gboolean
access_keys_have_digest (const AccessKeys *self, const gchar *stream,
    const guint8 *digest)
{
  gboolean is_found = FALSE;

  for (guint i = 0; i < self->keys->len; i++) {
    const Key *key = &g_array_index (self->keys, Key, i);

    if (stream == NULL || is_stream (key, stream))
      is_found |= access_secret_equal ((const gchar *) key->digest,
          (const gchar *) digest, ACCESS_KEYS_DIGEST_BYTES);
  }
  return is_found;
}

gboolean
access_keys_allow (const AccessKeys *self, const gchar *stream,
    const gchar *secret)
{
  guint8 digest[ACCESS_KEYS_DIGEST_BYTES];

  access_keys_digest (secret, digest);
  return access_keys_have_digest (self, stream, digest);
}

gboolean
access_keys_have_login (const AccessKeys *self, const gchar *app)
{
  for (guint i = 0; i < self->keys->len; i++) {
    const Key *key = &g_array_index (self->keys, Key, i);

    if (key->login != NULL && is_of_app (key, app))
      return TRUE;
  }
  return FALSE;
}

/* Returns: (nullable): the password of a login, if it is @user's. */
static const gchar *
password_of (const gchar *login, const gchar *user)
{
  gsize size = strlen (user);

  if (login == NULL || strncmp (login, user, size) != 0)
    return NULL;
  return login[size] == LOGIN_COLON ? login + size + 1 : NULL;
}

const gchar *
access_keys_next_password (const AccessKeys *self, guint *index,
    const gchar *app, const gchar *stream, const gchar *user)
{
  while (*index < self->keys->len) {
    const Key *key = &g_array_index (self->keys, Key, (*index)++);
    const gchar *password = password_of (key->login, user);

    if (password == NULL)
      continue;
    if (stream != NULL ? is_stream (key, stream) : is_of_app (key, app))
      return password;
  }
  return NULL;
}
