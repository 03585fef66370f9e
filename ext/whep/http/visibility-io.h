/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which streams a request may see in a list: those that it may watch. The hook
 * is asked about each stream with the action "list", a few at a time, and its
 * answers are remembered for WHEP_VERDICT_CACHE_US. For the HTTP thread. */

#pragma once

#include "ext/whep/http/authorizer-io.h"

G_BEGIN_DECLS

/* The number of questions to the hook that one request may have pending. */
#define WHEP_VISIBILITY_AT_ONCE 8

typedef struct _WhepVisibility WhepVisibility;

/* @authorizer outlives it, and must be closed before it is freed. */
WhepVisibility *whep_visibility_new (WhepAuthorizer *authorizer);
void whep_visibility_free (WhepVisibility *self);

/* @names: a set of streams' names; (nullable): NULL for all there are. */
typedef void (*WhepVisibleFunc) (SoupServerMessage *message, GHashTable *names,
    gpointer user_data);

/* Calls @func, at once or later, with those of @names (of const gchar *) that
 * the request may see; not if the request was rejected, which has then been
 * replied to, or its connection has ended. */
void whep_visibility_find (WhepVisibility *self, SoupServerMessage *message,
    const GList *names, WhepVisibleFunc func, gpointer user_data);

/* Whether a stream may be seen; it may not while the hook does not decide. */
typedef void (*WhepDecidedFunc) (gboolean is_visible, gpointer user_data);

/* The same about one stream, for a request whose reply has begun and whose
 * @asker was just examined. Takes @asker, replies to nothing, and calls
 * @decided in any case, at once or later. */
void whep_visibility_look (WhepVisibility *self, SoupServerMessage *message,
    WhepAsker *asker, const gchar *name, WhepDecidedFunc decided,
    gpointer user_data);

/* @names: as of WhepVisibleFunc. @is_decided: whether the hook has decided
 * about all; those that it has not are not among them. */
typedef void (*WhepReviewedFunc) (GHashTable *names, gboolean is_decided,
    gpointer user_data);

/* The same about all of @names (of const gchar *). */
void whep_visibility_review (WhepVisibility *self, SoupServerMessage *message,
    WhepAsker *asker, const GList *names, WhepReviewedFunc reviewed,
    gpointer user_data);

G_END_DECLS
