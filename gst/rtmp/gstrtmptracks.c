/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A publisher's further tracks: see gstrtmptracks.h. */

#include "gst/rtmp/gstrtmptracks.h"

#include "gst/rtmp/flvtag.h"
#include "gst/rtmp/gstrtmpstream.h"
#include "gst/rtmp/multitrack.h"
#include "gst/rtmp/streamname.h"

#include <string.h>

GST_DEBUG_CATEGORY_EXTERN (gst_rtmp_server_src_debug);
#define GST_CAT_DEFAULT gst_rtmp_server_src_debug

/* The limit per publisher, not counting the first track: OBS sends five
 * renditions. Each one costs as much as a publisher. */
#define MAX_TRACKS 7
/* No codec's sequence header is nearly as large. */
#define MAX_HEADER_BYTES (64 * 1024)

typedef enum
{
  KIND_VIDEO,
  KIND_AUDIO,
  N_KINDS,
} Kind;

typedef struct
{
  guint id;
  GstRtmpStream *stream;
  gboolean has_own[N_KINDS];
  gint is_wanted; /* atomic: another publisher wants the name */
} Track;

struct _GstRtmpTracks
{
  GstElement *element; /* not owned */
  Track tracks[MAX_TRACKS];
  guint n_tracks; /* since the stream began */
  gboolean has_left_out;
  /* The first track's sequence headers, for tracks that begin later; block is
   * NULL where there was none. */
  RtmpMessage headers[N_KINDS];
};

static Kind
kind_of (const RtmpMessage *message)
{
  return message->type == RTMP_MESSAGE_VIDEO ? KIND_VIDEO : KIND_AUDIO;
}

static void
yield_name (gpointer user_data, const gchar *why)
{
  Track *track = user_data;

  g_atomic_int_set (&track->is_wanted, TRUE);
}

static void
close_wanted (GstRtmpTracks *self)
{
  for (guint i = 0; i < self->n_tracks; i++) {
    Track *track = &self->tracks[i];

    if (g_atomic_int_get (&track->is_wanted) &&
        gst_rtmp_stream_is_open (track->stream))
      gst_rtmp_stream_close (track->stream, "another publisher took its place");
  }
}

/* Takes @message. */
static void
push (GstRtmpTracks *self, Track *track, RtmpMessage *message)
{
  GstFlowReturn flow;
  gsize size;
  guint8 *tag = rtmp_flv_take_tag (message, &size);

  if (tag == NULL)
    return;
  flow = gst_rtmp_stream_push (track->stream, tag, size);
  if (flow != GST_FLOW_OK)
    gst_rtmp_stream_close (track->stream, gst_flow_get_name (flow));
}

static void
push_copy (GstRtmpTracks *self, Track *track, const RtmpMultitrack *from)
{
  RtmpMessage single;

  if (gst_rtmp_stream_is_open (track->stream) &&
      rtmp_multitrack_copy (from, &single))
    push (self, track, &single);
}

static Track *
find_track (GstRtmpTracks *self, guint id)
{
  for (guint i = 0; i < self->n_tracks; i++) {
    if (self->tracks[i].id == id)
      return &self->tracks[i];
  }
  return NULL;
}

/* Gives the track the sequence header that was sent before the track began. */
static void
push_header (GstRtmpTracks *self, Track *track, Kind kind, guint32 time_ms)
{
  RtmpMultitrack whole;
  RtmpMessage *header = &self->headers[kind];
  guint id;

  if (header->block == NULL)
    return;
  header->time_ms = time_ms;
  rtmp_multitrack_begin (&whole, header);
  if (rtmp_multitrack_next (&whole, &id))
    push_copy (self, track, &whole);
}

static void
open_track (GstRtmpTracks *self, Track *track, const gchar *name, Kind kind,
    guint32 time_ms)
{
  g_autofree gchar *own_name = g_strdup_printf ("%s/%u", name, track->id);

  if (strlen (own_name) > RTMP_STREAM_NAME_MAX_BYTES ||
      !gst_rtmp_stream_claim_free (track->stream, own_name, name, yield_name,
          track)) {
    GST_WARNING_OBJECT (self->element,
        "%s: left out: no room, or the name is in use", own_name);
    return;
  }
  if (!gst_rtmp_stream_open (track->stream))
    return;
  gst_rtmp_stream_announce (track->stream);
  push_header (self, track, N_KINDS - 1 - kind, time_ms);
}

