/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Posts JSON to a server of the operator's: a web hook. What it answers is read
 * up to a limit, and redirects are not followed. Not in a build without
 * libsoup. */

#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* The maximum size of an answer that is read; reasons are shorter. */
#define ACCESS_POST_MAX_ANSWER_BYTES 4096

/* Returns: (transfer full): a session for the calling thread. */
SoupSession *access_post_session_new (guint timeout_s, guint max_connections);

/* Returns: (nullable) (transfer full): NULL if @url is invalid. */
SoupMessage *access_post_new (const gchar *url, GBytes *json);

/* Sends @message in the thread's default main context. */
void access_post_send_async (SoupSession *session, SoupMessage *message,
    GCancellable *cancellable, GAsyncReadyCallback callback,
    gpointer user_data);
/* @answer: (transfer none): valid as long as @result, with its @size. Returns:
 * the HTTP status, or 0 with an error if there is no answer. */
guint access_post_send_finish (GAsyncResult *result, const gchar **answer,
    gsize *size, GError **error);

G_END_DECLS
