/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An on-publish or on-watch server that replies by the stream's key. */

#pragma once

#include <libsoup/soup.h>

typedef struct _HookServer HookServer;

/* Its replies: "yes" 200 · "no" 403 with a reason · "rude" 401 without one ·
 * "long" 403 with a reason of two thousand letters and line breaks · "broken"
 * 500 · "moved" 307 to a yes · "slow" none, until it is freed. */
HookServer *hook_server_new (void);
void hook_server_free (HookServer *self);

const gchar *hook_server_url (const HookServer *self);
/* Waits for a request.
 *
 * Returns: (transfer full): its body. */
gchar *hook_server_pop (HookServer *self);