/* Returns: (nullable): the track, which is created on first use. */
static Track *
take_track (GstRtmpTracks *self, const gchar *name, guint id, Kind kind,
    guint32 time_ms)
{
  Track *track = find_track (self, id);

  if (track == NULL && self->n_tracks == MAX_TRACKS) {
    if (!self->has_left_out)
      GST_WARNING_OBJECT (self->element,
          "%s: left out: more than %u further tracks", name, MAX_TRACKS);
    self->has_left_out = TRUE;
    return NULL;
  }
  if (track == NULL) {
    track = &self->tracks[self->n_tracks++];
    track->id = id;
    open_track (self, track, name, kind, time_ms);
  }
  track->has_own[kind] = TRUE;
  return track;
}

/* The first track's packets also go to all tracks that have none of their own
 * of that kind. */
static void
share (GstRtmpTracks *self, const RtmpMultitrack *from, Kind kind)
{
  if (from->message->size <= MAX_HEADER_BYTES &&
      rtmp_multitrack_is_sequence_header (from)) {
    rtmp_message_clear (&self->headers[kind]);
    rtmp_multitrack_copy (from, &self->headers[kind]);
  }
  for (guint i = 0; i < self->n_tracks; i++) {
    if (!self->tracks[i].has_own[kind])
      push_copy (self, &self->tracks[i], from);
  }
}

void
gst_rtmp_tracks_take (GstRtmpTracks *self, const gchar *name,
    const RtmpMessage *message)
{
  RtmpMultitrack multitrack;
  guint id;

  close_wanted (self);
  if (message->type != RTMP_MESSAGE_VIDEO &&
      message->type != RTMP_MESSAGE_AUDIO)
    return;

  rtmp_multitrack_begin (&multitrack, message);
  while (rtmp_multitrack_next (&multitrack, &id)) {
    Kind kind = kind_of (message);
    Track *track;

    if (id == RTMP_MULTITRACK_FIRST) {
      share (self, &multitrack, kind);
      continue;
    }
    track = take_track (self, name, id, kind, message->time_ms);
    if (track != NULL)
      push_copy (self, track, &multitrack);
  }
}

gboolean
gst_rtmp_tracks_close (GstRtmpTracks *self, const gchar *why)
{
  gboolean is_closed = TRUE;

  for (guint i = 0; i < self->n_tracks; i++) {
    Track *track = &self->tracks[i];

    if (gst_rtmp_stream_is_open (track->stream))
      is_closed = gst_rtmp_stream_close (track->stream, why) && is_closed;
    memset (track->has_own, 0, sizeof track->has_own);
    g_atomic_int_set (&track->is_wanted, FALSE);
  }
  self->n_tracks = 0;
  self->has_left_out = FALSE;
  for (guint i = 0; i < N_KINDS; i++)
    rtmp_message_clear (&self->headers[i]);
  return is_closed;
}

void
gst_rtmp_tracks_interrupt (GstRtmpTracks *self)
{
  for (guint i = 0; i < MAX_TRACKS; i++)
    gst_rtmp_stream_interrupt (self->tracks[i].stream);
}

GstRtmpTracks *
gst_rtmp_tracks_new (GstElement *element, RtmpRoster *roster,
    RtmpPlayers *players, GMutex *pads_lock, const GstRtmpPeer *peer)
{
  GstRtmpTracks *self = g_new0 (GstRtmpTracks, 1);

  self->element = element;
  for (guint i = 0; i < MAX_TRACKS; i++)
    self->tracks[i].stream =
        gst_rtmp_stream_new (element, roster, players, pads_lock, peer);
  return self;
}

void
gst_rtmp_tracks_free (GstRtmpTracks *self)
{
  if (self == NULL)
    return;
  for (guint i = 0; i < MAX_TRACKS; i++)
    gst_rtmp_stream_free (self->tracks[i].stream);
  for (guint i = 0; i < N_KINDS; i++)
    rtmp_message_clear (&self->headers[i]);
  g_free (self);
}
