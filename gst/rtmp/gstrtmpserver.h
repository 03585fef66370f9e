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
 * Returns: (nullable): NULL if it fails; the element has then posted an error.
 */
GstRtmpServer *gst_rtmp_server_new (GstElement *element,
    const GstRtmpServerSettings *settings, RtmpRoster *roster);
/* Accepts no further connections, disconnects all peers and waits for their
 * threads to end. */
void gst_rtmp_server_free (GstRtmpServer *self);

/* Accepts no further connections and ends all streams; from any thread. */
void gst_rtmp_server_finish (GstRtmpServer *self);

/* Returns: the port of the listener of that kind; 0 if it is not open. */
guint gst_rtmp_server_port (const GstRtmpServer *self, RtmpListenerKind kind);
/* Returns: the number of players; 0 if playing is disabled. */
guint gst_rtmp_server_n_players (const GstRtmpServer *self);
/* See rtmp_players_dismiss(). */
gboolean gst_rtmp_server_dismiss_player (GstRtmpServer *self,
    const gchar *address, const gchar *why);

G_END_DECLS
