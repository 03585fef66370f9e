/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The thread of one connection, which is a streaming thread once its peer
 * publishes, and the source pads that it pushes to: one for the stream, and one
 * for each further track. */

#pragma once

#include "gst/rtmp/authorizer-io.h"
#include "gst/rtmp/connection-io.h"
#include "gst/rtmp/gstrtmppeer.h"
#include "gst/rtmp/playauthorizer-io.h"
#include "gst/rtmp/players-io.h"
#include "gst/rtmp/roster-io.h"

#include <gst/gst.h>

G_BEGIN_DECLS

typedef struct _GstRtmpPublisher GstRtmpPublisher;

/* What all connections share; not owned, and must outlive them. For @element,
 * @roster, @players and @pads_lock see gstrtmpstream.h. */
typedef struct
{
  GstElement *element;
  RtmpRoster *roster;
  RtmpAuthorizer *authorizer;
  GstRtmpRejections *rejections;
  RtmpPlayers *players; /* nullable: NULL if playing is disabled */
  RtmpPlayAuthorizer *play_authorizer; /* set if players is */
  GMutex *pads_lock;
} GstRtmpPublisherParams;

/* Starts the thread. Takes @connection. If its peer plays, the connection is
 * handed over to the players, and the thread ends. */
GstRtmpPublisher *gst_rtmp_publisher_new (const GstRtmpPublisherParams *params,
    RtmpConnection *connection);
/* Joins the thread, which must be interrupted first, unless it is done. */
void gst_rtmp_publisher_free (GstRtmpPublisher *self);

/* Returns whether the thread is about to exit, so that joining it takes no
 * time. */
gboolean gst_rtmp_publisher_is_done (GstRtmpPublisher *self);

/* Returns whether it has no stream and was not asked to leave. */
gboolean gst_rtmp_publisher_is_unpublished (GstRtmpPublisher *self);
/* Returns: the client that its address belongs to: see gst/net/client.h. */
const gchar *gst_rtmp_publisher_client (const GstRtmpPublisher *self);
/* Closes an unpublished connection to make room for a new one. */
void gst_rtmp_publisher_make_room (GstRtmpPublisher *self);

/* Makes the publisher end its stream with EOS and disconnect. */
void gst_rtmp_publisher_finish (GstRtmpPublisher *self);
/* Disconnects the publisher immediately, even while a push blocks, by flushing
 * its pads. */
void gst_rtmp_publisher_interrupt (GstRtmpPublisher *self);

G_END_DECLS
