/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* When each viewer of a server that is drained is asked to leave: one after the
 * other within the last minute, because all that they leave for at the same
 * moment would be a storm at the other servers. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define WHEP_DEPARTURES_WINDOW_US (60 * G_USEC_PER_SEC)

/* Starts zeroed, when nobody is asked. */
typedef struct
{
  guint n_viewers;
  gint64 first_us, last_us; /* when the first and the last one are asked */
} WhepDepartures;

/* All of @n_viewers have left by @deadline_us. */
void whep_departures_plan (WhepDepartures *self, guint n_viewers, gint64 now_us,
    gint64 deadline_us);
/* Returns how many viewers are to have been asked by now. */
guint whep_departures_due (const WhepDepartures *self, gint64 now_us);

G_END_DECLS
