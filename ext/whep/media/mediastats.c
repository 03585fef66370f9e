/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What media threads have counted: see mediastats.h. */

#include "ext/whep/media/mediastats.h"

#include <string.h>

#define AT(member) G_STRUCT_OFFSET (WhepViewerStats, member)

static const WhepFigure figures[] = {
  { "packets", "whep_packets_sent_total",
      "RTP packets sent to viewers, without retransmissions.", AT (n_packets),
      WHEP_FIGURE_COUNTER },
  { "bytes", "whep_bytes_sent_total", "Bytes of RTP payload sent to viewers.",
      AT (n_bytes), WHEP_FIGURE_COUNTER },
  { "retransmitted", "whep_packets_retransmitted_total",
      "RTP packets retransmitted to viewers.", AT (n_retransmitted),
      WHEP_FIGURE_COUNTER },
  { "nacked", "whep_packets_nacked_total",
      "RTP packets that viewers reported as lost.", AT (n_nacks),
      WHEP_FIGURE_COUNTER },
  { "key-frame-requests", "whep_key_frame_requests_total",
      "Key frames that viewers requested.", AT (n_plis), WHEP_FIGURE_COUNTER },
  { "jumps", "whep_jumps_total",
      "Jumps of viewers to a key frame, other than their first.", AT (n_jumps),
      WHEP_FIGURE_COUNTER },
  { "thinning", "whep_thinned_viewers",
      "Viewers that are sent fewer frames because of packet loss.",
      AT (thinning), WHEP_FIGURE_THINNING },
  { "thinned", "whep_frames_thinned_total",
      "Frames withheld from viewers because of packet loss.", AT (n_thinned),
      WHEP_FIGURE_COUNTER },
  { "frames", "whep_key_frame_viewers",
      "Viewers that have chosen to get key frames only.", AT (frames),
      WHEP_FIGURE_FRAMES },
  { "sound", "whep_sound_viewers",
      "Viewers that hear the sound, for which the picture may wait.",
      AT (has_sound), WHEP_FIGURE_SOUND },
  { NULL },
};

const WhepFigure *
whep_media_stats_figures (void)
{
  return figures;
}

const gchar *
whep_media_stats_stage_name (WhepStage stage)
{
  static const gchar *const names[WHEP_N_STAGES] = {
    [WHEP_STAGE_LOG] = "log",
    [WHEP_STAGE_SOCKET] = "socket",
  };

  return names[stage];
}

const gchar *
whep_media_stats_drop_name (WhepDatagramDrop drop)
{
  static const gchar *const names[WHEP_N_DATAGRAM_DROPS] = {
    [WHEP_DATAGRAM_UNKNOWN] = "unknown-sender",
    [WHEP_DATAGRAM_BUSY] = "busy-thread",
  };

  return names[drop];
}

static void
clear_stream (gpointer stream)
{
  g_free (((WhepMediaStatsStream *) stream)->name);
}

void
whep_media_stats_init (WhepMediaStats *self)
{
  memset (self, 0, sizeof (*self));
  self->viewers = g_array_new (FALSE, FALSE, sizeof (WhepMediaStatsViewer));
  self->streams = g_array_new (FALSE, FALSE, sizeof (WhepMediaStatsStream));
  g_array_set_clear_func (self->streams, clear_stream);
}

void
whep_media_stats_clear (WhepMediaStats *self)
{
  g_clear_pointer (&self->viewers, g_array_unref);
  g_clear_pointer (&self->streams, g_array_unref);
}

void
whep_media_stats_forget (WhepMediaStats *self)
{
  g_array_set_size (self->viewers, 0);
  g_array_set_size (self->streams, 0);
}

static void
add_counters (WhepViewerStats *self, const WhepViewerStats *other)
{
  for (const WhepFigure *figure = figures; figure->name != NULL; figure++)
    if (figure->kind == WHEP_FIGURE_COUNTER)
      G_STRUCT_MEMBER (guint64, self, figure->offset) +=
          G_STRUCT_MEMBER (guint64, other, figure->offset);
}

void
whep_media_stats_add_gone (WhepMediaStats *self, const WhepViewerStats *stats)
{
  add_counters (&self->gone, stats);
}

void
whep_media_stats_add_viewer (WhepMediaStats *self, const gchar *ufrag,
    const WhepViewerStats *stats)
{
  WhepMediaStatsViewer viewer = { .stats = *stats };

  g_strlcpy (viewer.ufrag, ufrag, sizeof (viewer.ufrag));
  g_array_append_val (self->viewers, viewer);
}

/* A copy. */
static void
add_stream (WhepMediaStats *self, const WhepMediaStatsStream *stream)
{
  WhepMediaStatsStream own = *stream;

  own.name = g_strdup (stream->name);
  g_array_append_val (self->streams, own);
}

void
whep_media_stats_add_stream (WhepMediaStats *self, const WhepStream *stream)
{
  const WhepLog *video = stream->tracks[WHEP_VIDEO].log;
  guint64 key;
  WhepMediaStatsStream added = {
    .name = stream->name,
    .gop_us = whep_log_gop_us (video),
    .has_key_frame = whep_log_newest_key (video, &key),
    .reach_us = G_MAXINT64,
  };

  for (guint i = 0; i < WHEP_N_SLOTS; i++)
    added.reach_us =
        MIN (added.reach_us, whep_log_reach_us (stream->tracks[i].log));
  add_stream (self, &added);
}

void
whep_media_stats_merge (WhepMediaStats *self, const WhepMediaStats *other)
{
  add_counters (&self->gone, &other->gone);
  for (guint i = 0; i < WHEP_N_STAGES; i++)
    whep_histogram_merge (&self->stages[i], &other->stages[i]);
  whep_histogram_merge (&self->joins, &other->joins);
  for (guint i = 0; i < WHEP_N_DATAGRAM_DROPS; i++)
    self->n_dropped[i] += other->n_dropped[i];
  self->n_unsent += other->n_unsent;
  self->mailbox_peak = MAX (self->mailbox_peak, other->mailbox_peak);
  g_array_append_vals (self->viewers, other->viewers->data,
      other->viewers->len);
  for (guint i = 0; i < other->streams->len; i++) {
    const WhepMediaStatsStream *stream =
        &g_array_index (other->streams, WhepMediaStatsStream, i);

    if (whep_media_stats_find_stream (self, stream->name) == NULL)
      add_stream (self, stream);
  }
}

const WhepMediaStatsStream *
whep_media_stats_find_stream (const WhepMediaStats *self, const gchar *name)
{
  for (guint i = 0; i < self->streams->len; i++) {
    const WhepMediaStatsStream *stream =
        &g_array_index (self->streams, WhepMediaStatsStream, i);

    if (strcmp (stream->name, name) == 0)
      return stream;
  }
  return NULL;
}

WhepViewerStats
whep_media_stats_total (const WhepMediaStats *self)
{
  WhepViewerStats total = self->gone;

  for (guint i = 0; i < self->viewers->len; i++)
    add_counters (&total,
        &g_array_index (self->viewers, WhepMediaStatsViewer, i).stats);
  return total;
}

guint
whep_media_stats_count_viewers (const WhepMediaStats *self,
    const WhepFigure *figure)
{
  guint n = 0;

  for (guint i = 0; i < self->viewers->len; i++)
    n += G_STRUCT_MEMBER (guint,
             &g_array_index (self->viewers, WhepMediaStatsViewer, i).stats,
             figure->offset) != 0;
  return n;
}
