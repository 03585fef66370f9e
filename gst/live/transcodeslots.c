/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Slots for transcoding: see transcodeslots.h. */

#include "gst/live/transcodeslots.h"

struct _TranscodeSlots
{
  gint n_refs;  /* atomic */
  gint limit;   /* atomic */
  gint n_taken; /* atomic */
};

TranscodeSlots *
transcode_slots_new (guint limit)
{
  TranscodeSlots *self = g_new0 (TranscodeSlots, 1);

  self->n_refs = 1;
  self->limit = limit;
  return self;
}

TranscodeSlots *
transcode_slots_ref (TranscodeSlots *self)
{
  g_atomic_int_inc (&self->n_refs);
  return self;
}

void
transcode_slots_unref (TranscodeSlots *self)
{
  if (g_atomic_int_dec_and_test (&self->n_refs))
    g_free (self);
}

void
transcode_slots_set_limit (TranscodeSlots *self, guint limit)
{
  g_atomic_int_set (&self->limit, MIN (limit, G_MAXINT));
}

guint
transcode_slots_get_limit (TranscodeSlots *self)
{
  return g_atomic_int_get (&self->limit);
}

/* Gives the slot back if that was one too many, so no caller has to retry. */
gboolean
transcode_slots_take (TranscodeSlots *self)
{
  if (self == NULL ||
      g_atomic_int_add (&self->n_taken, 1) < g_atomic_int_get (&self->limit))
    return TRUE;
  transcode_slots_give_back (self);
  return FALSE;
}

void
transcode_slots_give_back (TranscodeSlots *self)
{
  if (self != NULL)
    g_atomic_int_add (&self->n_taken, -1);
}
