/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The mailboxes of all media threads: see workerpool-io.h. */

#include "ext/whep/media/workerpool-io.h"

gboolean
whep_worker_pool_init (WhepWorkerPool *self, guint n_workers, GError **error)
{
  g_assert (n_workers <= WHEP_MEDIA_MAX_THREADS);
  while (self->n_workers < n_workers) {
    WhepMailbox *mailbox = whep_mailbox_new (error);

    if (mailbox == NULL)
      return FALSE;
    self->mailboxes[self->n_workers++] = mailbox;
  }
  return TRUE;
}

void
whep_worker_pool_clear (WhepWorkerPool *self)
{
  for (guint i = 0; i < self->n_workers; i++) {
    whep_message_free_all (whep_mailbox_take (self->mailboxes[i]));
    whep_mailbox_free (self->mailboxes[i]);
  }
  self->n_workers = 0;
}

guint
whep_worker_pool_owner (const WhepWorkerPool *self, const gchar *ufrag)
{
  return g_str_hash (ufrag) % self->n_workers;
}

void
whep_worker_pool_post (const WhepWorkerPool *self, guint worker,
    WhepMessage *message)
{
  whep_mailbox_post (self->mailboxes[worker], &message->head);
}

gboolean
whep_worker_pool_try_post (const WhepWorkerPool *self, guint worker,
    WhepMessage *message, guint limit)
{
  if (whep_mailbox_offer (self->mailboxes[worker], &message->head, limit))
    return TRUE;
  whep_message_free (message);
  return FALSE;
}
