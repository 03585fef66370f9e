/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Forwards datagrams that arrive at a media thread to the one that owns their
 * viewer, because the kernel distributes them by address. For that thread. */

#pragma once

#include "ext/whep/media/forwardtable.h"
#include "ext/whep/media/udp-io.h"
#include "ext/whep/media/workerpool-io.h"

G_BEGIN_DECLS

typedef struct
{
  const WhepWorkerPool *pool;
  guint number; /* this thread's */
  WhepForwardTable *table;
} WhepForwarding;

void whep_forwarding_init (WhepForwarding *self, const WhepWorkerPool *pool,
    guint number);
void whep_forwarding_clear (WhepForwarding *self);

/* Finds the thread that owns the datagram's viewer, which may be this one: a
 * check names its viewer in USERNAME; anything else comes from an address that
 * a check has proved. */
gboolean whep_forwarding_find_owner (const WhepForwarding *self,
    const WhepDatagram *datagram, guint *owner);
/* Returns FALSE if too many are waiting there: the datagram is dropped. */
gboolean whep_forwarding_post (const WhepForwarding *self,
    const WhepDatagram *datagram, guint owner);

/* Tells the thread that forwarded a check which thread owns its address, before
 * our answer draws more datagrams to it. */
void whep_forwarding_confirm (const WhepForwarding *self,
    const WhepMessageDatagram *datagram);
/* What that thread does then. */
void whep_forwarding_learn (WhepForwarding *self, const WhepAddress *address,
    guint owner);

G_END_DECLS
