/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One track of a publisher's stream: its pad, which appears once the codec is
 * known, the sequence header, and frames on their way out. Owned by the
 * streaming thread. */

#pragma once

#include "gst/flv/aac.h"
#include "gst/flv/gstflvcaps.h"
#include "gst/flv/gstflvpicture.h"
#include "gst/flv/sampleclock.h"
#include "gst/flv/timeline.h"

#include <gst/base/gstflowcombiner.h>

G_BEGIN_DECLS

/* Sound that browsers play as it is leaves even to the sample but for a step of
 * this, which they make up for by stretching a frame. */
#define FLV_SOUND_STEP_NS G_GINT64_CONSTANT (7000000)

/* Some publishers send their sequence headers late, and few frames are lost by
 * that. This is a second or two of a track that never gets one, or whose frames
 * are malformed. */
#define FLV_EARLY_FRAMES 50
#define FLV_EARLY_US (2 * G_USEC_PER_SEC)

typedef struct
{
  GstPad *pad; /* NULL until the track has begun */
  const FlvCodec *codec;
  GstBuffer *config;    /* as it came */
  GstBuffer *record;    /* what was good of it, of H.264 and HEVC; nullable */
  FlvPictures pictures; /* of H.264 and HEVC */
  /* What was last told of why there is no pad. */
  guint32 unplayable_codec;
  const gchar *fault;    /* nullable */
  guint n_early;         /* frames in a row that nothing could be made of */
  gint64 early_us;       /* the first one's time */
  FlvAudioFormat format; /* of sound that has begun */
  guint8 adts[FLV_ADTS_CONFIG_BYTES]; /* the newest that said so itself */
  FlvSampleClock clock;               /* of sound */
  guint n_malformed;                  /* tags; the first is worth a warning */
  gboolean needs_segment;             /* before the next buffer */
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
/* Both tracks' times have been put off, by little. */
void flv_tracks_hold (FlvTracks *self);

const gchar *flv_track_name (FlvTrackKind kind);

/* A tag was dropped. */
void flv_tracks_count_malformed (FlvTracks *self, FlvTrackKind kind);

/* Nothing more comes: what waits for more leaves. */
void flv_tracks_end (FlvTracks *self);

/* Takes what isn't a frame to its place; the packet lies at its offset in @tag.
 * Returns TRUE if it is a frame to be pushed. */
gboolean flv_tracks_accept (FlvTracks *self, FlvTrackKind kind,
    const FlvPacket *packet, GstBuffer *tag);
/* Pushes a frame that was accepted, sharing @tag's memory. One that may go on
 * in the next tag waits for that: see accessunit.h. @time_ms: the tag's. */
GstFlowReturn flv_tracks_push (FlvTracks *self, FlvTrackKind kind,
    const FlvPacket *packet, GstBuffer *tag, guint32 time_ms,
    const FlvStamp *stamp);

/* For what is special about a kind of track. */

/* Puts the track on a pad, or changes the caps of the one it has. Returns FALSE
 * if no decoder could take what @config says. */
gboolean flv_tracks_begin (FlvTracks *self, FlvTrackKind kind,
    const FlvCodec *codec, const FlvPacket *packet, GstBuffer *config);
/* Tells applications and viewers, once for each reason, which are words for
 * them and not freed. A track that plays goes on as it was. */
void flv_tracks_leave_out (FlvTracks *self, FlvTrackKind kind, guint32 codec,
    const gchar *reason);
/* Nothing could be made of a frame. After a while the track is left out for
 * that reason, and may begin anew. */
void flv_tracks_count_early (FlvTracks *self, FlvTrackKind kind, gint64 time_us,
    const gchar *reason);
/* Takes @frame, which has its times. */
GstFlowReturn flv_tracks_push_buffer (FlvTracks *self, FlvTrackKind kind,
    GstBuffer *frame);
/* Takes @frame. */
GstFlowReturn flv_tracks_push_frame (FlvTracks *self, FlvTrackKind kind,
    const FlvPacket *packet, GstBuffer *frame, gint64 time_ns);

G_END_DECLS
