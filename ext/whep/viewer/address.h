/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A peer's address, together with the local address that it reached. Pure. */

#pragma once

#include <glib.h>
#include <string.h>

G_BEGIN_DECLS

/* IPv4 is written v4-mapped (RFC 4291 section 2.5.5.2), ports are in host
 * order; an all-zero local_ip leaves the choice to the kernel. */
typedef struct
{
  guint8 remote_ip[16];
  guint8 local_ip[16];
  guint16 remote_port;
} WhepAddress;

/* Inline because it is called once per packet and viewer. */
static inline gboolean
whep_address_equal (const WhepAddress *a, const WhepAddress *b)
{
  return a->remote_port == b->remote_port &&
      memcmp (a->remote_ip, b->remote_ip, sizeof (a->remote_ip)) == 0 &&
      memcmp (a->local_ip, b->local_ip, sizeof (a->local_ip)) == 0;
}

/* Returns: (transfer full): an empty table whose keys are WhepAddress. Keys are
 * freed with @free_key, unless that is NULL. */
GHashTable *whep_address_table_new (GDestroyNotify free_key);

G_END_DECLS
