/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a media thread is told: see order.h. */

#include "ext/whep/media/order.h"

WhepOrder *
whep_order_new (WhepOrderKind kind, guint n_packets)
{
  WhepOrder *self =
      g_malloc0 (sizeof (WhepOrder) + n_packets * sizeof (self->packets[0]));

  self->kind = kind;
  self->n_packets = n_packets;
  return self;
}

void
whep_order_free (WhepOrder *self)
{
  for (guint i = 0; i < self->n_packets; i++)
    if (self->packets[i] != NULL)
      whep_packet_unref (self->packets[i]);
  whep_viewer_free (self->viewer);
  g_free (self->name);
  g_free (self->datagram);
  g_free (self->credentials);
  g_free (self);
}

void
whep_order_free_all (WhepMail *mail)
{
  while (mail != NULL) {
    WhepMail *next = mail->next;

    whep_order_free ((WhepOrder *) mail);
    mail = next;
  }
}
