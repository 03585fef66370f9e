/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The keys of tokens: see jwtkeys.h. */

#include "gst/access/jwtkeys.h"
#include "gst/access/base64url.h"
#include "gst/access/jsonobject.h"
#include "gst/access/jwk.h"

#include <json-glib/json-glib.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <string.h>

#define PEM_BEGIN "-----BEGIN "
#define PEM_PUBLIC_KEY "-----BEGIN PUBLIC KEY-----"

struct _AccessJwtKeys
{
  GArray *keys; /* of AccessJwk */
};

static void
clear_key (gpointer key)
{
  access_jwk_clear (key);
}

static AccessJwtKeys *
keys_new (void)
{
  AccessJwtKeys *self = g_new0 (AccessJwtKeys, 1);

  self->keys = g_array_new (FALSE, FALSE, sizeof (AccessJwk));
  g_array_set_clear_func (self->keys, clear_key);
  return self;
}

void
access_jwtkeys_free (AccessJwtKeys *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->keys);
  g_free (self);
}

guint
access_jwtkeys_count (const AccessJwtKeys *self)
{
  return self->keys->len;
}

const AccessJwk *
access_jwtkeys_get (const AccessJwtKeys *self, guint index)
{
  return &g_array_index (self->keys, AccessJwk, index);
}

static gboolean
has_room (const AccessJwtKeys *self, const gchar **why)
{
  *why = "there are more than 16 keys";
  return self->keys->len < ACCESS_JWTKEYS_MAX;
}

static guint
count (const gchar *text, const gchar *needle)
{
  guint n = 0;

  for (const gchar *c = strstr (text, needle); c != NULL;
       c = strstr (c + 1, needle))
    n++;
  return n;
}

/* Of a text without NUL that has something of PEM: then it is nothing else. A
 * private key is none of the server's business. */
static gboolean
read_pem (AccessJwtKeys *self, const gchar *text, const gchar **why)
{
  guint n_keys = count (text, PEM_PUBLIC_KEY);
  BIO *bio;

  *why = "PEM may hold public keys alone: “BEGIN PUBLIC KEY”";
  if (count (text, PEM_BEGIN) != n_keys)
    return FALSE;
  bio = BIO_new_mem_buf (text, -1);
  for (guint i = 0; i < n_keys && has_room (self, why); i++) {
    EVP_PKEY *key = PEM_read_bio_PUBKEY (bio, NULL, NULL, NULL);
    AccessJwk jwk;

    *why = "a public key in it is damaged";
    if (key == NULL)
      break;
    if (access_jwk_from_public_key (&jwk, key, why))
      g_array_append_val (self->keys, jwk);
    EVP_PKEY_free (key);
    if (self->keys->len != i + 1)
      break;
  }
  ERR_clear_error ();
  BIO_free (bio);
  return self->keys->len == n_keys;
}

static gboolean
is_word (const gchar *text, gsize size)
{
  for (gsize i = 0; i < size; i++)
    if (!g_ascii_isgraph (text[i]))
      return FALSE;
  return TRUE;
}

/* A binary key, or a line of ssh's, is public, and would be a secret to nobody:
 * so a secret is one word. */
static gboolean
read_secret (AccessJwtKeys *self, const gchar *text, const gchar **why)
{
  g_autofree gchar *secret = g_strstrip (g_strdup (text));
  gsize size = strlen (secret);
  AccessJwk jwk;

  *why = "it is neither JSON nor PEM, nor a secret of one word";
  if (!is_word (secret, size) ||
      !access_jwk_from_secret (&jwk, secret, size, why))
    return FALSE;
  g_array_append_val (self->keys, jwk);
  return TRUE;
}

/* Whether the JWK allows what is done with it (RFC 7517 section 4). */
static gboolean
may_verify (JsonObject *jwk, const gchar *algorithm)
{
  const gchar *use =
      json_object_get_string_member_with_default (jwk, "use", "sig");
  const gchar *only =
      json_object_get_string_member_with_default (jwk, "alg", algorithm);

  return g_strcmp0 (use, "sig") == 0 && g_strcmp0 (only, algorithm) == 0;
}

/* The members that are Base64, of all types of key (RFC 7518 section 6). */
static const gchar *const encoded[] = { "k", "n", "e", "d", "p", "q", "dp",
  "dq", "qi", "x", "y" };

static gboolean
is_encoded (JsonObject *jwk)
{
  for (guint i = 0; i < G_N_ELEMENTS (encoded); i++) {
    JsonNode *node = json_object_get_member (jwk, encoded[i]);
    const gchar *text;

    if (node == NULL)
      continue;
    if (!JSON_NODE_HOLDS_VALUE (node) ||
        json_node_get_value_type (node) != G_TYPE_STRING)
      return FALSE;
    text = json_node_get_string (node);
    if (!access_base64url_is_valid (text, strlen (text)))
      return FALSE;
  }
  return TRUE;
}

/* Ignores a key that is for something else (RFC 7517 section 5). */
static gboolean
read_jwk (AccessJwtKeys *self, JsonNode *node, const gchar **why)
{
  g_autofree gchar *json = NULL;
  AccessJwk jwk;

  *why = "a key in it is not an object, or not Base64 without padding";
  if (!JSON_NODE_HOLDS_OBJECT (node) ||
      !is_encoded (json_node_get_object (node)))
    return TRUE;
  if (!has_room (self, why))
    return FALSE;
  json = json_to_string (node, FALSE);
  if (!access_jwk_from_json (&jwk, json, why))
    return TRUE;
  if (may_verify (json_node_get_object (node), jwk.algorithm)) {
    g_array_append_val (self->keys, jwk);
  } else {
    *why = "no key in it is for verifying HS256, RS256 or ES256";
    access_jwk_clear (&jwk);
  }
  return TRUE;
}

static gboolean
read_object (AccessJwtKeys *self, JsonNode *root, const gchar **why)
{
  JsonObject *object = json_node_get_object (root);
  JsonNode *keys = json_object_get_member (object, "keys");
  JsonArray *array;

  *why = "there is no key in it";
  if (keys == NULL)
    return read_jwk (self, root, why);
  if (!JSON_NODE_HOLDS_ARRAY (keys))
    return FALSE;
  array = json_node_get_array (keys);
  for (guint i = 0; i < json_array_get_length (array); i++)
    if (!read_jwk (self, json_array_get_element (array, i), why))
      return FALSE;
  return TRUE;
}

static gboolean
read_json (AccessJwtKeys *self, const gchar *text, const gchar **why)
{
  g_autoptr (JsonNode) root = access_json_load_object (text, strlen (text));

  *why = "it is not valid JSON";
  return root != NULL && read_object (self, root, why);
}

static gboolean
read_text (AccessJwtKeys *self, const gchar *text, const gchar **why)
{
  if (text[strspn (text, " \t\r\n")] == '{')
    return read_json (self, text, why);
  if (strstr (text, "-----") != NULL)
    return read_pem (self, text, why);
  return read_secret (self, text, why);
}

AccessJwtKeys *
access_jwtkeys_parse (const gchar *text, gsize size, const gchar **why)
{
  g_autofree gchar *copy = NULL;
  AccessJwtKeys *self;

  *why = "it is longer than 64 KiB, or binary";
  if (size > ACCESS_JWTKEYS_MAX_BYTES || memchr (text, '\0', size) != NULL)
    return NULL;
  copy = g_strndup (text, size);
  self = keys_new ();
  if (!read_text (self, copy, why) || self->keys->len == 0)
    g_clear_pointer (&self, access_jwtkeys_free);
  return self;
}
