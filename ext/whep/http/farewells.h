/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Why sessions were ended by the operator: remembered for a while, because a
 * viewer whose DTLS was closed asks for its session to learn the reason. Pure;
 * owned by the HTTP thread. */

#pragma once

#include "ext/whep/http/route.h"

G_BEGIN_DECLS

/* A page asks at once; one on a bad network some seconds later. */
#define WHEP_FAREWELLS_LIFE_US (60 * G_USEC_PER_SEC)
/* Beyond that, the oldest is forgotten: its page connects again, as after any
 * other end. */
#define WHEP_FAREWELLS_MAX 256

typedef struct _WhepFarewells WhepFarewells;

WhepFarewells *whep_farewells_new (void);
void whep_farewells_free (WhepFarewells *self);

/* @id: of the session; @stream: its stream. */
void whep_farewells_add (WhepFarewells *self, const gchar *id,
    const gchar *stream, const gchar *reason, gint64 now_us);
/* Returns: (nullable): the reason, unless it has been forgotten; valid until
 * the next call. */
const gchar *whep_farewells_find (WhepFarewells *self, const gchar *id,
    const gchar *stream, gint64 now_us);

G_END_DECLS
