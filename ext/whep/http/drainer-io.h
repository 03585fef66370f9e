/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Drains the server: checks the viewers that are left, asks them one after the
 * other to come again elsewhere if there are other servers, and disconnects
 * them at the deadline. For the HTTP thread. */

#pragma once

#include "ext/whep/http/registry-io.h"

G_BEGIN_DECLS

typedef struct _WhepDrainer WhepDrainer;

/* @registry, whose drain it changes, must outlive it. */
WhepDrainer *whep_drainer_new (WhepRegistry *registry);
void whep_drainer_free (WhepDrainer *self);

void whep_drainer_begin (WhepDrainer *self, gint64 deadline_us);
void whep_drainer_end (WhepDrainer *self);
/* Returns: (transfer full): its state in JSON. */
gchar *whep_drainer_to_json (WhepDrainer *self);

G_END_DECLS
