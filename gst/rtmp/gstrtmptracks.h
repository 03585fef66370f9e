/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A publisher's tracks after the first one (Enhanced RTMP v2, Multitrack). Each
 * is a stream of its own, APP/KEY/TRACK. */

#pragma once

#include "gst/rtmp/chunk.h"
#include "gst/rtmp/gstrtmppeer.h"
#include "gst/rtmp/players-io.h"
#include "gst/rtmp/roster-io.h"

#include <gst/gst.h>

G_BEGIN_DECLS

typedef struct _GstRtmpTracks GstRtmpTracks;

/* For the arguments see gstrtmpstream.h. */
GstRtmpTracks *gst_rtmp_tracks_new (GstElement *element, RtmpRoster *roster,
    RtmpPlayers *players, GMutex *pads_lock, const GstRtmpPeer *peer);
/* They must be closed or interrupted, and no thread may use them. */
void gst_rtmp_tracks_free (GstRtmpTracks *self);

/* Pushes to each track a copy of its part of the message; @name is the name of
 * the publisher's stream. A track begins with its first packet. A track without
 * audio or video of its own gets that of the first track. Left out are tracks
 * over the limit, tracks whose name is taken, and tracks that downstream has
 * rejected. */
void gst_rtmp_tracks_take (GstRtmpTracks *self, const gchar *name,
    const RtmpMessage *message);
/* Closes all of them. Returns FALSE if a pad has to stay: see
 * gst_rtmp_stream_close(). */
gboolean gst_rtmp_tracks_close (GstRtmpTracks *self, const gchar *why);
/* Like gst_rtmp_stream_interrupt(). */
void gst_rtmp_tracks_interrupt (GstRtmpTracks *self);

G_END_DECLS
