/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An element with whepsink's pads that counts what it receives, instead of
 * sending it to browsers. There is one set of counts for the process. */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

typedef struct
{
  const gchar *encoding_name; /* static; NULL: there has been no such track */
  guint n_packets;
  guint largest_bytes;
  guint n_rejected; /* packets, see counting_sink_reject() */
} CountingSinkTrack;

/* Loads the plugin and replaces its whepsink with this element. Call it once,
 * after gst_init() and before the first use of whepsink. */
void counting_sink_replace_whepsink (void);
void counting_sink_reset (void);

/* The counts of a stream's "video", "audio", "rendition" or "mp4"; a stream
 * without a name is called "live/stream". */
void counting_sink_track (const gchar *stream, const gchar *media,
    CountingSinkTrack *track);
/* From now on pads of this kind return an error for each buffer. */
void counting_sink_reject (const gchar *media);
guint counting_sink_n_pads (void);
/* Until the next counting_sink_reset(), there are pads for MP4 as well. */
void counting_sink_accept_mp4 (void);

/* Waits until @condition holds; fails the test after 20 s. */
typedef gboolean (*CountingSinkCondition) (gpointer data);
void counting_sink_wait_until (CountingSinkCondition condition, gpointer data);
/* Evaluates the condition again; packets and pads do so by themselves. */
void counting_sink_poke (void);

G_END_DECLS
