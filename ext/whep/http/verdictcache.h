/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Remembers for a short time what the hook has said about streams, so that a
 * page that shows the list does not ask again about each stream each time.
 * Remembers a limited number; the oldest is replaced. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Changes of rights show in lists after this time. */
#define WHEP_VERDICT_CACHE_US (10 * G_USEC_PER_SEC)
/* Some hundred bytes each. */
#define WHEP_VERDICT_CACHE_MAX 4096

typedef struct _WhepVerdictCache WhepVerdictCache;

WhepVerdictCache *whep_verdict_cache_new (void);
void whep_verdict_cache_free (WhepVerdictCache *self);
guint whep_verdict_cache_count (const WhepVerdictCache *self);

/* Whether @asker (as described to the hook) may see @stream, if that is
 * known: returns FALSE if it is not. */
gboolean whep_verdict_cache_find (WhepVerdictCache *self, const gchar *asker,
    const gchar *stream, gint64 now_us, gboolean *may_see);
/* @now_us never decreases. */
void whep_verdict_cache_add (WhepVerdictCache *self, const gchar *asker,
    const gchar *stream, gint64 now_us, gboolean may_see);

G_END_DECLS
