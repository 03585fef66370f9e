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
} WhepTrackKind;

#define WHEP_N_TRACKS 2

typedef struct
{
  /* What the payload is and its RTP clock; NULL and 0 before a publisher. */
  const gchar *encoding_name; /* interned: "H264", "OPUS", … */
  guint clock_rate;           /* Hz */
  guint64 publisher;          /* who it is; packets of others are stale */
  gboolean is_live;           /* somebody publishes it now */
  /* Counts publishers of this track: viewers re-base their times on a new
   * one, whose clock starts anywhere. */
  guint epoch;
  WhepLog *log;
} WhepTrack;

typedef struct
{
  gchar *name; /* APP/KEY */
  WhepTrack tracks[WHEP_N_TRACKS];
  GPtrArray *viewers; /* of this thread; not owned */
} WhepStream;

/* Both limits are those of whep_log_new(); 0: the log's defaults. */
WhepStream *whep_stream_new (const gchar *name, gsize backlog_bytes,
    gint64 backlog_us);
void whep_stream_free (WhepStream *self);

/* @publisher starts @kind and takes it over; what the log held is dropped. */
void whep_stream_begin_track (WhepStream *self, WhepTrackKind kind,
    guint64 publisher, const gchar *encoding_name, guint clock_rate);
/* Does nothing if somebody else has taken the track over. */
void whep_stream_end_track (WhepStream *self, WhepTrackKind kind,
    guint64 publisher);

/* Nobody publishes it and nobody watches it: it can go. */
gboolean whep_stream_is_idle (const WhepStream *self);

G_END_DECLS
