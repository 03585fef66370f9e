/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What media threads have counted: viewers, what they were sent, how long it
 * took. Each thread makes one a second and all are added up for who asks.
 * Pure. */

#pragma once

#include "ext/whep/media/histogram.h"
#include "ext/whep/viewer/viewer.h"

G_BEGIN_DECLS

/* A live packet's way, traced if whepsink's latency-tracing is on. */
typedef enum
{
  WHEP_STAGE_LOG,    /* from whepsink's pad to the media thread's log */
  WHEP_STAGE_SOCKET, /* from the pad until the kernel has a frame's last one */
} WhepStage;

#define WHEP_N_STAGES 2

/* One viewer who is there. */
typedef struct
{
  gchar ufrag[WHEP_ICE_OUR_UFRAG + 1];
  WhepViewerStats stats;
} WhepTallyViewer;

/* One stream that a thread knows. */
typedef struct
{
  gchar *name;
  gint64 gop_us;          /* between its last two key frames; 0: not known */
  gboolean has_key_frame; /* a viewer who joins now starts at once */
} WhepTallyStream;

typedef struct
{
  guint64 n_packets;
  guint64 n_bytes;
  guint64 n_retransmitted;
  guint64 n_nacks;
  guint64 n_plis;
  guint64 n_jumps;
  guint64 n_thinned;
} WhepTallySums;

typedef struct
{
  WhepTallySums gone; /* of viewers who have left */
  WhepHistogram stages[WHEP_N_STAGES];
  GArray *viewers; /* of WhepTallyViewer */
  GArray *streams; /* of WhepTallyStream */
} WhepTally;

void whep_tally_init (WhepTally *self);
void whep_tally_clear (WhepTally *self);
/* Drops viewers and streams; what was counted stays. */
void whep_tally_forget (WhepTally *self);

/* What a viewer had been sent who has left. */
void whep_tally_add_gone (WhepTally *self, const WhepViewerStats *stats);
void whep_tally_add_viewer (WhepTally *self, const gchar *ufrag,
    const WhepViewerStats *stats);
void whep_tally_add_stream (WhepTally *self, const WhepStream *stream);
/* Adds another thread's; streams that both know stay one. */
void whep_tally_merge (WhepTally *self, const WhepTally *other);

/* Returns: (nullable): what is known of the stream. */
const WhepTallyStream *whep_tally_find_stream (const WhepTally *self,
    const gchar *name);

/* Returns: the sums of all viewers that there ever were. */
WhepTallySums whep_tally_total (const WhepTally *self);

/* Returns: (transfer full): all in Prometheus' text format 0.0.4. */
gchar *whep_tally_to_metrics (const WhepTally *self);

G_END_DECLS
