/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Informs viewers about a track that they don't get: by an event, on a pad of
 * whepsink that is used for nothing else. */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* The name of the event: see whepsink. */
#define GST_TRACK_FAULT_EVENT "rtmp-webrtc/track-unplayable"
/* The name of the element message with the same fields. Any part of a stream
 * that can't continue posts it; rtmpwebrtcsink informs whepsink, adds
 * stream-name and forwards the message. */
#define GST_TRACK_FAULT_MESSAGE "track-unplayable"

typedef struct _GstTrackFault GstTrackFault;

/* Returns: (transfer full): the fields "media" (video, audio), "codec" with the
 * codec's common name, if @caps are given, and "reason": text for viewers
 * without a full stop. */
GstStructure *gst_track_fault_facts (const gchar *media, const GstCaps *caps,
    const gchar *reason);
/* Returns: (nullable) (transfer full): those of the demuxer's pad @source; NULL
 * if it is neither video nor audio. */
GstStructure *gst_track_fault_facts_of (GstPad *source, const gchar *reason);

/* @source: (nullable): the demuxer's pad of the track. @stream_name:
 * (nullable): NULL for a stream without a name. Returns: (nullable): NULL if
 * @facts lacks a field or whepsink has no pad. */
GstTrackFault *gst_track_fault_new (GstElement *whep, GstPad *source,
    const gchar *stream_name, const GstStructure *facts);
/* Revokes the event. */
void gst_track_fault_free (GstTrackFault *self);

/* Returns: (transfer full): the faults of @source, or else of @media, or else
 * all, which are removed from the list. */
GList *gst_track_faults_steal (GList **faults, const GstPad *source,
    const gchar *media);

G_END_DECLS
