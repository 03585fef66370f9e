/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Any path is one of the routes, its names keep their promises, and a Location
 * leads back to the session, or on to one of our pages. */

#include "ext/whep/http/route.h"

#include <string.h>

#define FOLDER "http://host/folder"
#define ID "abcdefghijklmnopqrstuvwxyzABCDE1"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static void
check_name (const gchar *name)
{
  g_assert (*name == '\0' || whep_stream_name_is_valid (name));
}

/* A session that is made at an endpoint belongs to the endpoint's stream. */
static void
check_location (const gchar *path, const WhepRoute *endpoint)
{
  g_autofree gchar *location = whep_route_location (path, ID);
  g_autofree gchar *base = g_strconcat (FOLDER, path, NULL);
  g_autofree gchar *uri =
      g_uri_resolve_relative (base, location, G_URI_FLAGS_ENCODED, NULL);
  WhepRoute session;

  /* libsoup accepts what GUri parses. */
  if (uri == NULL || strpbrk (path, "?#\\ ") != NULL)
    return;
  whep_route_parse (strstr (uri, "/whep/"), &session);
  if (session.kind == WHEP_ROUTE_NONE) /* now too long */
    return;
  g_assert (strcmp (session.session_id, ID) == 0);
  g_assert (strcmp (session.session_stream, endpoint->stream) == 0);
}

/* Nobody is redirected to another site, or out of a proxy's folder. */
static void
check_moved (const gchar *path, const WhepRoute *moved)
{
  g_autofree gchar *location = whep_route_moved_location (moved, NULL);
  g_autofree gchar *base = g_strconcat (FOLDER, path, NULL);
  g_autofree gchar *uri =
      g_uri_resolve_relative (base, location, G_URI_FLAGS_ENCODED, NULL);
  WhepRoute page;

  if (uri == NULL || strpbrk (path, "?#\\ ") != NULL)
    return;
  g_assert (g_str_has_prefix (uri, FOLDER "/"));
  whep_route_parse (uri + strlen (FOLDER), &page);
  g_assert (page.kind == WHEP_ROUTE_WATCH || page.kind == WHEP_ROUTE_LIST ||
      page.kind == WHEP_ROUTE_NONE); /* now too long */
}

/* A session follows its stream in the path or, for events, stands alone. */
static void
check_session (const WhepRoute *route)
{
  gboolean has_session = route->session_id[0] != '\0';
  gboolean is_of_events = route->kind == WHEP_ROUTE_EVENTS;

  g_assert (!has_session || is_of_events || route->kind == WHEP_ROUTE_WHEP);
  g_assert (
      (has_session && !is_of_events) == (route->session_stream[0] != '\0'));
  g_assert (!is_of_events || has_session);
  g_assert (is_of_events || route->listener_id[0] == '\0');
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree gchar *path = g_strndup ((const gchar *) data, size);
  WhepRoute route;

  whep_route_parse (path, &route);
  check_name (route.stream);
  check_name (route.session_stream);
  g_assert (g_str_has_suffix (route.root, "/"));
  check_session (&route);
  g_assert ((route.kind == WHEP_ROUTE_ASSET) == (route.asset != NULL));
  if (route.kind == WHEP_ROUTE_WATCH || route.kind == WHEP_ROUTE_VIEWERS)
    g_assert (route.stream[0] != '\0');
  if (route.kind == WHEP_ROUTE_WHEP && route.stream[0] != '\0')
    check_location (path, &route);
  if (route.kind == WHEP_ROUTE_MOVED)
    check_moved (path, &route);
  return 0;
}
