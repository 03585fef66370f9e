/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Hash tables keyed by a peer's address: see address.h. */

#include "ext/whep/viewer/address.h"

/* FNV-1a. Only addresses that ICE has checked are put into a table, so an
 * attacker cannot choose addresses that collide. */
static guint
hash (gconstpointer key)
{
  const WhepAddress *address = key;
  guint hash = 2166136261u ^ address->remote_port;

  for (guint i = 0; i < sizeof (address->remote_ip); i++)
    hash = (hash ^ address->remote_ip[i]) * 16777619u;
  return hash;
}

static gboolean
equal (gconstpointer a, gconstpointer b)
{
  return whep_address_equal (a, b);
}

GHashTable *
whep_address_table_new (GDestroyNotify free_key)
{
  return g_hash_table_new_full (hash, equal, free_key, NULL);
}
