/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The login of Flash Media Live Encoder: see login.h. */

#include "gst/rtmp/login.h"

#include "gst/access/keys.h"
#include "gst/access/query.h"

#include <string.h>

#define PREFIX "[ AccessManager.Reject ] : [ authmod=adobe ] : "
#define MD5_BYTES 16
/* Parts of an HMAC in hexadecimal. */
#define SALT_CHARS 8
#define SEAL_CHARS 32
/* The opaque part: seconds and a number, followed by an HMAC of both. */
#define TIME_CHARS 16
#define NUMBER_CHARS 16

const gchar rtmp_login_demand[] =
    "[ AccessManager.Reject ] : [ code=403 need auth; authmod=adobe ] : ";
const gchar rtmp_login_failed[] = PREFIX "?reason=authfailed";

RtmpLoginStep
rtmp_login_read (RtmpLogin *self, const gchar *query)
{
  g_autofree gchar *mode = access_query_get (query, "authmod");

  *self = (RtmpLogin){
    .user = access_query_get (query, "user"),
    .challenge = access_query_get (query, "challenge"),
    .response = access_query_get (query, "response"),
    .opaque = access_query_get (query, "opaque"),
  };
  if (g_strcmp0 (mode, "adobe") != 0 || self->user == NULL)
    return RTMP_LOGIN_NONE;
  if (strlen (self->user) > RTMP_LOGIN_MAX_BYTES ||
      strchr (self->user, '&') != NULL)
    return RTMP_LOGIN_NONE;
  if (self->response == NULL)
    return RTMP_LOGIN_BEGUN;
  if (self->challenge == NULL || self->opaque == NULL)
    return RTMP_LOGIN_NONE;
  return RTMP_LOGIN_ANSWERED;
}

void
rtmp_login_clear (RtmpLogin *self)
{
  g_clear_pointer (&self->user, g_free);
  g_clear_pointer (&self->challenge, g_free);
  g_clear_pointer (&self->response, g_free);
  g_clear_pointer (&self->opaque, g_free);
}

/* Returns: (transfer full): the first @n_chars of an HMAC of @text and the
 * user's name, which only this server can compute. */
static gchar *
seal (const RtmpLogin *self, const guint8 *secret, const gchar *text,
    gsize n_chars)
{
  g_autofree gchar *whole = g_strconcat (text, " ", self->user, NULL);
  gchar *hmac = g_compute_hmac_for_string (G_CHECKSUM_SHA256, secret,
      RTMP_LOGIN_SECRET_BYTES, whole, -1);

  hmac[n_chars] = '\0';
  return hmac;
}

/* The length of a proof is public, so comparing it first leaks nothing. */
static gboolean
is_proof (const gchar *received, const gchar *proof)
{
  return strlen (received) == strlen (proof) &&
      access_secret_equal (received, proof, strlen (proof));
}

static gchar *
dup_opaque (const RtmpLogin *self, const guint8 *secret, const gchar *plain)
{
  g_autofree gchar *seal_text = seal (self, secret, plain, SEAL_CHARS);

  return g_strconcat (plain, seal_text, NULL);
}

gchar *
rtmp_login_challenge (const RtmpLogin *self,
    const guint8 secret[RTMP_LOGIN_SECRET_BYTES], guint64 number, gint64 now_us)
{
  g_autofree gchar *salt = seal (self, secret, "salt", SALT_CHARS);
  g_autofree gchar *plain = g_strdup_printf ("%016" G_GINT64_MODIFIER "x"
                                             "%016" G_GINT64_MODIFIER "x",
      (guint64) (now_us / G_USEC_PER_SEC), number);
  g_autofree gchar *opaque = dup_opaque (self, secret, plain);

  /* Encoders answer the opaque part if there is one, else the challenge, and
   * take the user's name from this text. */
  return g_strdup_printf (PREFIX
      "?reason=needauth&user=%s&salt=%s&challenge=%s&opaque=%s",
      self->user, salt, opaque, opaque);
}

gboolean
rtmp_login_is_fresh (const RtmpLogin *self,
    const guint8 secret[RTMP_LOGIN_SECRET_BYTES], gint64 now_us)
{
  g_autofree gchar *plain = g_strndup (self->opaque, TIME_CHARS + NUMBER_CHARS);
  g_autofree gchar *opaque = dup_opaque (self, secret, plain);
  g_autofree gchar *time = g_strndup (plain, TIME_CHARS);
  gint64 age_s;

  if (!is_proof (self->opaque, opaque))
    return FALSE;
  age_s = now_us / G_USEC_PER_SEC - g_ascii_strtoll (time, NULL, 16);
  return age_s >= 0 && age_s <= RTMP_LOGIN_FRESH_S;
}

/* Returns: (transfer full): base64 (md5 (one + two + three)) */
static gchar *
hash (const gchar *one, const gchar *two, const gchar *three)
{
  g_autoptr (GChecksum) md5 = g_checksum_new (G_CHECKSUM_MD5);
  guint8 digest[MD5_BYTES];
  gsize size = sizeof digest;

  g_checksum_update (md5, (const guchar *) one, -1);
  g_checksum_update (md5, (const guchar *) two, -1);
  g_checksum_update (md5, (const guchar *) three, -1);
  g_checksum_get_digest (md5, digest, &size);
  return g_base64_encode (digest, sizeof digest);
}

gboolean
rtmp_login_proves (const RtmpLogin *self,
    const guint8 secret[RTMP_LOGIN_SECRET_BYTES], const gchar *password)
{
  g_autofree gchar *salt = seal (self, secret, "salt", SALT_CHARS);
  g_autofree gchar *salted = hash (self->user, salt, password);
  g_autofree gchar *response = hash (salted, self->opaque, self->challenge);

  return is_proof (self->response, response);
}
