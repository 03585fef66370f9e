/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An on-publish, on-watch or on-event server that replies by the stream's key.
 */

#pragma once

#include <libsoup/soup.h>

typedef struct _HookServer HookServer;

typedef struct
{
  gchar *id, *time, *signature; /* of an event; nullable */
  gchar *body;
} HookRequest;

void hook_request_free (HookRequest *self);

/* Its replies: "yes" 200 · "no" 403 with a reason · "rude" 401 without one ·
 * "long" 403 with a reason of two thousand letters and line breaks · "broken"
 * 500 · "moved" 307 to a yes · "slow" none, until it is freed · "second" 500 to
 * each event when it comes first, then 200. */
HookServer *hook_server_new (void);
/* At the port of one that was freed. */
HookServer *hook_server_new_at (guint port);
void hook_server_free (HookServer *self);

const gchar *hook_server_url (const HookServer *self);
guint hook_server_port (const HookServer *self);
/* Waits for a request. */
HookRequest *hook_server_pop_request (HookServer *self);
/* Likewise.
 *
 * Returns: (transfer full): its body. */
gchar *hook_server_pop (HookServer *self);
/* Returns: how many requests were not popped yet. */
guint hook_server_n_requests (HookServer *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HookRequest, hook_request_free)
