/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The part of rtmpserversrc that exists while it listens: the listening
 * sockets, and all connections. */

#pragma once

#include "gst/rtmp/gstrtmpserversettings.h"
#include "gst/rtmp/listener-io.h"
#include "gst/rtmp/roster-io.h"

G_BEGIN_DECLS

typedef struct _GstRtmpServer GstRtmpServer;

/* Begins to listen. @settings are @element's, to be read under its object lock;
 * they and @roster outlive the server.
 *
 * Returns: (nullable): NULL if it can't; the element has said why. */
GstRtmpServer *gst_rtmp_server_new (GstElement *element,
    const GstRtmpServerSettings *settings, RtmpRoster *roster);
/* Lets nobody in, sends everybody away and waits until they have gone. */
void gst_rtmp_server_free (GstRtmpServer *self);

/* Lets nobody in any more, and ends all streams; from any thread. */
void gst_rtmp_server_finish (GstRtmpServer *self);

/* Returns: the port of the listener of that kind; 0 if it is not open. */
guint gst_rtmp_server_port (const GstRtmpServer *self, RtmpListenerKind kind);
/* Returns: the number of players; 0 if nobody may play. */
guint gst_rtmp_server_n_players (const GstRtmpServer *self);

G_END_DECLS
