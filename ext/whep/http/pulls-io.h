/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Requests that wait for a stream which is being pulled from another server.
 * All other requests are served as usual. For the HTTP thread. */

#pragma once

#include "ext/whep/http/pulltable.h"

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* The longest that a request waits, unless a test has less patience. */
#define WHEP_PULLS_TIMEOUT_S 5

/* What pulls: each is called on the HTTP thread and does not block. begin()
 * returns FALSE if there is nothing that streams are pulled from. */
typedef struct
{
  /* Whether begin() may return TRUE. Nullable: it may. */
  gboolean (*is_possible) (gpointer user_data);
  gboolean (*begin) (const gchar *stream, gpointer user_data); /* nullable */
  void (*end) (const gchar *stream, gpointer user_data);
  gpointer user_data;
  guint max_pulls;
  gboolean has_shares; /* each client's address is its own, not a proxy's */
  gint64 linger_us;
  gint64 timeout_us; /* of a request */
} WhepPullsParams;

typedef struct _WhepPulls WhepPulls;

/* @use says what is known of a stream. */
WhepPulls *whep_pulls_new (const WhepPullsParams *params, WhepPullUseFunc use,
    gpointer user_data);
/* After whep_pulls_close(). */
void whep_pulls_free (WhepPulls *self);
/* Answers all that wait; no other request waits from now on. */
void whep_pulls_close (WhepPulls *self);

/* Whether the request for a stream can be answered now. */
typedef gboolean (
    *WhepPullsReadyFunc) (const gchar *stream, gpointer user_data);
/* Answers a request, which waits no more: the stream is ready, or will not be
 * soon. */
typedef void (*WhepPullsFunc) (SoupServerMessage *message, const gchar *stream,
    gpointer user_data);

typedef struct
{
  WhepPullsReadyFunc is_ready;
  WhepPullsFunc func;
  gpointer user_data;
} WhepPullsWaiter;

/* Whether there is anything that streams are pulled from. */
gboolean whep_pulls_is_possible (const WhepPulls *self);
/* To be called for a stream that is not ready. Returns TRUE if the request now
 * waits for a pull, after which the waiter's func is called, once. In it, this
 * returns FALSE, as for a stream that is published here. */
gboolean whep_pulls_wait (WhepPulls *self, SoupServerMessage *message,
    const gchar *stream, const WhepPullsWaiter *waiter);

/* Whether the stream is live; then it counts as used for a moment. To be called
 * for each request, even if the stream is published here. */
gboolean whep_pulls_touch (WhepPulls *self, const gchar *stream);
/* Whether it has been live for @least_us. */
gboolean whep_pulls_has_settled (const WhepPulls *self, const gchar *stream,
    gint64 least_us);
/* As of the table; answers the requests that wait for it. */
void whep_pulls_fail (WhepPulls *self, const gchar *stream);

G_END_DECLS
