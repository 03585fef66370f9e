/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the path of an HTTP request asks for. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* APP/KEY: the longest stream name that can be, in bytes. */
#define WHEP_STREAM_NAME_MAX 256
/* Of [A-Za-z0-9]: 190 random bits, which nobody guesses. */
#define WHEP_SESSION_ID_LENGTH 32

typedef enum
{
  WHEP_ROUTE_NONE,    /* 404 */
  WHEP_ROUTE_LIST,    /* / */
  WHEP_ROUTE_WATCH,   /* /watch/APP/KEY */
  WHEP_ROUTE_WHEP,    /* /whep/APP/KEY, and with /ID a session of it */
  WHEP_ROUTE_EVENTS,  /* /events/ID: of a session, and with /ID a listener's */
  WHEP_ROUTE_STREAMS, /* /api/streams */
  WHEP_ROUTE_INGEST,  /* /api/ingest */
  WHEP_ROUTE_VIEWERS, /* /api/streams/APP/KEY/viewers */
  WHEP_ROUTE_METRICS, /* /metrics */
  WHEP_ROUTE_HEALTH,  /* /healthz */
  WHEP_ROUTE_ASSET,   /* /NAME: a file of the pages */
  WHEP_ROUTE_MOVED,   /* what a person may type instead of a page's address */
} WhepRouteKind;

typedef struct
{
  WhepRouteKind kind;
  /* The whole name, or "" if it can't be one. */
  gchar stream[WHEP_STREAM_NAME_MAX + 1];
  /* If the last segment may be a session's id: it, and what is before it.
   * Else both are "". A stream may be called like that, too. Of events: the
   * session's id, and that of the listener or "". */
  gchar session_id[WHEP_SESSION_ID_LENGTH + 1];
  gchar listener_id[WHEP_SESSION_ID_LENGTH + 1];
  gchar session_stream[WHEP_STREAM_NAME_MAX + 1];
  /* The way from here to /, for relative links: "../../", or "./". Survives
   * proxies that put the gateway into a folder of theirs. */
  gchar root[3 * WHEP_STREAM_NAME_MAX + 4];
  const gchar *asset; /* NAME, part of the path that was parsed */
  /* Of what has moved: the stream's name, part of that path, too, of this
   * size; 0: to the list. */
  const gchar *moved;
  gsize moved_size;
} WhepRoute;

/* @path is percent-encoded, without the query. */
void whep_route_parse (const gchar *path, WhepRoute *route);

/* Returns: (transfer full): where the session is, relative to the endpoint's
 * @path that the offer was posted to. */
gchar *whep_route_location (const gchar *path, const gchar *session_id);

/* Returns: (transfer full): where the page is, relative to the path that
 * WHEP_ROUTE_MOVED came of. @query: (nullable): kept. */
gchar *whep_route_moved_location (const WhepRoute *self, const gchar *query);

/* At least APP and KEY, no empty segment, "." or "..", no control characters,
 * valid UTF-8, not too long. */
gboolean whep_stream_name_is_valid (const gchar *name);

G_END_DECLS
