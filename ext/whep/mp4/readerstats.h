/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is known of HTTP readers: who each of them is, and what it was sent. The
 * readers' thread publishes the figures once a second. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Who a reader is. Immutable once shared; any thread may drop a reference. */
typedef struct
{
  gchar *id;     /* unique among viewers, and no secret */
  gchar *stream; /* APP/KEY */
  gchar *client; /* as in client.h, for limits */
  gchar *address;
  guint port;        /* 0: unknown, because a proxy is in between */
  gchar *user_agent; /* nullable */
  gint64 since_us;   /* monotonic */
} WhepReaderFacts;

/* Takes the strings of @facts, and zeroes it. */
WhepReaderFacts *whep_reader_facts_new (WhepReaderFacts *facts);
void whep_reader_facts_unref (WhepReaderFacts *self);

typedef struct
{
  WhepReaderFacts *facts;
  GRefString *codecs; /* nullable: of RFC 6381, what its stream has now */
  guint64 n_bytes;    /* sent, with the framing of HTTP */
  guint n_jumps;      /* to a newer key frame */
} WhepReaderStats;

typedef struct
{
  GArray *readers; /* of WhepReaderStats: current ones, the oldest first */
  /* Of all readers, also of those that have left. */
  guint64 n_joined;
  guint64 n_bytes;
  guint64 n_jumps;
} WhepReadersStats;

void whep_readers_stats_init (WhepReadersStats *self);
void whep_readers_stats_clear (WhepReadersStats *self);
/* @codecs: (nullable) */
void whep_readers_stats_add (WhepReadersStats *self, WhepReaderFacts *facts,
    GRefString *codecs, guint64 n_bytes, guint n_jumps);
/* Returns: the number of current readers of the stream. */
guint whep_readers_stats_count_stream (const WhepReadersStats *self,
    const gchar *stream);

G_END_DECLS
