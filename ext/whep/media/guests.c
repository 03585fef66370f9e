/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whose datagrams are another thread's: see guests.h. */

#include "ext/whep/media/guests.h"
#include "ext/whep/media/viewerindex.h"

struct _WhepGuests
{
  GHashTable *by_address; /* WhepAddress → number of a worker */
};

static gboolean
equal_addresses (gconstpointer a, gconstpointer b)
{
  return whep_address_equal (a, b);
}

WhepGuests *
whep_guests_new (void)
{
  WhepGuests *self = g_new (WhepGuests, 1);

  self->by_address = g_hash_table_new_full (whep_viewer_index_hash_address,
      equal_addresses, g_free, NULL);
  return self;
}

void
whep_guests_free (WhepGuests *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->by_address);
  g_free (self);
}

void
whep_guests_learn (WhepGuests *self, const WhepAddress *address, guint worker)
{
  guint known;

  if (whep_guests_find (self, address, &known) && known == worker)
    return;
  if (whep_guests_count (self) == WHEP_GUESTS_MAX)
    g_hash_table_remove_all (self->by_address);
  g_hash_table_replace (self->by_address,
      g_memdup2 (address, sizeof (*address)), GUINT_TO_POINTER (worker));
}

gboolean
whep_guests_find (const WhepGuests *self, const WhepAddress *address,
    guint *worker)
{
  gpointer found;

  if (!g_hash_table_lookup_extended (self->by_address, address, NULL, &found))
    return FALSE;
  *worker = GPOINTER_TO_UINT (found);
  return TRUE;
}

guint
whep_guests_count (const WhepGuests *self)
{
  return g_hash_table_size (self->by_address);
}
