/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An encoder's login: see encoderlogin.h. */

#include "tests/support/encoderlogin.h"

#include "gst/access/query.h"

#include <gst/check/gstcheck.h>
#include <string.h>

#define ASKED "?reason=needauth&"
#define MD5_BYTES 16
#define CHALLENGE "QUJDRA=="

static gchar *
base64_of_md5 (const gchar *text)
{
  g_autoptr (GChecksum) md5 = g_checksum_new (G_CHECKSUM_MD5);
  guint8 digest[MD5_BYTES];
  gsize size = sizeof digest;

  g_checksum_update (md5, (const guchar *) text, -1);
  g_checksum_get_digest (md5, digest, &size);
  return g_base64_encode (digest, size);
}

gchar *
encoder_login (const gchar *description, const gchar *password)
{
  const gchar *asked = strchr (description, '?');
  g_autofree gchar *user = NULL;
  g_autofree gchar *salt = NULL;
  g_autofree gchar *opaque = NULL;
  g_autofree gchar *plain = NULL;
  g_autofree gchar *salted = NULL;
  g_autofree gchar *all = NULL;
  g_autofree gchar *response = NULL;

  ck_assert_msg (asked != NULL && g_str_has_prefix (asked, ASKED), "%s",
      description);
  user = access_query_get (asked + 1, "user");
  salt = access_query_get (asked + 1, "salt");
  opaque = access_query_get (asked + 1, "opaque");
  plain = g_strconcat (user, salt, password, NULL);
  salted = base64_of_md5 (plain);
  all = g_strconcat (salted, opaque, CHALLENGE, NULL);
  response = base64_of_md5 (all);
  return g_strdup_printf ("authmod=adobe&user=%s&challenge=" CHALLENGE
                          "&response=%s&opaque=%s",
      user, response, opaque);
}
