/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The tracks of a publisher beside its first (Enhanced RTMP v2, Multitrack):
 * each is a stream of its own, APP/KEY/TRACK. */

#pragma once

#include "gst/rtmp/chunk.h"
#include "gst/rtmp/gstrtmppeer.h"
#include "gst/rtmp/roster-io.h"

#include <gst/gst.h>

G_BEGIN_DECLS

typedef struct _GstRtmpTracks GstRtmpTracks;

/* For the arguments see gstrtmpstream.h. */
GstRtmpTracks *gst_rtmp_tracks_new (GstElement *element, RtmpRoster *roster,
    GMutex *pads_lock, const GstRtmpPeer *peer);
/* Without a thread that uses it; to be closed or interrupted first. */
void gst_rtmp_tracks_free (GstRtmpTracks *self);

/* Pushes copies of what is theirs in the message; @name is of the publisher's
 * stream. A track begins with what it first sends. Of what it has none of its
 * own, sound or picture, it gets the first track's. Who has no room, whose name
 * is taken or whom nobody takes any more is left out. */
void gst_rtmp_tracks_take (GstRtmpTracks *self, const gchar *name,
    const RtmpMessage *message);
/* All of them end. Returns FALSE if a pad has to stay: see there. */
gboolean gst_rtmp_tracks_close (GstRtmpTracks *self, const gchar *why);
/* Like gst_rtmp_stream_interrupt(). */
void gst_rtmp_tracks_interrupt (GstRtmpTracks *self);

G_END_DECLS
