/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Authorizes publishers or viewers, by the rule that both servers share.
 *
 * A file of keys, which is read again when it has changed, and a server that is
 * asked over HTTP (the hook): each one that is set must allow a request, and
 * without either, every request is allowed. (The application, which must allow
 * it as well, is asked by the elements' signals.) While one of them cannot
 * decide, no request is allowed.
 *
 * Has one owner; only access_authorizer_ask() may be called from any thread. */

#pragma once

#include "gst/access/hook-io.h"
#include "gst/access/keys.h"

G_BEGIN_DECLS

typedef enum
{
  ACCESS_ALLOWED,
  ACCESS_SECRET_MISSING,
  ACCESS_SECRET_WRONG,
  ACCESS_KEYS_UNREADABLE, /* the reason is logged */
} AccessVerdict;

typedef struct _AccessAuthorizer AccessAuthorizer;

/* @action: ACCESS_ACTION_PUBLISH or ACCESS_ACTION_WATCH. @keys: (nullable):
 * path of the file, see keys.h. @hook: (nullable): URL of the server, see
 * hook-io.h. "" counts as NULL. Fails if the file cannot be read or the URL is
 * invalid. */
AccessAuthorizer *access_authorizer_new (const gchar *action, const gchar *keys,
    const gchar *hook, GError **error);
void access_authorizer_free (AccessAuthorizer *self);

gboolean access_authorizer_has_keys (const AccessAuthorizer *self);
gboolean access_authorizer_has_hook (const AccessAuthorizer *self);

/* Returns: (nullable): the keys, valid until the next call; NULL if there is no
 * file, or while it can't be read, which is logged. */
const AccessKeys *access_authorizer_read_keys (AccessAuthorizer *self);
/* Checks the @secret (nullable) of a request against the file. */
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
