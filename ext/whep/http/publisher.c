/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who publishes a stream: see publisher.h. */

#include "ext/whep/http/publisher.h"

WhepPublisher *
whep_publisher_copy (const WhepPublisher *self)
{
  WhepPublisher *copy;

  if (self == NULL)
    return NULL;
  copy = g_new (WhepPublisher, 1);
  *copy = *self;
  copy->id = g_strdup (self->id);
  copy->address = g_strdup (self->address);
  copy->encoder = g_strdup (self->encoder);
  copy->protocol = g_strdup (self->protocol);
  return copy;
}

void
whep_publisher_free (WhepPublisher *self)
{
  if (self == NULL)
    return;
  g_free (self->id);
  g_free (self->address);
  g_free (self->encoder);
  g_free (self->protocol);
  g_free (self);
}
