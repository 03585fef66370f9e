/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Draining the server: no new viewers are admitted, the current ones stay until
 * they leave or until a deadline. Pure; owned by the HTTP thread. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The longest deadline: a day. */
#define WHEP_DRAIN_MAX_S (24 * 60 * 60)

typedef enum
{
  WHEP_DRAIN_OFF,
  WHEP_DRAIN_DRAINING, /* there are viewers left */
  WHEP_DRAIN_DRAINED,  /* there are none; new ones are still rejected */
} WhepDrainState;

/* Starts zeroed, which is off. */
typedef struct
{
  WhepDrainState state;
  gint64 deadline_us; /* monotonic; counts while draining */
} WhepDrain;

/* Begins, or changes the deadline. */
void whep_drain_begin (WhepDrain *self, gint64 deadline_us);
/* New viewers are admitted again. */
void whep_drain_end (WhepDrain *self);
/* To be called when a viewer has left and when the deadline has passed. Returns
 * TRUE if the remaining viewers are to be disconnected now. */
gboolean whep_drain_check (WhepDrain *self, guint n_viewers, gint64 now_us);

/* Whether new viewers are rejected. */
gboolean whep_drain_is_on (const WhepDrain *self);

/* Returns: (transfer full): the state as an object in JSON. */
gchar *whep_drain_to_json (const WhepDrain *self, guint n_viewers,
    gint64 now_us);

G_END_DECLS
