/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What bus messages contain about a publisher, and the messages about rejected
 * publishers. */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* The peer of a publisher; owned by the thread that reads it. */
typedef struct
{
  gchar *address; /* "IP:PORT" */
  gchar *encoder; /* nullable: not received yet, or not sent */
} GstRtmpPeer;

void gst_rtmp_peer_clear (GstRtmpPeer *self);

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
