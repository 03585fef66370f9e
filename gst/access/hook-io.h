/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Asks the operator's server whether a peer may publish, play or watch: a POST
 * with JSON, to which 2xx means yes. Any thread may ask and wait for the
 * answer; a thread with a main context need not wait. A build without libsoup
 * contains nohook-io.c instead, which cannot ask. */

#pragma once

#include "gst/access/request.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* The time for the server to answer; it is short because a user is waiting. */
#define ACCESS_HOOK_TIMEOUT_S 5

/* Returns: (transfer full) (nullable): NULL for yes, else the reason why not,
 * in words for the peer. Without an answer the request is rejected. */
gchar *access_hook_ask (const gchar *url, const AccessRequest *request,
    GCancellable *cancellable);

/* Returns whether @url is http or https and has a host. */
gboolean access_hook_check_url (const gchar *url, GError **error);

/* A server that is asked repeatedly, in the main context of one thread. */
typedef struct _AccessHook AccessHook;

/* The number of questions that are sent at the same time; further ones are
 * queued. */
#define ACCESS_HOOK_MAX_CONNECTIONS 16

/* Fails if the URL is invalid. */
AccessHook *access_hook_new (const gchar *url, GError **error);
/* To be called in the thread that asked, once all questions have been answered.
 */
void access_hook_free (AccessHook *self);

/* Asks; @callback is called later, also if @cancellable was cancelled. */
void access_hook_ask_async (AccessHook *self, const AccessRequest *request,
    GCancellable *cancellable, GAsyncReadyCallback callback,
    gpointer user_data);
/* @status: of HTTP; 0: there was no answer.
 *
 * Returns: as access_hook_ask(). */
gchar *access_hook_ask_finish (GAsyncResult *result, guint *status);

G_END_DECLS
