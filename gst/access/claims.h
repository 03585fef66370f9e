/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The claims of a JSON Web Token (RFC 7519): what its bearer may do, and when.
 *
 *     { "watch": ["live/cam", "live/show-*"], "publish": "live/cam",
 *       "admin": false, "exp": 1767225600, "nbf": 1767139200 }
 *
 * `watch` and `publish` are one name of a stream or an array of them; a name
 * that ends with an asterisk stands for all that begin alike, so that an
 * asterisk alone is every stream. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The maximum size of a token, and of its claims: identity providers add their
 * own, and HTTP servers commonly accept no more in a header. */
#define ACCESS_CLAIMS_MAX_BYTES 8192
/* The names in one claim. */
#define ACCESS_CLAIMS_MAX_NAMES 64
/* How much the clock of the token's issuer may differ from ours, in s. */
#define ACCESS_CLAIMS_LEEWAY_S 10
/* If a token names its audience, this is one of them (RFC 7519 section
 * 4.1.3). */
#define ACCESS_CLAIMS_AUDIENCE "rtmp-webrtc"

typedef struct _AccessClaims AccessClaims;

/* Returns: (nullable): NULL if a claim that matters has a wrong type, or the
 * token is for others. */
AccessClaims *access_claims_parse (const gchar *text, gsize size);
void access_claims_free (AccessClaims *self);

/* Whether the token is valid at that time, in s since 1970: not before `nbf`
 * and not after `exp`. */
gboolean access_claims_is_current (const AccessClaims *self, gint64 now_s);
/* These do not look at the time. */
gboolean access_claims_may_publish (const AccessClaims *self,
    const gchar *stream);
gboolean access_claims_may_watch (const AccessClaims *self,
    const gchar *stream);
gboolean access_claims_is_admin (const AccessClaims *self);

G_END_DECLS
