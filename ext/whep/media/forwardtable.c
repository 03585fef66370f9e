/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Addresses whose datagrams belong to another thread: see forwardtable.h. */

#include "ext/whep/media/forwardtable.h"

struct _WhepForwardTable
{
  GHashTable *by_address; /* WhepAddress → number of a worker */
};

WhepForwardTable *
whep_forward_table_new (void)
{
  WhepForwardTable *self = g_new (WhepForwardTable, 1);

  self->by_address = whep_address_table_new (g_free);
  return self;
}

void
whep_forward_table_free (WhepForwardTable *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->by_address);
  g_free (self);
}

void
whep_forward_table_learn (WhepForwardTable *self, const WhepAddress *address,
    guint worker)
{
  guint known;

  if (whep_forward_table_find (self, address, &known) && known == worker)
    return;
  if (whep_forward_table_count (self) == WHEP_FORWARD_TABLE_MAX)
    g_hash_table_remove_all (self->by_address);
  g_hash_table_replace (self->by_address,
      g_memdup2 (address, sizeof (*address)), GUINT_TO_POINTER (worker));
}

gboolean
whep_forward_table_find (const WhepForwardTable *self,
    const WhepAddress *address, guint *worker)
{
  gpointer found;

  if (!g_hash_table_lookup_extended (self->by_address, address, NULL, &found))
    return FALSE;
  *worker = GPOINTER_TO_UINT (found);
  return TRUE;
}

guint
whep_forward_table_count (const WhepForwardTable *self)
{
  return g_hash_table_size (self->by_address);
}
