/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What viewers are told of a track that they don't get: an event on a pad of
 * whepsink that carries nothing else. */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* The name of the event, see whepsink. */
#define GST_TRACK_FAULT_EVENT "rtmp-webrtc/track-unplayable"
/* The name of the element message with the same fields. Whatever part of a
 * stream can't go on posts it; rtmpwebrtcsink tells whepsink, adds stream-name
 * and lets it pass. */
#define GST_TRACK_FAULT_MESSAGE "track-unplayable"

typedef struct _GstTrackFault GstTrackFault;

/* Returns: (transfer full): the fields "media" (video, audio), "codec" as
 * people call it, if @caps are given, and "reason": words for viewers without a
 * full stop. */
GstStructure *gst_track_fault_facts (const gchar *media, const GstCaps *caps,
    const gchar *reason);
/* Returns: (nullable): "video" or "audio"; NULL for what is neither. */
const gchar *gst_track_fault_media (const GstCaps *caps);

/* @source: (nullable): the pad of the demuxer that the track comes from.
 * @stream_name: (nullable): NULL for a stream that nobody has named.
 * Returns: (nullable): NULL if @facts lack a field or whepsink has no pad. */
GstTrackFault *gst_track_fault_new (GstElement *whep, GstPad *source,
    const gchar *stream_name, const GstStructure *facts);
/* Takes back what was told. */
void gst_track_fault_free (GstTrackFault *self);

gboolean gst_track_fault_is_of (const GstTrackFault *self,
    const GstPad *source);
gboolean gst_track_fault_has_media (const GstTrackFault *self,
    const gchar *media);

G_END_DECLS
