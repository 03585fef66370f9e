/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Datagrams for viewers of other media threads: see forwarding-io.h. */

#include "ext/whep/media/forwarding-io.h"
#include "ext/whep/viewer/ice.h"

/* Fewer forwarded datagrams than packets may wait: a flood of checks for
 * viewers that do not exist must not fill another worker's mailbox. */
#define MAX_WAITING (WHEP_MAILBOX_MAX / 4)

void
whep_forwarding_init (WhepForwarding *self, const WhepWorkerPool *pool,
    guint number)
{
  self->pool = pool;
  self->number = number;
  self->table = whep_forward_table_new ();
}

void
whep_forwarding_clear (WhepForwarding *self)
{
  g_clear_pointer (&self->table, whep_forward_table_free);
}

gboolean
whep_forwarding_find_owner (const WhepForwarding *self,
    const WhepDatagram *datagram, guint *owner)
{
  gchar ufrag[WHEP_ICE_OUR_UFRAG + 1];

  if (!whep_ice_peek_ufrag (datagram->data, datagram->size, ufrag))
    return whep_forward_table_find (self->table, &datagram->from, owner);
  *owner = whep_worker_pool_owner (self->pool, ufrag);
  return TRUE;
}

gboolean
whep_forwarding_post (const WhepForwarding *self, const WhepDatagram *datagram,
    guint owner)
{
  return whep_worker_pool_try_post (self->pool, owner,
      whep_message_new_forward (self->number, &datagram->from, datagram->data,
          datagram->size),
      MAX_WAITING);
}

void
whep_forwarding_confirm (const WhepForwarding *self,
    const WhepMessageDatagram *datagram)
{
  whep_worker_pool_try_post (self->pool, datagram->worker,
      whep_message_new_learn_route (self->number, &datagram->from),
      WHEP_MAILBOX_MAX);
}

void
whep_forwarding_learn (WhepForwarding *self, const WhepAddress *address,
    guint owner)
{
  whep_forward_table_learn (self->table, address, owner);
}
