/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Authorizes publishers or viewers, by the rule that both servers share.
 *
 * A secret, and a server that is asked over HTTP (the hook): each one that is
 * set must allow a request, and without either, every request is allowed. (The
 * application, which must allow it as well, is asked by the elements' signals.)
 * While one of them cannot decide, no request is allowed.
 *
 * A secret is one of a file of keys or, if there are keys for that, a JSON Web
 * Token: a request has one secret, so either suffices if both are set. The
 * files are read again when they have changed.
 *
 * Has one owner; only access_authorizer_ask() may be called from any thread. */

#pragma once

#include "gst/access/grant.h"
#include "gst/access/hook-io.h"

G_BEGIN_DECLS

typedef struct
{
  const gchar *action;   /* one of request.h; static */
  const gchar *keys;     /* nullable: path of a file, see keys.h */
  const gchar *jwt_keys; /* nullable: path of a file, see jwtkeys.h */
  const gchar *hook;     /* nullable: URL of the server, see hook-io.h */
} AccessAuthorizerParams;

typedef struct _AccessAuthorizer AccessAuthorizer;

/* "" counts as NULL. Fails if a file cannot be read or the URL is invalid. */
AccessAuthorizer *access_authorizer_new (const AccessAuthorizerParams *params,
    GError **error);
void access_authorizer_free (AccessAuthorizer *self);

gboolean access_authorizer_has_keys (const AccessAuthorizer *self);
/* Whether there are keys for JSON Web Tokens. */
gboolean access_authorizer_has_tokens (const AccessAuthorizer *self);
/* Whether there are keys of either kind. */
gboolean access_authorizer_needs_secret (const AccessAuthorizer *self);
gboolean access_authorizer_has_hook (const AccessAuthorizer *self);

/* Returns: (nullable): the keys, valid until the next call; NULL if there is no
 * file, or while it can't be read, which is logged. */
const AccessKeys *access_authorizer_read_keys (AccessAuthorizer *self);
/* Finds out what the @secret (nullable) of a request is worth. @grant is valid
 * until the keys are read again or the next one is examined, and is then to be
 * cleared. */
void access_authorizer_examine (AccessAuthorizer *self, const gchar *secret,
    AccessGrant *grant);
/* The same for one stream. */
AccessVerdict access_authorizer_check_secret (AccessAuthorizer *self,
    const gchar *stream, const gchar *secret);

/* Asks the server, if there is one, and waits for its answer: as
 * access_hook_ask(). */
gchar *access_authorizer_ask (const AccessAuthorizer *self,
    const AccessRequest *request, GCancellable *cancellable);
/* Asks the server without waiting: as access_hook_ask_async(), from the thread
 * of the owner. There must be one. */
void access_authorizer_ask_async (AccessAuthorizer *self,
    const AccessRequest *request, GCancellable *cancellable,
    GAsyncReadyCallback callback, gpointer user_data);
/* Closes the connections of access_authorizer_ask_async(), from the thread that
 * asked, once all questions have been answered. None may be asked afterwards.
 */
void access_authorizer_close (AccessAuthorizer *self);

G_END_DECLS
