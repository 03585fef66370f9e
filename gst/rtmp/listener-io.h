/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The listening TCP socket. One thread accepts; any may stop it. */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _RtmpListener RtmpListener;

/* Listens on a literal @address ("::": all of them, IPv4 as well) and @port
 * (0: any free one). Without IPv6, "::" is all of IPv4. */
RtmpListener *rtmp_listener_new (const gchar *address, guint16 port,
    GError **error);
void rtmp_listener_free (RtmpListener *self);

guint16 rtmp_listener_port (const RtmpListener *self);

/* Waits for a connection.
 *
 * Returns: (transfer full) (nullable): its socket, or NULL once the listener
 * was stopped. */
GSocket *rtmp_listener_accept (RtmpListener *self);
void rtmp_listener_stop (RtmpListener *self);

G_END_DECLS
