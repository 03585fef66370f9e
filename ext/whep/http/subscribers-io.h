/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The listeners to server-sent events: a session has one at the most, which a
 * POST makes and a GET reads from. They are told when the publisher comes and
 * goes, and how many watch. For the HTTP thread. */

#pragma once

#include "ext/whep/http/directory.h"

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* Each keeps a connection, which costs a file descriptor. */
#define WHEP_SUBSCRIBERS_MAX 256

typedef struct
{
  /* How late a count of viewers may be: a crowd that comes at once is told of
   * in a few steps. */
  guint tick_ms;
  /* Without an event for so long, a listener gets a comment: proxies close a
   * connection after a minute of silence. */
  gint64 keepalive_us;
  /* Who takes nothing for so long is hung up on. */
  gint64 patience_us;
} WhepSubscribersParams;

extern const WhepSubscribersParams whep_subscribers_default_params;

typedef struct _WhepSubscribers WhepSubscribers;

/* Both outlive it. */
WhepSubscribers *whep_subscribers_new (const WhepSubscribersParams *params,
    const WhepDirectory *directory, const WhepSessionTable *sessions);
/* Ends all. */
void whep_subscribers_free (WhepSubscribers *self);

/* The address of a session's events: POST makes a listener. */
void whep_subscribers_serve (WhepSubscribers *self, const WhepSession *session,
    SoupServerMessage *message);
/* The address of a listener: GET reads its events, DELETE ends it. */
void whep_subscribers_serve_listener (WhepSubscribers *self,
    const gchar *session_id, const gchar *listener_id,
    SoupServerMessage *message);
/* OPTIONS */
void whep_subscribers_describe (SoupServerMessage *message);
void whep_subscribers_describe_listener (SoupServerMessage *message);

/* Tells who listens of what has changed since: publishers at once, viewers
 * soon. */
void whep_subscribers_publisher_changed (WhepSubscribers *self);
void whep_subscribers_viewers_changed (WhepSubscribers *self);
/* The session has ended, and so do its events. */
void whep_subscribers_end_session (WhepSubscribers *self,
    const gchar *session_id);

G_END_DECLS
