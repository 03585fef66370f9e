/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How many viewers need another rendition of a publisher's video: a few words
 * shared by the HTTP thread, which counts them, and the publisher's thread,
 * which has the rendition made. Reads no clock. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A rendition that is no longer needed continues for this long: a viewer that
 * reloads the page, or the next one to arrive, finds it running. */
#define WHEP_DEMAND_REST_US (5 * G_USEC_PER_SEC)

typedef struct _WhepDemand WhepDemand;

WhepDemand *whep_demand_new (void);
WhepDemand *whep_demand_ref (WhepDemand *self);
void whep_demand_unref (WhepDemand *self);

/* For the HTTP thread. */
void whep_demand_set_viewers (WhepDemand *self, guint n_viewers);

/* For the publisher's thread: whether the rendition is to be made. */
gboolean whep_demand_is_wanted (WhepDemand *self, gint64 now_us);

G_END_DECLS
