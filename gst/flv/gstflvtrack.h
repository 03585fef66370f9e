/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One track of a publisher's stream: its pad, which appears once the codec is
 * known, its sequence header, and its frames. Owned by the streaming thread. */

#pragma once

#include "gst/flv/aac.h"
#include "gst/flv/gstflvcaps.h"
#include "gst/flv/gstflvpicture.h"
#include "gst/flv/sampleclock.h"
#include "gst/flv/timeline.h"

#include <gst/base/gstflowcombiner.h>

G_BEGIN_DECLS

/* The times of audio that browsers play without transcoding are counted in
 * samples and corrected only in steps of this size, which browsers conceal by
 * stretching a frame. */
#define FLV_SOUND_STEP_NS G_GINT64_CONSTANT (7000000)

/* Some publishers send their sequence headers late, which costs a few frames.
 * After this many frames, a second or two, a track without a header, or with
 * malformed frames, is left out. */
#define FLV_EARLY_FRAMES 50
#define FLV_EARLY_US (2 * G_USEC_PER_SEC)

typedef struct
{
  GstPad *pad;       /* NULL until the track has begun */
  GstStream *stream; /* the pad's */
  const FlvCodec *codec;
  GstBuffer *config; /* as received */
  GstBuffer *record; /* the valid parts of it, for H.264 and HEVC; nullable */
  FlvPictures pictures; /* for H.264 and HEVC */
  /* The last posted reason for the lack of a pad. */
  guint32 unplayable_codec;
  const gchar *fault;    /* nullable */
  guint n_early;         /* consecutive frames that could not be used */
  gint64 early_us;       /* time of the first of them */
  FlvAudioFormat format; /* of audio, once it has begun */
  guint8 adts[FLV_ADTS_CONFIG_BYTES]; /* the newest ADTS header */
  FlvSampleClock clock;               /* of audio */
  guint n_malformed;      /* tags; the first one is logged as a warning */
  gboolean needs_segment; /* before the next buffer */
  gboolean is_discont;
} FlvTrack;

/* To be embedded. */
typedef struct
{
  GstElement *element; /* the element that has the pads; not owned */
  GstFlowCombiner *flows;
  gchar *stream_name; /* nullable */
  guint group_id;
  FlvTrack tracks[FLV_N_TRACKS];
} FlvTracks;

void flv_tracks_init (FlvTracks *self, GstElement *element);
/* Removes the pads, and forgets the stream's name. */
void flv_tracks_reset (FlvTracks *self);
void flv_tracks_clear (FlvTracks *self);

/* Handles the stream-start event of the next stream on the same pads. */
void flv_tracks_start_stream (FlvTracks *self, GstEvent *stream_start);
/* Data is missing before the next tag: starts a new segment. */
void flv_tracks_restart (FlvTracks *self);
/* The times of both tracks have jumped. */
void flv_tracks_jump (FlvTracks *self);
/* The times of both tracks have been delayed a little. */
void flv_tracks_hold (FlvTracks *self);

/* Counts a dropped tag. */
void flv_tracks_count_malformed (FlvTracks *self, FlvTrackKind kind);

/* The stream has ended: pushes what is still waiting. */
void flv_tracks_end (FlvTracks *self);

/* Handles any packet that isn't a frame; the packet is at its offset in @tag.
 * Returns TRUE if it is a frame to be pushed. */
gboolean flv_tracks_accept (FlvTracks *self, FlvTrackKind kind,
    const FlvPacket *packet, GstBuffer *tag);
/* Pushes an accepted frame, sharing @tag's memory. One that may continue in the
 * next tag waits for that: see accessunit.h. @time_ms is the tag's time. */
GstFlowReturn flv_tracks_push (FlvTracks *self, FlvTrackKind kind,
    const FlvPacket *packet, GstBuffer *tag, guint32 time_ms,
    const FlvStamp *stamp);

/* The following are for the files about one kind of track. */

/* Adds the track's pad, or changes its caps. Returns FALSE if no decoder could
 * use @config. */
gboolean flv_tracks_begin (FlvTracks *self, FlvTrackKind kind,
    const FlvCodec *codec, const FlvPacket *packet, GstBuffer *config);
/* Tells applications and viewers that the track is left out, once per reason;
 * @reason is static text for viewers. A track that is playing continues. */
void flv_tracks_leave_out (FlvTracks *self, FlvTrackKind kind, guint32 codec,
    const gchar *reason);
/* Counts a frame that could not be used. After a while the track is left out
 * for that reason, and may begin again. */
void flv_tracks_count_early (FlvTracks *self, FlvTrackKind kind, gint64 time_us,
    const gchar *reason);
/* Takes @frame, which has its timestamps. */
GstFlowReturn flv_tracks_push_buffer (FlvTracks *self, FlvTrackKind kind,
    GstBuffer *frame);
/* Takes @frame. */
GstFlowReturn flv_tracks_push_frame (FlvTracks *self, FlvTrackKind kind,
    const FlvPacket *packet, GstBuffer *frame, gint64 time_ns);

G_END_DECLS
