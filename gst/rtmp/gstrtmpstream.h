/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A stream to publish: its name, which is exclusively this stream's while it is
 * open, and its source pad. One thread opens and closes it, any number of
 * times. */

#pragma once

#include "gst/rtmp/gstrtmppeer.h"
#include "gst/rtmp/players-io.h"
#include "gst/rtmp/roster-io.h"

#include <gst/gst.h>

G_BEGIN_DECLS

typedef struct _GstRtmpStream GstRtmpStream;

/* Pads belong to @element, which must outlive the stream, just as @roster,
 * @pads_lock and @peer must.
 *
 * @players: (nullable): receive each tag as well, and share its memory.
 *
 * Pads are added and removed under @pads_lock, which the element owns:
 * gst-launch's ":" links any unlinked pad, so with two pads added at the same
 * time both signals might link the same pad and leave the other one unlinked.
 */
GstRtmpStream *gst_rtmp_stream_new (GstElement *element, RtmpRoster *roster,
    RtmpPlayers *players, GMutex *pads_lock, const GstRtmpPeer *peer);
/* The stream must be closed or interrupted, and no thread may use it. */
void gst_rtmp_stream_free (GstRtmpStream *self);

/* Like rtmp_roster_claim() and rtmp_roster_claim_free(): the name belongs to
 * this stream until it is closed. */
gboolean gst_rtmp_stream_claim (GstRtmpStream *self, const gchar *name,
    RtmpRosterYieldFunc yield, gpointer user_data, RtmpRejection *rejection);
gboolean gst_rtmp_stream_claim_free (GstRtmpStream *self, const gchar *name,
    const gchar *owner, RtmpRosterYieldFunc yield, gpointer user_data);

/* Adds the pad and pushes the FLV header. If the element is stopping, releases
 * the name and returns FALSE. */
gboolean gst_rtmp_stream_open (GstRtmpStream *self);
gboolean gst_rtmp_stream_is_open (const GstRtmpStream *self);
/* Announces the stream to the application, unless that has been done, with what
 * is known about the peer. */
void gst_rtmp_stream_announce (GstRtmpStream *self);
/* Takes @tag, an FLV tag. */
GstFlowReturn gst_rtmp_stream_push (GstRtmpStream *self, guint8 *tag,
    gsize size);
/* Pushes EOS. Returns FALSE if the pad has to stay because the element is
 * stopping; the stream can't be opened again then. */
gboolean gst_rtmp_stream_close (GstRtmpStream *self, const gchar *why);

/* Flushes the pad, which unblocks a push and makes all later ones fail; from
 * any thread. */
void gst_rtmp_stream_interrupt (GstRtmpStream *self);

G_END_DECLS
