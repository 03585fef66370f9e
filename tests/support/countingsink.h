/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An element with whepsink's pads that counts what comes, instead of sending it
 * to browsers. What it has counted belongs to the process. */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

typedef struct
{
  const gchar *encoding_name; /* static; NULL: no such track has come */
  guint n_packets;
  guint largest_bytes;
  guint n_refused; /* packets, see counting_sink_refuse() */
} CountingSinkTrack;

/* Makes it the element of that name. */
void counting_sink_register (const gchar *name);
void counting_sink_reset (void);

/* What has come of a stream's "video", "audio" or "rendition"; the nameless are
 * called "live/stream". */
void counting_sink_track (const gchar *stream, const gchar *media,
    CountingSinkTrack *track);
/* From now on pads of this kind answer buffers with an error. */
void counting_sink_refuse (const gchar *media);
guint counting_sink_n_pads (void);

/* Waits, at most some seconds, then the test fails. */
typedef gboolean (*CountingSinkCondition) (gpointer data);
void counting_sink_wait_until (CountingSinkCondition condition, gpointer data);
/* Has the condition looked at again; packets and pads do so by themselves. */
void counting_sink_poke (void);

G_END_DECLS
