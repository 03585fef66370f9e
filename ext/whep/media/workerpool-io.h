/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The mailboxes of all media threads, and the mapping from viewers to threads.
 * Does not change while any of the threads runs; any thread may post. */

#pragma once

#include "ext/whep/media/media-io.h"
#include "ext/whep/media/message.h"

G_BEGIN_DECLS

typedef struct
{
  guint n_workers;
  WhepMailbox *mailboxes[WHEP_MEDIA_MAX_THREADS];
} WhepWorkerPool;

/* @self must be zeroed. @n_workers is at most WHEP_MEDIA_MAX_THREADS. The pool
 * must be cleared even if this fails. */
gboolean whep_worker_pool_init (WhepWorkerPool *self, guint n_workers,
    GError **error);
/* To be called once no thread runs any more. Frees the messages that are
 * left. */
void whep_worker_pool_clear (WhepWorkerPool *self);

/* Returns: the worker that owns the viewer of that ufrag. */
guint whep_worker_pool_owner (const WhepWorkerPool *self, const gchar *ufrag);

/* Always delivers; takes @message. For messages whose number is bounded
 * elsewhere. */
void whep_worker_pool_post (const WhepWorkerPool *self, guint worker,
    WhepMessage *message);
/* Takes @message. Returns FALSE, and frees it, if @limit messages are already
 * waiting because the worker does not keep up. */
gboolean whep_worker_pool_try_post (const WhepWorkerPool *self, guint worker,
    WhepMessage *message, guint limit);

G_END_DECLS
