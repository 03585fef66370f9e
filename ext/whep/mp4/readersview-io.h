/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What other threads may know of HTTP readers and their streams: names and
 * numbers, behind a lock. */

#pragma once

#include "ext/whep/mp4/readers-io.h"

G_BEGIN_DECLS

typedef struct _WhepReadersView WhepReadersView;

WhepReadersView *whep_readers_view_new (void);
void whep_readers_view_free (WhepReadersView *self);

void whep_readers_view_begin (WhepReadersView *self, guint64 id,
    const gchar *name);
void whep_readers_view_describe (WhepReadersView *self, guint64 id,
    const gchar *codecs);
void whep_readers_view_end (WhepReadersView *self, guint64 id);
gboolean whep_readers_view_find (WhepReadersView *self, const gchar *name,
    gchar **codecs);

/* One reader more, or less; @n_jumps: that it made. */
void whep_readers_view_add (WhepReadersView *self, const gchar *client,
    const gchar *stream);
void whep_readers_view_remove (WhepReadersView *self, const gchar *client,
    const gchar *stream, guint n_jumps);
guint whep_readers_view_count (WhepReadersView *self, const gchar *client,
    const gchar *stream);
void whep_readers_view_stats (WhepReadersView *self, WhepReadersStats *stats);

G_END_DECLS
