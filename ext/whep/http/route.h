/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Parses the path of an HTTP request. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The maximum length of a stream's name, APP/KEY, in bytes. */
#define WHEP_STREAM_NAME_MAX 256
/* Characters of [A-Za-z0-9]: 190 random bits, which cannot be guessed. */
#define WHEP_SESSION_ID_LENGTH 32
/* The maximum length of a node's name. */
#define WHEP_NODE_NAME_MAX 32

typedef enum
{
  WHEP_ROUTE_NONE,     /* 404 */
  WHEP_ROUTE_LIST,     /* / */
  WHEP_ROUTE_WATCH,    /* /watch/APP/KEY */
  WHEP_ROUTE_WALL,     /* /wall */
  WHEP_ROUTE_EMBED,    /* /embed/APP/KEY */
  WHEP_ROUTE_MP4,      /* /live/APP/KEY.mp4 */
  WHEP_ROUTE_SNAPSHOT, /* /snapshot/APP/KEY.jpg */
  WHEP_ROUTE_WHEP,     /* /whep/APP/KEY, or with /ID one of its sessions */
  WHEP_ROUTE_EVENTS,   /* /events/ID of a session, or with /ID of a listener */
  WHEP_ROUTE_STREAMS,  /* /api/streams */
  WHEP_ROUTE_INGEST,   /* /api/ingest */
  WHEP_ROUTE_JOURNAL,  /* /api/v1/events */
  WHEP_ROUTE_VIEWERS,  /* /api/streams/APP/KEY/viewers */
  WHEP_ROUTE_METRICS,  /* /metrics */
  WHEP_ROUTE_HEALTH,   /* /healthz */
  WHEP_ROUTE_ASSET,    /* /NAME: a file of the pages */
  /* Below /api/v1/, see apiendpoint-io.h. */
  WHEP_ROUTE_API_STREAMS,        /* streams */
  WHEP_ROUTE_API_STREAM,         /* streams/APP/KEY */
  WHEP_ROUTE_API_STREAM_VIEWERS, /* streams/APP/KEY/viewers */
  WHEP_ROUTE_API_PUBLISHER,      /* streams/APP/KEY/publisher */
  WHEP_ROUTE_API_RECORDING,      /* streams/APP/KEY/recording */
  WHEP_ROUTE_API_VIEWERS,        /* viewers */
  WHEP_ROUTE_API_VIEWER,         /* viewers/ID */
  WHEP_ROUTE_API_SETTINGS,       /* settings */
  WHEP_ROUTE_API_DRAIN,          /* drain */
  WHEP_ROUTE_API_DESCRIPTION,    /* openapi.json */
  WHEP_ROUTE_MOVED,              /* what a user may type for a page's address */
} WhepRouteKind;

typedef struct
{
  WhepRouteKind kind;
  /* The whole name, or "" if it is not valid. */
  gchar stream[WHEP_STREAM_NAME_MAX + 1];
  /* If the last segment may name a session, its id and what precedes the
   * segment, otherwise both are "". The whole may still be the name of a
   * stream. For events, the ids of the session and of the listener, or "". A
   * segment that names a session is ID, or NODE.ID, where NODE is for
   * balancers. */
  gchar session_id[WHEP_SESSION_ID_LENGTH + 1];
  gchar listener_id[WHEP_SESSION_ID_LENGTH + 1];
  gchar session_stream[WHEP_STREAM_NAME_MAX + 1];
  /* Names a viewer, or "". */
  gchar viewer_id[WHEP_SESSION_ID_LENGTH + 1];
  /* The relative path from here to /: "../../", or "./". Also works behind
   * proxies that serve the gateway below another path. */
  gchar root[3 * WHEP_STREAM_NAME_MAX + 4];
  const gchar *asset; /* NAME; points into the parsed path */
  /* For WHEP_ROUTE_MOVED: the stream's name, which also points into the parsed
   * path, and its size; 0: redirect to the list. */
  const gchar *moved;
  gsize moved_size;
} WhepRoute;

/* @path is percent-encoded, without the query. */
void whep_route_parse (const gchar *path, WhepRoute *route);

/* Whether it is one below /api/v1/. */
gboolean whep_route_is_api (WhepRouteKind kind);

/* Describes the paths of a route, so that a test can visit each: @index counts
 * from 0, and @suffix is NULL if @prefix is the whole path. Returns FALSE if
 * there are no more. */
gboolean whep_route_describe (guint index, const gchar **prefix,
    const gchar **suffix);

/* Returns: (transfer full): the segment that names a session. @node:
 * (nullable): of this server. */
gchar *whep_route_session_segment (const gchar *node, const gchar *session_id);

/* Returns: (transfer full): the location of the session with that @segment,
 * relative to the endpoint's @path that the offer was posted to. */
gchar *whep_route_location (const gchar *path, const gchar *segment);

/* Returns: (transfer full): the last segment of the @path of a request, from
 * which a relative reference to its siblings begins. */
gchar *whep_route_last_segment (const gchar *path);

/* Whether it has letters, digits, "-" and "_" only, and a length that fits. */
gboolean whep_node_name_is_valid (const gchar *name);

/* Returns: (transfer full): the location of the page, relative to the path that
 * was parsed as WHEP_ROUTE_MOVED. @query: (nullable): is kept. */
gchar *whep_route_moved_location (const WhepRoute *self, const gchar *query);

/* Whether the name has at least APP and KEY, no empty segment, "." or "..", no
 * control characters, is valid UTF-8 and not too long. */
gboolean whep_stream_name_is_valid (const gchar *name);

G_END_DECLS
