/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The streams of one media thread, found by name or by the track that a
 * publisher pushes, and those of them that have news for their viewers. Pure;
 * owned by the thread. */

#pragma once

#include "ext/whep/stream/stream.h"

G_BEGIN_DECLS

typedef struct _WhepStreams WhepStreams;

WhepStreams *whep_streams_new (const WhepStreamLimits *limits);
void whep_streams_free (WhepStreams *self);
guint whep_streams_count (const WhepStreams *self);
/* Calls @func with each WhepStream. */
void whep_streams_foreach (const WhepStreams *self, GFunc func,
    gpointer user_data);

/* Returns: the stream of that name, made on first use. It stays until a
 * whep_streams_release() finds it idle. */
WhepStream *whep_streams_get (WhepStreams *self, const gchar *name,
    gint64 now_us);
/* Frees the stream if nobody publishes or watches it. */
void whep_streams_release (WhepStreams *self, WhepStream *stream);

/* A publisher's track; @id is unique for life. */
void whep_streams_begin_track (WhepStreams *self, guint64 id, const gchar *name,
    WhepTrackKind kind, const gchar *encoding_name, guint clock_rate,
    gint64 now_us);
/* The track can be had in that codec, too. */
void whep_streams_offer_rendition (WhepStreams *self, guint64 id,
    const gchar *encoding_name);
/* Those who watch stay, and have the news that they wait for a publisher. */
void whep_streams_end_track (WhepStreams *self, guint64 id, gint64 now_us);

/* Moves the packets into the log of the track, whose stream then has news;
 * those of an unknown track, or of one that was taken over, stay where they
 * are. */
void whep_streams_add (WhepStreams *self, guint64 id, WhepPacket **packets,
    guint n_packets);

/* All streams have news: their viewers are to be looked after. */
void whep_streams_note_all (WhepStreams *self);
/* Returns: (nullable): a stream whose news nobody has taken yet; its viewers'
 * next turn begins. */
WhepStream *whep_streams_take_news (WhepStreams *self);

G_END_DECLS
