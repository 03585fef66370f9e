/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How much of the video a viewer's network can carry: see thinning.h. */

#include "ext/whep/viewer/thinning.h"

void
whep_thinning_init (WhepThinning *self)
{
  *self = (WhepThinning){ .clean_needed_us = WHEP_THINNING_CLEAN_US };
}

static void
note_since (gint64 *since_us, gboolean is_true, gint64 now_us)
{
  if (!is_true)
    *since_us = 0;
  else if (*since_us == 0)
    *since_us = now_us;
}

static gboolean
has_lasted (gint64 since_us, gint64 duration_us, gint64 now_us)
{
  return since_us != 0 && now_us - since_us >= duration_us;
}

static void
thin (WhepThinning *self, gint64 now_us)
{
  gboolean was_too_early =
      self->eased_us != 0 && now_us - self->eased_us <= self->clean_needed_us;

  self->clean_needed_us = was_too_early
      ? MIN (2 * self->clean_needed_us, WHEP_THINNING_CLEAN_MAX_US)
      : WHEP_THINNING_CLEAN_US;
  self->level++;
}

static void
ease (WhepThinning *self, gint64 now_us)
{
  self->level--;
  self->eased_us = now_us;
}

gboolean
whep_thinning_report (WhepThinning *self, guint8 fraction_lost, gint64 now_us)
{
  note_since (&self->lossy_since_us, fraction_lost >= WHEP_THINNING_LOSSY,
      now_us);
  note_since (&self->clean_since_us, fraction_lost <= WHEP_THINNING_CLEAN,
      now_us);

  if (self->level < WHEP_THINNING_KEYS &&
      has_lasted (self->lossy_since_us, WHEP_THINNING_LOSSY_US, now_us))
    thin (self, now_us);
  else if (self->level > WHEP_THINNING_NONE &&
      has_lasted (self->clean_since_us, self->clean_needed_us, now_us))
    ease (self, now_us);
  else
    return FALSE;

  self->lossy_since_us = 0;
  self->clean_since_us = 0;
  return TRUE;
}

gboolean
whep_thinning_drops (const WhepThinning *self, gboolean is_droppable)
{
  switch (self->level) {
    case WHEP_THINNING_NONE:
      return FALSE;
    case WHEP_THINNING_REFERENCES:
      return is_droppable;
    case WHEP_THINNING_KEYS:
      return TRUE;
  }
  g_assert_not_reached ();
}

const gchar *
whep_thinning_level_name (WhepThinningLevel level)
{
  switch (level) {
    case WHEP_THINNING_NONE:
      return "all";
    case WHEP_THINNING_REFERENCES:
      return "references";
    case WHEP_THINNING_KEYS:
      return "keys";
  }
  g_assert_not_reached ();
}
