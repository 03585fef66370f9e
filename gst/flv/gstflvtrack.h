/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One track of a publisher's stream: its pad, which appears once the codec is
 * known, the sequence header, and frames on their way out. Owned by the
 * streaming thread. */

#pragma once

#include "gst/flv/gstflvcaps.h"
#include "gst/flv/timeline.h"

#include <gst/base/gstflowcombiner.h>

G_BEGIN_DECLS

/* Some publishers send their sequence headers late, and few frames are lost by
 * that. This is a second or two of a track that never gets one. */
#define FLV_EARLY_FRAMES 50

typedef struct
{
  GstPad *pad; /* NULL until the track has begun */
  const FlvCodec *codec;
  GstBuffer *config;
  guint n_length_bytes; /* of H.264's NAL units */
  /* What was last told of why there is no pad. */
  guint32 unplayable_codec;
  const gchar *fault;     /* nullable */
  guint n_early;          /* frames before any sequence header */
  gboolean needs_segment; /* before the next buffer */
  gboolean is_discont;
} FlvTrack;

/* To be embedded. */
typedef struct
{
  GstElement *element; /* which has the pads; not owned */
  GstFlowCombiner *flows;
  gchar *stream_name; /* nullable */
  guint group_id;
  FlvTrack tracks[FLV_N_TRACKS];
} FlvTracks;

void flv_tracks_init (FlvTracks *self, GstElement *element);
/* Takes the pads away, and forgets whose they were. */
void flv_tracks_reset (FlvTracks *self);
void flv_tracks_clear (FlvTracks *self);

/* Takes over what upstream says of the stream that begins on the same pads. */
void flv_tracks_start_stream (FlvTracks *self, GstEvent *stream_start);
/* Bytes are missing before the next: it begins with a segment of its own. */
void flv_tracks_restart (FlvTracks *self);
/* Both tracks' times are no longer those of before. */
void flv_tracks_jump (FlvTracks *self);

const gchar *flv_track_name (FlvTrackKind kind);

/* Takes what isn't a frame to its place; the packet lies at its offset in @tag.
 * Returns TRUE if it is a frame to be pushed. */
gboolean flv_tracks_accept (FlvTracks *self, FlvTrackKind kind,
    const FlvPacket *packet, GstBuffer *tag);
/* Pushes a frame that was accepted, sharing @tag's memory. */
GstFlowReturn flv_tracks_push (FlvTracks *self, FlvTrackKind kind,
    const FlvPacket *packet, GstBuffer *tag, gint64 time_us);

G_END_DECLS
