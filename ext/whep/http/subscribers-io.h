/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The listeners for server-sent events: a session has at most one, which POST
 * creates and GET reads from. They learn when the publisher starts and stops,
 * and how many viewers there are. For the HTTP thread. */

#pragma once

#include "ext/whep/http/directory.h"
#include "ext/whep/http/eventstream-io.h"

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* One for each viewer that there may be. Each holds a connection, so a process
 * that may have few file descriptors has fewer: half as many, but at least
 * these. */
#define WHEP_SUBSCRIBERS_MAX 4096
#define WHEP_SUBSCRIBERS_MIN 256

typedef struct
{
  /* The maximum delay of the viewer count, so that many viewers arriving at
   * once cause only a few events. */
  guint tick_ms;
  guint max; /* listeners */
  WhepEventStreamParams reader;
} WhepSubscribersParams;

extern const WhepSubscribersParams whep_subscribers_default_params;

typedef struct _WhepSubscribers WhepSubscribers;

/* Returns how many listeners a process may have that may have @max_fds file
 * descriptors. */
guint whep_subscribers_limit (guint64 max_fds);

/* @directory and @sessions must outlive it. */
WhepSubscribers *whep_subscribers_new (const WhepSubscribersParams *params,
    const WhepDirectory *directory, const WhepSessionTable *sessions);
/* Ends all listeners. */
void whep_subscribers_free (WhepSubscribers *self);

/* The resource of a session's events: POST creates a listener. */
void whep_subscribers_serve (WhepSubscribers *self, const WhepSession *session,
    SoupServerMessage *message);
/* The resource of a listener: GET reads its events, DELETE ends it. */
void whep_subscribers_serve_listener (WhepSubscribers *self,
    const gchar *session_id, const gchar *listener_id,
    SoupServerMessage *message);
/* OPTIONS */
void whep_subscribers_describe (SoupServerMessage *message);
void whep_subscribers_describe_listener (SoupServerMessage *message);

/* Tells listeners what has changed: publishers immediately, viewers soon. */
void whep_subscribers_publisher_changed (WhepSubscribers *self);
void whep_subscribers_viewers_changed (WhepSubscribers *self);
/* Asks the session's viewer to open another session, at another server. Returns
 * FALSE if it does not read such events. */
gboolean whep_subscribers_ask_to_reconnect (WhepSubscribers *self,
    const gchar *session_id);
/* Nobody is asked any more. Whoever has been told opens another session. */
void whep_subscribers_withdraw_requests (WhepSubscribers *self);
/* The session has ended, which ends its events. */
void whep_subscribers_end_session (WhepSubscribers *self,
    const gchar *session_id);

G_END_DECLS
