/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Addresses whose datagrams reach one media thread although another thread owns
 * the viewer. Only addresses that a viewer has proved to be its own are added.
 * Pure; owned by the thread. */

#pragma once

#include "ext/whep/viewer/address.h"

G_BEGIN_DECLS

/* Eight addresses for each of 4,096 viewers. When the table is full, it is
 * emptied: the next check of each viewer, at most some seconds later, adds its
 * address again. */
#define WHEP_FORWARD_TABLE_MAX (8 * 4096)

typedef struct _WhepForwardTable WhepForwardTable;

WhepForwardTable *whep_forward_table_new (void);
void whep_forward_table_free (WhepForwardTable *self);

/* Datagrams from @address are forwarded to that worker from now on. */
void whep_forward_table_learn (WhepForwardTable *self,
    const WhepAddress *address, guint worker);
/* Returns FALSE if the address is unknown. */
gboolean whep_forward_table_find (const WhepForwardTable *self,
    const WhepAddress *address, guint *worker);
guint whep_forward_table_count (const WhepForwardTable *self);

G_END_DECLS
