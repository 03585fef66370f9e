/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What bus messages and events contain about a publisher, and the messages
 * about rejected publishers. */

#pragma once

#include "gst/rtmp/connection-io.h"

#include <gst/gst.h>

G_BEGIN_DECLS

/* The peer of a publisher; owned by the thread that reads it. */
typedef struct
{
  gchar *id;                  /* of the connection */
  gchar *address;             /* "IP:PORT" */
  const gchar *ip;            /* the connection's, as is flash_version */
  guint port;                 /* of the address */
  gboolean is_encrypted;      /* RTMPS */
  gchar *encoder;             /* nullable: not received yet, or not sent */
  const gchar *flash_version; /* nullable: not sent, or nobody publishes */
} GstRtmpPeer;

void gst_rtmp_peer_init (GstRtmpPeer *self, const RtmpConnection *connection);
void gst_rtmp_peer_clear (GstRtmpPeer *self);

/* Adds the fields of a message about the publisher. */
void gst_rtmp_peer_describe (const GstRtmpPeer *self, GstStructure *s);
/* Returns: the sticky event about the publisher of a stream that began at
 * @since_us, in real time: see gst/publisher/gstpublisherevents.h. */
GstEvent *gst_rtmp_peer_event (const GstRtmpPeer *self, gint64 since_us);

/* A burst and then a rate, so that rejected clients cannot fill the bus. */
#define GST_RTMP_REJECTIONS_BURST 20
#define GST_RTMP_REJECTIONS_PER_SECOND 2

/* Posts "publisher-refused" and "player-refused" messages, from any thread. */
typedef struct _GstRtmpRejections GstRtmpRejections;

/* @element posts the messages; not owned. */
GstRtmpRejections *gst_rtmp_rejections_new (GstElement *element);
void gst_rtmp_rejections_free (GstRtmpRejections *self);

/* @name (nullable) is the name that was to be published or played. Drops
 * messages over the rate limit. */
void gst_rtmp_rejections_post (GstRtmpRejections *self, gboolean is_player,
    const gchar *name, const gchar *address, const gchar *why);

G_END_DECLS
