/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What bus messages say about a publisher, and the messages about rejected
 * ones. */

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

/* A burst, and then a rate: clients cannot fill the bus by being rejected. */
#define GST_RTMP_REFUSALS_BURST 20
#define GST_RTMP_REFUSALS_PER_SECOND 2

/* Posts "publisher-refused" messages, from any thread. */
typedef struct _GstRtmpRefusals GstRtmpRefusals;

/* @element posts the messages; not owned. */
GstRtmpRefusals *gst_rtmp_refusals_new (GstElement *element);
void gst_rtmp_refusals_free (GstRtmpRefusals *self);

/* @name (nullable) is the name that was to be published. Drops messages over
 * the rate limit. */
void gst_rtmp_refusals_post (GstRtmpRefusals *self, const gchar *name,
    const gchar *address, const gchar *why);

G_END_DECLS
