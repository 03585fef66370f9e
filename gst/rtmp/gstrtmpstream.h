/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One stream on its way out: its name, which nobody else has meanwhile, and its
 * source pad. Opened and closed any number of times, by one thread. */

#pragma once

#include "gst/rtmp/gstrtmppeer.h"
#include "gst/rtmp/roster-io.h"

#include <gst/gst.h>

G_BEGIN_DECLS

typedef struct _GstRtmpStream GstRtmpStream;

/* Pads are @element's, which outlives the outlet just as @roster, @pads_lock
 * and @peer do.
 *
 * Pads come and go under @pads_lock, which is the element's: gst-launch's ":"
 * links any pad that is not linked, so two that come at once might both be told
 * of one, and the other be forgotten. */
GstRtmpStream *gst_rtmp_stream_new (GstElement *element, RtmpRoster *roster,
    GMutex *pads_lock, const GstRtmpPeer *peer);
/* To be closed or interrupted first, and without a thread that uses it. */
void gst_rtmp_stream_free (GstRtmpStream *self);

/* Like rtmp_roster_claim() and rtmp_roster_claim_free(): the name is the
 * outlet's until it is closed. */
gboolean gst_rtmp_stream_claim (GstRtmpStream *self, const gchar *name,
    RtmpRosterYieldFunc yield, gpointer user_data, RtmpRefusal *refusal);
gboolean gst_rtmp_stream_claim_free (GstRtmpStream *self, const gchar *name,
    RtmpRosterYieldFunc yield, gpointer user_data);

/* Shows the pad and pushes the file's header. Returns FALSE if the element is
 * stopping, and gives the name back. */
gboolean gst_rtmp_stream_open (GstRtmpStream *self);
gboolean gst_rtmp_stream_is_open (const GstRtmpStream *self);
/* Tells the application of the stream, if it wasn't told yet, with what is
 * known of the peer. */
void gst_rtmp_stream_announce (GstRtmpStream *self);
/* Takes @tag, of FLV. */
GstFlowReturn gst_rtmp_stream_push (GstRtmpStream *self, guint8 *tag,
    gsize size);
/* With EOS. Returns FALSE if the pad has to stay, because the element is
 * stopping: then it can't be opened again. */
gboolean gst_rtmp_stream_close (GstRtmpStream *self, const gchar *why);

/* Ends a push that blocks, by a flush, and all that come later; from any
 * thread. */
void gst_rtmp_stream_interrupt (GstRtmpStream *self);

G_END_DECLS
