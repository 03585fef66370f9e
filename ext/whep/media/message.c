/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a media thread is told: see message.h. */

#include "ext/whep/media/message.h"

WhepMessage *
whep_message_new (WhepMessageKind kind, guint n_packets)
{
  WhepMessage *self =
      g_malloc0 (sizeof (WhepMessage) + n_packets * sizeof (self->packets[0]));

  self->kind = kind;
  self->n_packets = n_packets;
  return self;
}

void
whep_message_free (WhepMessage *self)
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
whep_message_free_all (WhepMail *mail)
{
  while (mail != NULL) {
    WhepMail *next = mail->next;

    whep_message_free ((WhepMessage *) mail);
    mail = next;
  }
}
