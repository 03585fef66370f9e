/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Draining the server: see drain.h. */

#include "ext/whep/http/drain.h"
#include "ext/whep/http/json.h"

void
whep_drain_begin (WhepDrain *self, gint64 deadline_us)
{
  self->state = WHEP_DRAIN_DRAINING;
  self->deadline_us = deadline_us;
}

void
whep_drain_end (WhepDrain *self)
{
  *self = (WhepDrain){ 0 };
}

gboolean
whep_drain_check (WhepDrain *self, guint n_viewers, gint64 now_us)
{
  if (self->state != WHEP_DRAIN_DRAINING)
    return FALSE;
  if (n_viewers > 0)
    return now_us >= self->deadline_us;
  self->state = WHEP_DRAIN_DRAINED;
  return FALSE;
}

gboolean
whep_drain_is_on (const WhepDrain *self)
{
  return self->state != WHEP_DRAIN_OFF;
}

static const gchar *
state_name (WhepDrainState state)
{
  switch (state) {
    case WHEP_DRAIN_OFF:
      return "off";
    case WHEP_DRAIN_DRAINING:
      return "draining";
    case WHEP_DRAIN_DRAINED:
      return "drained";
  }
  g_assert_not_reached ();
}

gchar *
whep_drain_to_json (const WhepDrain *self, guint n_viewers, gint64 now_us)
{
  g_autoptr (JsonBuilder) json = json_builder_new ();
  gint64 left_us = MAX (self->deadline_us - now_us, 0);

  json_builder_begin_object (json);
  whep_json_add_text (json, "state", state_name (self->state));
  whep_json_add_number (json, "viewers", n_viewers);
  if (self->state == WHEP_DRAIN_DRAINING)
    whep_json_add_number (json, "remaining_s",
        (left_us + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC);
  json_builder_end_object (json);
  return whep_json_to_text (json);
}
