/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Replaces jwt.c and its parts in a build without cjose: no token can be
 * verified, and an element that is given keys for them does not start. */

#include "gst/access/jwt.h"

AccessJwtKeys *
access_jwtkeys_parse (const gchar *text, gsize size, const gchar **why)
{
  *why = "this build has no JSON Web Tokens";
  return NULL;
}

void
access_jwtkeys_free (AccessJwtKeys *self)
{
}

void
access_claims_free (AccessClaims *self)
{
}

/* These are never called, because there are no keys. */

AccessClaims *
access_jwt_verify (const AccessJwtKeys *keys, const gchar *token)
{
  g_assert_not_reached ();
}

gboolean
access_claims_is_current (const AccessClaims *self, gint64 now_s)
{
  g_assert_not_reached ();
}

gboolean
access_claims_may_publish (const AccessClaims *self, const gchar *stream)
{
  g_assert_not_reached ();
}

gboolean
access_claims_may_watch (const AccessClaims *self, const gchar *stream)
{
  g_assert_not_reached ();
}

gboolean
access_claims_is_admin (const AccessClaims *self)
{
  g_assert_not_reached ();
}
