/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the media threads have counted: viewers, what they were sent, how long
 * it took. Each thread publishes its own once a second; they are added up when
 * they are read. Pure. */

#pragma once

#include "ext/whep/media/histogram.h"
#include "ext/whep/viewer/viewer.h"

G_BEGIN_DECLS

/* The path of a live packet, unless whepsink's latency-tracing is off. */
typedef enum
{
  WHEP_STAGE_LOG,    /* from whepsink's pad to the media thread's log */
  WHEP_STAGE_SOCKET, /* from the pad until the kernel has the whole frame */
} WhepStage;

#define WHEP_N_STAGES 2

typedef enum
{
  WHEP_FIGURE_COUNTER,  /* a guint64, which is summed over all viewers */
  WHEP_FIGURE_THINNING, /* a WhepThinningLevel; the sum is the number of viewers
                         * that are thinned now */
  WHEP_FIGURE_FRAMES,   /* a WhepFrames; the sum is the number of viewers that
                         * take key frames only */
  WHEP_FIGURE_SOUND,    /* a gboolean; the sum is the number of viewers that
                         * hear the sound */
} WhepFigureKind;

/* A figure of each viewer. The metrics, the property "stats" and the API are
 * made from the table of these; docs/whep.md names each. */
typedef struct
{
  const gchar *name;   /* in "stats"; in JSON with "_" for "-" */
  const gchar *metric; /* of all viewers together */
  const gchar *help;   /* of the metric */
  gsize offset;        /* in WhepViewerStats */
  WhepFigureKind kind;
} WhepFigure;

/* Why a datagram is dropped before any viewer looks at it. */
typedef enum
{
  WHEP_DATAGRAM_UNKNOWN, /* no viewer has proved that it is at its address */
  WHEP_DATAGRAM_BUSY,    /* its viewer's thread has too many to forward */
} WhepDatagramDrop;

#define WHEP_N_DATAGRAM_DROPS 2

/* A current viewer. */
typedef struct
{
  gchar ufrag[WHEP_ICE_OUR_UFRAG + 1];
  WhepViewerStats stats;
} WhepMediaStatsViewer;

/* A stream that a thread knows. */
typedef struct
{
  gchar *name;
  gint64 gop_us;          /* between its last two key frames; 0: unknown */
  gboolean has_key_frame; /* a viewer that joins now starts immediately */
  gint64 reach_us;        /* how far behind live a viewer can stay */
} WhepMediaStatsStream;

typedef struct
{
  WhepViewerStats gone; /* the sums of the counters of former viewers */
  WhepHistogram stages[WHEP_N_STAGES];
  WhepHistogram joins; /* from the offer to the first packet of a viewer */
  guint64 n_dropped[WHEP_N_DATAGRAM_DROPS];
  guint64 n_unsent;   /* datagrams, or runs of them, that the kernel rejected */
  guint mailbox_peak; /* messages found there at once, in the last second */
  GArray *viewers;    /* of WhepMediaStatsViewer */
  GArray *streams;    /* of WhepMediaStatsStream */
} WhepMediaStats;

void whep_media_stats_init (WhepMediaStats *self);
void whep_media_stats_clear (WhepMediaStats *self);
/* Drops viewers and streams, but keeps the sums and the peak. */
void whep_media_stats_forget (WhepMediaStats *self);

/* Adds the counters of a viewer that has left. */
void whep_media_stats_add_gone (WhepMediaStats *self,
    const WhepViewerStats *stats);
void whep_media_stats_add_viewer (WhepMediaStats *self, const gchar *ufrag,
    const WhepViewerStats *stats);
void whep_media_stats_add_stream (WhepMediaStats *self,
    const WhepStream *stream);
/* Adds those of another thread; a stream that both know is kept once, and so is
 * the higher peak. */
void whep_media_stats_merge (WhepMediaStats *self, const WhepMediaStats *other);

/* Returns: (nullable): what is known about the stream. */
const WhepMediaStatsStream *
whep_media_stats_find_stream (const WhepMediaStats *self, const gchar *name);

/* Returns: (transfer none): all figures, terminated by one without a name. */
const WhepFigure *whep_media_stats_figures (void);
/* Returns: (transfer none): the stage's name in labels and fields. */
const gchar *whep_media_stats_stage_name (WhepStage stage);
/* Returns: (transfer none): the reason's name in labels. */
const gchar *whep_media_stats_drop_name (WhepDatagramDrop drop);

/* Returns: the sums of the counters of all viewers, current and former; other
 * members are 0. */
WhepViewerStats whep_media_stats_total (const WhepMediaStats *self);
/* Returns: the number of current viewers whose figure, not a counter, is not
 * its first value: of those that are thinned now, for instance. */
guint whep_media_stats_count_viewers (const WhepMediaStats *self,
    const WhepFigure *figure);

G_END_DECLS
