/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What messages on the bus say of a publisher, and those of refused ones. */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* A publisher's end; of the thread that reads it. */
typedef struct
{
  gchar *address; /* "IP:PORT" */
  gchar *encoder; /* nullable: not known yet, or not said */
} GstRtmpPeer;

void gst_rtmp_peer_clear (GstRtmpPeer *self);

/* At once, and then each second: nobody can fill the bus by being refused. */
#define GST_RTMP_REFUSALS_BURST 20
#define GST_RTMP_REFUSALS_PER_SECOND 2

/* Posts "publisher-refused", from any thread. */
typedef struct _GstRtmpRefusals GstRtmpRefusals;

/* @element, not owned, posts. */
GstRtmpRefusals *gst_rtmp_refusals_new (GstElement *element);
void gst_rtmp_refusals_free (GstRtmpRefusals *self);

/* @name (nullable) is what was to be published. Leaves some out in a flood. */
void gst_rtmp_refusals_post (GstRtmpRefusals *self, const gchar *name,
    const gchar *address, const gchar *why);

G_END_DECLS
