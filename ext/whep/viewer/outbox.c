/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Datagrams that are ready to be sent: see outbox.h. */

#include "ext/whep/viewer/outbox.h"

WhepOutbox *
whep_outbox_new (void)
{
  WhepOutbox *self = g_new (WhepOutbox, 1);

  whep_outbox_flush (self);
  return self;
}

void
whep_outbox_free (WhepOutbox *self)
{
  g_free (self);
}

guint8 *
whep_outbox_reserve (WhepOutbox *self, gsize size)
{
  g_assert (size <= WHEP_OUTBOX_BYTES);

  if (size > WHEP_OUTBOX_BYTES - self->size)
    return NULL;
  if (self->n_runs == WHEP_OUTBOX_RUNS)
    return NULL;
  return self->bytes + self->size;
}

/* The kernel cuts a run into segments of one size; only the last one may be
 * shorter, so a shorter datagram ends its run. */
static gboolean
fits_run (const WhepRun *run, const WhepAddress *to, gsize size)
{
  if (size > run->segment_size || run->n_segments == WHEP_RUN_MAX_SEGMENTS)
    return FALSE;
  if (run->size + size > WHEP_RUN_MAX_BYTES)
    return FALSE;
  return whep_address_equal (&run->to, to);
}

void
whep_outbox_commit (WhepOutbox *self, const WhepAddress *to, gsize size)
{
  WhepRun *run = &self->runs[MAX (self->n_runs, 1) - 1];

  g_assert (size > 0 && size <= WHEP_OUTBOX_BYTES - self->size);

  if (self->is_last_run_closed || !fits_run (run, to, size)) {
    g_assert (self->n_runs < WHEP_OUTBOX_RUNS);
    run = &self->runs[self->n_runs++];
    run->to = *to;
    run->offset = self->size;
    run->size = 0;
    run->segment_size = size;
    run->n_segments = 0;
  }
  run->size += size;
  run->n_segments++;
  self->size += size;
  self->is_last_run_closed = size < run->segment_size;
}

void
whep_outbox_trace (WhepOutbox *self, gint64 came_us)
{
  if (self->n_traces < WHEP_OUTBOX_RUNS)
    self->traces[self->n_traces++] = came_us;
}

void
whep_outbox_close_run (WhepOutbox *self)
{
  self->is_last_run_closed = TRUE;
}

void
whep_outbox_flush (WhepOutbox *self)
{
  self->size = 0;
  self->n_runs = 0;
  self->n_traces = 0;
  self->is_last_run_closed = TRUE;
}
