/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What media threads have counted: see mediastats.h. */

#include "ext/whep/media/mediastats.h"

#include <string.h>

static const gchar *const STAGES[WHEP_N_STAGES] = {
  [WHEP_STAGE_LOG] = "stage=\"log\"",
  [WHEP_STAGE_SOCKET] = "stage=\"socket\"",
};

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
add_sums (WhepMediaStatsSums *self, const WhepMediaStatsSums *other)
{
  self->n_packets += other->n_packets;
  self->n_bytes += other->n_bytes;
  self->n_retransmitted += other->n_retransmitted;
  self->n_nacks += other->n_nacks;
  self->n_plis += other->n_plis;
  self->n_jumps += other->n_jumps;
  self->n_thinned += other->n_thinned;
}

static WhepMediaStatsSums
sums_of (const WhepViewerStats *stats)
{
  return (WhepMediaStatsSums){ .n_packets = stats->n_packets,
    .n_bytes = stats->n_bytes,
    .n_retransmitted = stats->n_retransmitted,
    .n_nacks = stats->n_nacks,
    .n_plis = stats->n_plis,
    .n_jumps = stats->n_jumps,
    .n_thinned = stats->n_thinned };
}

void
whep_media_stats_add_gone (WhepMediaStats *self, const WhepViewerStats *stats)
{
  WhepMediaStatsSums sums = sums_of (stats);

  add_sums (&self->gone, &sums);
}

void
whep_media_stats_add_viewer (WhepMediaStats *self, const gchar *ufrag,
    const WhepViewerStats *stats)
{
  WhepMediaStatsViewer viewer = { .stats = *stats };

  g_strlcpy (viewer.ufrag, ufrag, sizeof (viewer.ufrag));
  g_array_append_val (self->viewers, viewer);
}

static void
add_stream (WhepMediaStats *self, const gchar *name, gint64 gop_us,
    gboolean has_key_frame)
{
  WhepMediaStatsStream stream = { g_strdup (name), gop_us, has_key_frame };

  g_array_append_val (self->streams, stream);
}

void
whep_media_stats_add_stream (WhepMediaStats *self, const WhepStream *stream)
{
  const WhepLog *log = stream->tracks[WHEP_VIDEO].log;
  guint64 key;

  add_stream (self, stream->name, whep_log_gop_us (log),
      whep_log_newest_key (log, &key));
}

void
whep_media_stats_merge (WhepMediaStats *self, const WhepMediaStats *other)
{
  add_sums (&self->gone, &other->gone);
  for (guint i = 0; i < WHEP_N_STAGES; i++)
    whep_histogram_merge (&self->stages[i], &other->stages[i]);
  g_array_append_vals (self->viewers, other->viewers->data,
      other->viewers->len);
  for (guint i = 0; i < other->streams->len; i++) {
    const WhepMediaStatsStream *stream =
        &g_array_index (other->streams, WhepMediaStatsStream, i);

    if (whep_media_stats_find_stream (self, stream->name) == NULL)
      add_stream (self, stream->name, stream->gop_us, stream->has_key_frame);
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

WhepMediaStatsSums
whep_media_stats_total (const WhepMediaStats *self)
{
  WhepMediaStatsSums total = self->gone;

  for (guint i = 0; i < self->viewers->len; i++) {
    WhepMediaStatsSums sums =
        sums_of (&g_array_index (self->viewers, WhepMediaStatsViewer, i).stats);

    add_sums (&total, &sums);
  }
  return total;
}

static void
append_counter (GString *text, const gchar *name, const gchar *help,
    guint64 value)
{
  g_string_append_printf (text,
      "# HELP %s %s\n# TYPE %s counter\n%s %" G_GUINT64_FORMAT "\n", name, help,
      name, name, value);
}

static guint
n_thinned_viewers (const WhepMediaStats *self)
{
  guint n = 0;

  for (guint i = 0; i < self->viewers->len; i++)
    n +=
        g_array_index (self->viewers, WhepMediaStatsViewer, i).stats.thinning !=
        WHEP_THINNING_NONE;
  return n;
}

static void
append_stages (const WhepMediaStats *self, GString *text)
{
  g_string_append (text,
      "# HELP whep_latency_seconds How long live packets took, with "
      "latency-tracing.\n# TYPE whep_latency_seconds histogram\n");
  for (guint i = 0; i < WHEP_N_STAGES; i++)
    whep_histogram_append (&self->stages[i], "whep_latency_seconds", STAGES[i],
        text);
}

gchar *
whep_media_stats_to_metrics (const WhepMediaStats *self)
{
  WhepMediaStatsSums total = whep_media_stats_total (self);
  GString *text = g_string_new (NULL);

  append_counter (text, "whep_packets_sent_total",
      "RTP packets sent to viewers, without those sent again.",
      total.n_packets);
  append_counter (text, "whep_bytes_sent_total",
      "Bytes of RTP payload sent to viewers.", total.n_bytes);
  append_counter (text, "whep_packets_retransmitted_total",
      "RTP packets sent again because viewers lacked them.",
      total.n_retransmitted);
  append_counter (text, "whep_packets_nacked_total",
      "RTP packets that viewers asked for again.", total.n_nacks);
  append_counter (text, "whep_key_frame_requests_total",
      "Key frames that viewers asked for.", total.n_plis);
  append_counter (text, "whep_jumps_total",
      "Jumps of viewers to a key frame, other than their first.",
      total.n_jumps);
  append_counter (text, "whep_frames_thinned_total",
      "Frames that lossy viewers were spared.", total.n_thinned);
  g_string_append_printf (text,
      "# HELP whep_thinned_viewers Lossy viewers that are sent less.\n"
      "# TYPE whep_thinned_viewers gauge\nwhep_thinned_viewers %u\n",
      n_thinned_viewers (self));
  append_stages (self, text);
  return g_string_free (text, FALSE);
}
