/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Somebody else's server is asked who may publish or watch: a POST with JSON,
 * answered by 2xx for yes. Any thread may ask and wait for the answer; one with
 * a main context needn't wait. */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Of silence of the server that is asked: a person waits for the answer. */
#define ACCESS_HOOK_TIMEOUT_S 5

typedef struct
{
  const gchar *action;  /* "publish" or "watch" */
  const gchar *stream;  /* APP/KEY */
  const gchar *query;   /* as it came; may hold secrets */
  const gchar *address; /* of the peer */
} AccessRequest;

/* Returns: (transfer full): the first part of the stream's name; @key is the
 * rest of it, behind the slash. */
gchar *access_request_split (const AccessRequest *self, const gchar **key);

/* Returns: (transfer full) (nullable): NULL for yes, else why not, in words for
 * the peer. Without a reply the request is rejected. */
gchar *access_hook_ask (const gchar *url, const AccessRequest *request,
    GCancellable *cancellable);

/* Whether a server at @url could be asked: http or https, and a host. */
gboolean access_hook_check_url (const gchar *url, GError **error);

/* A server that is asked again and again, by the main context of one thread. */
typedef struct _AccessHook AccessHook;

/* Requests to it that are in flight at the same time; more wait for their
 * turn. */
#define ACCESS_HOOK_MAX_CONNECTIONS 16

/* Fails if the URL can't be asked. */
AccessHook *access_hook_new (const gchar *url, GError **error);
/* In the thread that asked, when all has been answered. */
void access_hook_free (AccessHook *self);

/* Asks; @callback is called later, also when @cancellable ends it. */
void access_hook_ask_async (AccessHook *self, const AccessRequest *request,
    GCancellable *cancellable, GAsyncReadyCallback callback,
    gpointer user_data);
/* @status: of HTTP; 0: no answer came.
 *
 * Returns: as access_hook_ask(). */
gchar *access_hook_ask_finish (GAsyncResult *result, guint *status);

G_END_DECLS
