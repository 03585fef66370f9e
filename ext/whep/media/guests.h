/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Addresses whose datagrams reach one media thread and whose viewer another
 * one owns. Only addresses that a viewer has proved to be its own get in. Pure;
 * owned by the thread. */

#pragma once

#include "ext/whep/viewer/outbox.h"

G_BEGIN_DECLS

/* Eight addresses of each of 4,096 viewers. When it is full all are forgotten:
 * a viewer's next check, some seconds later at the most, brings it back. */
#define WHEP_GUESTS_MAX (8 * 4096)

typedef struct _WhepGuests WhepGuests;

WhepGuests *whep_guests_new (void);
void whep_guests_free (WhepGuests *self);

/* Datagrams from @address are for the worker of that number from now on. */
void whep_guests_learn (WhepGuests *self, const WhepAddress *address,
    guint worker);
/* Returns FALSE if the address is nobody's. */
gboolean whep_guests_find (const WhepGuests *self, const WhepAddress *address,
    guint *worker);
guint whep_guests_count (const WhepGuests *self);

G_END_DECLS
