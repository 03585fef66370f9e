/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How many viewers need a rendition: see demand.h. */

#include "ext/whep/stream/demand.h"

struct _WhepDemand
{
  gint ref_count; /* atomic */
  gint n_viewers; /* atomic */

  /* Owned by the publisher's thread. */
  gboolean was_wanted;
  gint64 wanted_us; /* last time that it was */
};

WhepDemand *
whep_demand_new (void)
{
  WhepDemand *self = g_new0 (WhepDemand, 1);

  self->ref_count = 1;
  return self;
}

WhepDemand *
whep_demand_ref (WhepDemand *self)
{
  if (self != NULL)
    g_atomic_int_inc (&self->ref_count);
  return self;
}

void
whep_demand_unref (WhepDemand *self)
{
  if (self != NULL && g_atomic_int_dec_and_test (&self->ref_count))
    g_free (self);
}

void
whep_demand_set_viewers (WhepDemand *self, guint n_viewers)
{
  g_atomic_int_set (&self->n_viewers, n_viewers);
}

gboolean
whep_demand_is_wanted (WhepDemand *self, gint64 now_us)
{
  if (g_atomic_int_get (&self->n_viewers) > 0) {
    self->was_wanted = TRUE;
    self->wanted_us = now_us;
  }
  self->was_wanted &= now_us - self->wanted_us < WHEP_DEMAND_REST_US;
  return self->was_wanted;
}
