/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Addresses whose datagrams reach one media thread and whose viewer another
 * one owns. Only addresses that a viewer has proved to be its own get in. Pure;
 * owned by the thread. */

#pragma once

#include "ext/whep/viewer/address.h"

G_BEGIN_DECLS

/* Eight addresses of each of 4,096 viewers. When it is full all are forgotten:
 * a viewer's next check, some seconds later at the most, brings it back. */
#define WHEP_FORWARD_TABLE_MAX (8 * 4096)

typedef struct _WhepForwardTable WhepForwardTable;

WhepForwardTable *whep_forward_table_new (void);
void whep_forward_table_free (WhepForwardTable *self);

/* Datagrams from @address are for the worker of that number from now on. */
void whep_forward_table_learn (WhepForwardTable *self,
    const WhepAddress *address, guint worker);
/* Returns FALSE if the address is nobody's. */
gboolean whep_forward_table_find (const WhepForwardTable *self,
    const WhepAddress *address, guint *worker);
guint whep_forward_table_count (const WhepForwardTable *self);

G_END_DECLS
