/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One connection's thread, and the source pads that it pushes: one, and one for
 * each further track. */

#pragma once

#include "gst/rtmp/authorizer-io.h"
#include "gst/rtmp/connection-io.h"
#include "gst/rtmp/gstrtmppeer.h"
#include "gst/rtmp/roster-io.h"

#include <gst/gst.h>

G_BEGIN_DECLS

typedef struct _GstRtmpPublisher GstRtmpPublisher;

/* Starts the thread. For @element, @roster and @pads_lock see gstrtmpstream.h;
 * @guard and @refusals outlive the publisher, too. @connection is taken. */
GstRtmpPublisher *gst_rtmp_publisher_new (GstElement *element,
    RtmpRoster *roster, RtmpAuthorizer *authorizer, GstRtmpRefusals *refusals,
    GMutex *pads_lock, RtmpConnection *connection);
/* Joins the thread; to be interrupted first, unless it is done. */
void gst_rtmp_publisher_free (GstRtmpPublisher *self);

/* Whether the thread is at its end, and joining it takes no time. */
gboolean gst_rtmp_publisher_is_done (GstRtmpPublisher *self);

/* Whether it is here without a stream, and may stay. */
gboolean gst_rtmp_publisher_is_unpublished (GstRtmpPublisher *self);
/* The peer's IP address. */
const gchar *gst_rtmp_publisher_address (const GstRtmpPublisher *self);
/* Makes a visitor go: somebody else wants its place. */
void gst_rtmp_publisher_make_room (GstRtmpPublisher *self);

/* Makes the publisher end its stream and go: with EOS. */
void gst_rtmp_publisher_finish (GstRtmpPublisher *self);
/* Makes it go at once, even from a push that blocks: flushes its pad. */
void gst_rtmp_publisher_interrupt (GstRtmpPublisher *self);

G_END_DECLS
