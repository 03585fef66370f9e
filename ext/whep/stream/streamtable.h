/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The streams of one media thread, found by name or by the id of a publisher's
 * track, and the list of those that have news for their viewers. Pure; owned by
 * the thread. */

#pragma once

#include "ext/whep/stream/stream.h"

G_BEGIN_DECLS

typedef struct _WhepStreamTable WhepStreamTable;

WhepStreamTable *whep_stream_table_new (const WhepStreamLimits *limits);
void whep_stream_table_free (WhepStreamTable *self);
guint whep_stream_table_count (const WhepStreamTable *self);
/* Calls @func with each WhepStream. */
void whep_stream_table_foreach (const WhepStreamTable *self, GFunc func,
    gpointer user_data);

/* Returns: the stream of that name, created on first use. It is kept until
 * whep_stream_table_release() finds it idle. */
WhepStream *whep_stream_table_get (WhepStreamTable *self, const gchar *name,
    gint64 now_us);
/* Frees the stream if it has neither publisher nor viewers. */
void whep_stream_table_release (WhepStreamTable *self, WhepStream *stream);

/* A publisher's track begins; @id is never reused. */
void whep_stream_table_begin_track (WhepStreamTable *self, guint64 id,
    const gchar *name, WhepTrackKind kind, const gchar *encoding_name,
    guint clock_rate, gint64 now_us);
/* The track is also available in that codec. */
void whep_stream_table_offer_rendition (WhepStreamTable *self, guint64 id,
    const gchar *encoding_name);
/* Viewers stay, and the stream has news: they are waiting for a publisher
 * now. */
void whep_stream_table_end_track (WhepStreamTable *self, guint64 id,
    gint64 now_us);

/* Moves the packets into the log of the track, whose stream then has news.
 * Packets of an unknown track, or of one that was taken over, are left to the
 * caller. */
void whep_stream_table_add (WhepStreamTable *self, guint64 id,
    WhepPacket **packets, guint n_packets);

/* Marks all streams as having news, so that their viewers are served. */
void whep_stream_table_note_all (WhepStreamTable *self);
/* Returns: (nullable): a stream with news, which is removed from the list; its
 * viewers' next turn begins. */
WhepStream *whep_stream_table_take_news (WhepStreamTable *self);

G_END_DECLS
