/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a secret is worth: see grant.h. */

#include "gst/access/grant.h"

#include <string.h>

void
access_grant_clear (AccessGrant *self)
{
  access_claims_free (self->claims);
  memset (self, 0, sizeof (*self));
}

static gboolean
claims_allow (const AccessGrant *self, const gchar *action, const gchar *stream)
{
  if (self->claims == NULL || !self->is_current)
    return FALSE;
  return strcmp (action, ACCESS_ACTION_PUBLISH) == 0
      ? access_claims_may_publish (self->claims, stream)
      : access_claims_may_watch (self->claims, stream);
}

static gboolean
keys_allow (const AccessGrant *self, const gchar *stream)
{
  return self->has_secret && self->keys != NULL &&
      access_keys_have_digest (self->keys, stream, self->digest);
}

AccessVerdict
access_grant_check (const AccessGrant *self, const gchar *action,
    const gchar *stream)
{
  if (self->is_open || keys_allow (self, stream) ||
      claims_allow (self, action, stream))
    return ACCESS_ALLOWED;
  if (self->is_unreadable)
    return ACCESS_KEYS_UNREADABLE;
  if (!self->has_secret)
    return ACCESS_SECRET_MISSING;
  if (self->claims != NULL && !self->is_current)
    return ACCESS_TOKEN_EXPIRED;
  return ACCESS_SECRET_WRONG;
}

gboolean
access_grant_is_admin (const AccessGrant *self)
{
  return self->claims != NULL && self->is_current &&
      access_claims_is_admin (self->claims);
}

gboolean
access_grant_is_guess (const AccessGrant *self)
{
  return self->has_secret && !self->is_open && !self->is_unreadable &&
      self->claims == NULL &&
      (self->keys == NULL ||
          !access_keys_have_digest (self->keys, NULL, self->digest));
}
