/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One stream as one media thread sees it: its tracks with their logs, and the
 * viewers that this thread serves. It outlives its publisher while somebody
 * watches, so that a publisher who returns needs no new offer. */

#pragma once

#include "ext/whep/stream/log.h"

G_BEGIN_DECLS

typedef enum
{
  WHEP_VIDEO,
  WHEP_AUDIO,
  WHEP_RENDITION, /* the video in another codec, for those who need it */
} WhepTrackKind;

/* What a viewer gets, and what a stream may have. */
#define WHEP_N_TRACKS 2
#define WHEP_N_SLOTS 3

/* How long viewers wait for a publisher: an encoder that lost its connection
 * or was set up anew is back by then. */
#define WHEP_STREAM_LINGER_US (15 * G_USEC_PER_SEC)

typedef struct
{
  gsize backlog_bytes; /* those of whep_log_new(), of each track */
  gint64 backlog_us;
  gint64 linger_us; /* viewers wait so long for a publisher */
} WhepStreamLimits;

extern const WhepStreamLimits whep_stream_default_limits;

typedef struct
{
  /* What the payload is and its RTP clock; NULL and 0 before a publisher. */
  const gchar *encoding_name; /* interned: "H264", "OPUS", … */
  guint clock_rate;           /* Hz */
  guint64 publisher;          /* who it is; packets of others are stale */
  gboolean is_live;           /* somebody publishes it now */
  /* Of video: the codec that WHEP_RENDITION is made in as long as somebody
   * needs it. Interned; NULL: there is no other. */
  const gchar *rendition;
  /* No two publishers of any track have the same: viewers re-base their times
   * on a new one, whose clock starts anywhere. */
  guint epoch;
  WhepLog *log;
} WhepTrack;

typedef struct
{
  gchar *name; /* APP/KEY */
  WhepTrack tracks[WHEP_N_SLOTS];
  guint last_epoch;
  GPtrArray *viewers; /* of this thread; not owned */
  gint64 linger_us;
  gint64 away_until_us; /* when those who wait for a publisher give up;
                         * G_MAXINT64 while there is one */
  guint n_turns;        /* in which its viewers have been served */
} WhepStream;

/* Its publisher is away. */
WhepStream *whep_stream_new (const gchar *name, const WhepStreamLimits *limits,
    gint64 now_us);
void whep_stream_free (WhepStream *self);

/* @publisher starts @kind and takes it over; what the log held is dropped. */
void whep_stream_begin_track (WhepStream *self, WhepTrackKind kind,
    guint64 publisher, const gchar *encoding_name, guint clock_rate);
/* @publisher's video can be had in that codec, too. Does nothing if somebody
 * else has taken the track over. */
void whep_stream_offer_rendition (WhepStream *self, guint64 publisher,
    const gchar *encoding_name);
/* The track that a viewer gets whose answer for @kind has that codec. */
const WhepTrack *whep_stream_track_for (const WhepStream *self,
    WhepTrackKind kind, const gchar *encoding_name);
/* Does nothing if somebody else has taken the track over. */
void whep_stream_end_track (WhepStream *self, WhepTrackKind kind,
    guint64 publisher, gint64 now_us);

/* Returns: the viewer who is served as number @index this turn. Each turn has
 * another one first, so that none is always the last. */
gpointer whep_stream_get_viewer (const WhepStream *self, guint index);

/* Nobody publishes it and nobody watches it: it can go. */
gboolean whep_stream_is_idle (const WhepStream *self);

G_END_DECLS
