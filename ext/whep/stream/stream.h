/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One stream as one media thread sees it: its tracks with their logs, and the
 * viewers that this thread serves. It outlives its publisher while it has
 * viewers, so that they need no new offer when the publisher returns. */

#pragma once

#include "ext/whep/stream/log.h"

G_BEGIN_DECLS

typedef enum
{
  WHEP_VIDEO,
  WHEP_AUDIO,
  WHEP_RENDITION, /* the video in another codec, for viewers that need it */
  WHEP_UNTOUCHED, /* the video with its B-frames, for viewers that reorder */
} WhepTrackKind;

/* The number of tracks that a viewer receives, and that a stream may have. */
#define WHEP_N_TRACKS 2
#define WHEP_N_SLOTS 4

/* How long viewers wait for a publisher: an encoder that lost its connection or
 * was restarted is back by then. */
#define WHEP_STREAM_LINGER_US (15 * G_USEC_PER_SEC)

typedef struct
{
  gsize backlog_bytes; /* per track, see whep_log_new() */
  gint64 backlog_us;
  gint64 linger_us;   /* how long viewers wait for a publisher */
  gsize rewind_bytes; /* see whep_log_set_rewind() */
  gint64 rewind_us;
} WhepStreamLimits;

extern const WhepStreamLimits whep_stream_default_limits;

typedef struct
{
  /* The payload's codec and RTP clock; NULL and 0 before the first
   * publisher. */
  const gchar *encoding_name; /* interned: "H264", "OPUS", … */
  guint clock_rate;           /* Hz */
  guint64 publisher;          /* its id; packets of others are stale */
  gboolean is_live;           /* it has a publisher now */
  /* Of video: the codec of WHEP_RENDITION, which is made while viewers need it.
   * Interned; NULL: there is no rendition. */
  const gchar *rendition;
  /* Unique among the publishers of all tracks: viewers rebase their timestamps
   * on a new publisher, whose clock starts anywhere. */
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
  /* When viewers stop waiting for a publisher; G_MAXINT64 while it has one. */
  gint64 away_until_us;
  guint n_turns; /* number of times that its viewers were served */
} WhepStream;

/* A new stream has no publisher. */
WhepStream *whep_stream_new (const gchar *name, const WhepStreamLimits *limits,
    gint64 now_us);
void whep_stream_free (WhepStream *self);

/* @publisher starts @kind and takes it over from any other; the log is
 * emptied. */
void whep_stream_begin_track (WhepStream *self, WhepTrackKind kind,
    guint64 publisher, const gchar *encoding_name, guint clock_rate);
/* @publisher's video is also available in that codec. Does nothing if another
 * publisher has taken the track over. */
void whep_stream_offer_rendition (WhepStream *self, guint64 publisher,
    const gchar *encoding_name);
/* The track for a viewer whose answer for @kind has that codec. */
const WhepTrack *whep_stream_track_for (const WhepStream *self,
    WhepTrackKind kind, const gchar *encoding_name);
/* The video for a viewer that reorders B-frames: untouched once the publisher
 * has sent B-frames and a viewer can start with them. */
const WhepTrack *whep_stream_reordered_track (const WhepStream *self);
/* Does nothing if another publisher has taken the track over. */
void whep_stream_end_track (WhepStream *self, WhepTrackKind kind,
    guint64 publisher, gint64 now_us);

/* Returns: the viewer that is served as number @index this turn. Each turn
 * starts with a different viewer, so that none is always the last. */
gpointer whep_stream_get_viewer (const WhepStream *self, guint index);

/* Whether it has neither publisher nor viewers and can be freed. */
gboolean whep_stream_is_idle (const WhepStream *self);

G_END_DECLS
