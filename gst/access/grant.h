/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the secret of a request is worth: examined once, then asked about any
 * number of streams. The secret is one of a file of keys, or a JSON Web Token.
 * Pure. */

#pragma once

#include "gst/access/claims.h"
#include "gst/access/keys.h"
#include "gst/access/request.h"

G_BEGIN_DECLS

typedef enum
{
  ACCESS_ALLOWED,
  ACCESS_SECRET_MISSING,
  ACCESS_SECRET_WRONG,
  ACCESS_TOKEN_EXPIRED,   /* a signed token, too late or too early */
  ACCESS_KEYS_UNREADABLE, /* the reason is logged */
} AccessVerdict;

/* To be embedded; starts zeroed, which allows nothing. Its fields are set by
 * access_authorizer_examine(). */
typedef struct
{
  gboolean is_open;       /* no secret is needed */
  gboolean is_unreadable; /* a file is */
  gboolean has_secret;
  guint8 digest[ACCESS_KEYS_DIGEST_BYTES]; /* of the secret */
  const AccessKeys *keys;                  /* nullable */
  AccessClaims *claims; /* nullable: the secret is not a signed token */
  gboolean is_current;  /* the claims are */
} AccessGrant;

void access_grant_clear (AccessGrant *self);

/* @action: one of request.h. */
AccessVerdict access_grant_check (const AccessGrant *self, const gchar *action,
    const gchar *stream);
/* Whether it is a token that makes its bearer an administrator. */
gboolean access_grant_is_admin (const AccessGrant *self);
/* Whether the secret is neither one of the keys nor a signed token, so that it
 * may have been guessed. */
gboolean access_grant_is_guess (const AccessGrant *self);

G_END_DECLS
