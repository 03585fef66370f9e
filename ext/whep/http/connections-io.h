/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The HTTP connections: accepts them for a SoupServer, which has no limits of
 * its own, and closes those that are slow or too many. For the HTTP thread. */

#pragma once

#include "gst/net/credentials-io.h"

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* From when a connection is free for a request until its reply is written: what
 * a slow network needs, and how long an idle connection is kept. */
#define WHEP_CONNECTIONS_PATIENCE_US (30 * G_USEC_PER_SEC)
/* Each costs a file descriptor, of which a process has 1024 by default. */
#define WHEP_CONNECTIONS_MAX 256

typedef struct _WhepConnections WhepConnections;

/* Accepts from @listener, in the thread's default context. Beyond @max, the
 * oldest connection of the client with the most of them is closed. @server
 * lives as long. */
WhepConnections *whep_connections_new (GSocket *listener, SoupServer *server,
    guint max, gint64 patience_us);
/* From now on no client has more than @max_per_client connections, nor as many
 * again that are not served yet: a new one replaces its oldest. 0, as at first,
 * means no limit. To be called before whep_connections_use_tls(). */
void whep_connections_limit_clients (WhepConnections *self,
    guint max_per_client);
/* From now on a connection whose first byte says so is one of HTTPS, if its
 * handshake is done within @patience_us; others stay with HTTP. @credentials
 * live as long. */
void whep_connections_use_tls (WhepConnections *self,
    NetCredentials *credentials, gint64 patience_us);
/* So many streams of events are read at a time, at most: see
 * whep_connections_keep(); as many as there are connections, at first. */
void whep_connections_expect_streams (WhepConnections *self, guint n_streams);
/* Connections that there are stay with the server. */
void whep_connections_free (WhepConnections *self);

/* @message is a stream of events, which lasts: it counts against neither its
 * connection's time limit nor the maximum of connections, until it is finished.
 * The caller limits their number; of more than twice as many, which only
 * clients that no longer read can cause, the oldest is closed. */
void whep_connections_keep (WhepConnections *self, SoupServerMessage *message);

/* From now on, the connection of @message is the caller's, who steals it.
 *
 * Returns: (nullable) (transfer full): its socket; NULL if the connection has
 * been closed. */
GSocket *whep_connections_release (WhepConnections *self,
    SoupServerMessage *message);

/* When the first byte of @message was read, or now, if that was not noted. */
gint64 whep_connections_asked_us (SoupServerMessage *message);

/* Whether @message came by HTTPS. */
gboolean whep_connections_is_secure (SoupServerMessage *message);

/* Hangs up on who asks @message; it is finished then, without success: at once,
 * or, while it is paused, when something is written next. */
void whep_connections_hang_up (SoupServerMessage *message);
/* Whether that has happened, or the client of a stream of events has left. */
gboolean whep_connections_is_over (SoupServerMessage *message);

G_END_DECLS
