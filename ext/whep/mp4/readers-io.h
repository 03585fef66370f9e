/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* All HTTP readers of fragmented MP4, and the thread that serves them: one poll
 * loop, in which each stream has a log and each reader a cursor. A slow reader
 * delays neither a publisher nor another reader. */

#pragma once

#include "ext/whep/mp4/reader-io.h"
#include "ext/whep/mp4/readerstats.h"

G_BEGIN_DECLS

typedef struct
{
  WhepFragmentLimits limits;
  gint64 linger_us; /* how long readers wait for a publisher that has left */
} WhepReadersParams;

typedef struct _WhepReaders WhepReaders;

WhepReaders *whep_readers_new (const WhepReadersParams *params, GError **error);
/* Disconnects all. Nothing may be pushed any more. */
void whep_readers_free (WhepReaders *self);

/* For publishers. A stream begins, perhaps in place of another publisher's of
 * the same name; @id is unique. */
void whep_readers_begin (WhepReaders *self, guint64 id, const gchar *name);
/* The next init segment, with the codecs parameter of RFC 6381, which is
 * (nullable). Takes @init. */
void whep_readers_push_init (WhepReaders *self, guint64 id, WhepChunk *init,
    const gchar *codecs);
/* The next fragment; @is_start: a reader can begin with it. Takes @fragment. */
void whep_readers_push (WhepReaders *self, guint64 id, WhepChunk *fragment,
    gboolean is_start);
void whep_readers_end (WhepReaders *self, guint64 id);

/* For the HTTP thread. Whether there is such a stream; @codecs is (out)
 * (nullable) (transfer full). */
gboolean whep_readers_find (WhepReaders *self, const gchar *name,
    gchar **codecs);
/* Hands over a connection, whose response has not begun. Takes @facts and the
 * members of @params. */
void whep_readers_take (WhepReaders *self, WhepReaderFacts *facts,
    WhepReaderParams *params);
/* Ends the responses of all. */
void whep_readers_disconnect (WhepReaders *self);
/* Cuts the response of one. Returns FALSE if there is none of that id. */
gboolean whep_readers_cut (WhepReaders *self, const gchar *id);
gboolean whep_readers_has (WhepReaders *self, const gchar *id);
/* Returns: the readers of @client and @stream; each (nullable): any. */
guint whep_readers_count (WhepReaders *self, const gchar *client,
    const gchar *stream);
/* @stats is (out) and to be cleared; its figures are at most a second old. */
void whep_readers_stats (WhepReaders *self, WhepReadersStats *stats);

G_END_DECLS
