/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A token that nobody has signed is rejected, whatever it says. The keys are
 * those of RFC 7515, whose examples are in the corpus: only they count. */

#include "gst/access/jwt.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static const gchar set[] =
    "{\"keys\":[{\"kty\":\"oct\",\"k\":\"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-E"
    "stJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow\"},{\"kty\":\"EC\","
    "\"crv\":\"P-256\",\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\","
    "\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"}]}";

/* What both examples say: they are not about streams. */
static void
check_claims (const AccessClaims *claims)
{
  g_assert (!access_claims_is_admin (claims));
  g_assert (!access_claims_may_watch (claims, "live/cam"));
  g_assert (!access_claims_may_publish (claims, "live/cam"));
  g_assert (!access_claims_is_current (claims, 1767225600));
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  static AccessJwtKeys *keys;
  g_autofree gchar *token = g_strndup ((const gchar *) data, size);
  AccessClaims *claims;
  const gchar *why;

  if (keys == NULL)
    keys = access_jwtkeys_parse (set, strlen (set), &why);
  claims = access_jwt_verify (keys, token);
  if (claims != NULL)
    check_claims (claims);
  access_claims_free (claims);
  return 0;
}
