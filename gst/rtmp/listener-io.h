/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The listening TCP sockets: one for RTMP and, optionally, one for RTMPS. One
 * thread accepts connections; any thread may stop it. */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _RtmpListener RtmpListener;

typedef enum
{
  RTMP_LISTENER_PLAIN,
  RTMP_LISTENER_TLS,
  RTMP_N_LISTENERS,
} RtmpListenerKind;

/* Opens no socket yet. */
RtmpListener *rtmp_listener_new (void);
void rtmp_listener_free (RtmpListener *self);

/* Listens on a literal @address ("::": all of them, IPv4 as well) and @port
 * (0: any free one). Without IPv6, "::" is all of IPv4. To be called at most
 * once for each kind, before rtmp_listener_accept(). */
gboolean rtmp_listener_open (RtmpListener *self, RtmpListenerKind kind,
    const gchar *address, guint16 port, GError **error);
/* Returns: 0 if no socket of that kind is open. */
guint16 rtmp_listener_port (const RtmpListener *self, RtmpListenerKind kind);

/* Waits for a connection; @kind is set to the kind of its socket.
 *
 * Returns: (transfer full) (nullable): its socket; NULL once the listener has
 * been stopped. */
GSocket *rtmp_listener_accept (RtmpListener *self, RtmpListenerKind *kind);
void rtmp_listener_stop (RtmpListener *self);

G_END_DECLS
