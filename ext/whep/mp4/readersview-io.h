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

/* A reader, until it is removed. */
typedef struct _WhepListedReader WhepListedReader;

/* Takes @facts. */
WhepListedReader *whep_readers_view_add (WhepReadersView *self,
    WhepReaderFacts *facts);
/* What it has been sent so far. */
void whep_readers_view_publish (WhepReadersView *self, WhepListedReader *reader,
    guint64 n_bytes, guint n_jumps);
void whep_readers_view_remove (WhepReadersView *self, WhepListedReader *reader);
/* Returns: (transfer none) */
const gchar *whep_listed_reader_id (const WhepListedReader *reader);

/* From now on, the reader of that id is no longer counted or listed. Returns
 * FALSE if there is none. */
gboolean whep_readers_view_note_leaving (WhepReadersView *self,
    const gchar *id);
/* Whether the id is in use, also by one that is leaving. */
gboolean whep_readers_view_has (WhepReadersView *self, const gchar *id);
guint whep_readers_view_count (WhepReadersView *self, const gchar *client,
    const gchar *stream);
/* @stats is (out) and to be cleared. */
void whep_readers_view_stats (WhepReadersView *self, WhepReadersStats *stats);

G_END_DECLS
