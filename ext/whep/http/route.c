/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Parses the path of a request: see route.h. */

#include "ext/whep/http/route.h"

#include <string.h>

/* The longest valid path: a name with each byte percent-encoded, and what
 * surrounds it. */
#define PATH_MAX_BYTES (3 * WHEP_STREAM_NAME_MAX + WHEP_SESSION_ID_LENGTH + 16)
/* The end of the path of a stream's viewers. */
#define VIEWERS "/viewers"
/* Of a stream as fragmented MP4. */
#define MP4_PREFIX "/live/"
#define MP4_SUFFIX ".mp4"
/* Besides percent-encoded ones, the characters that are allowed in the first
 * segment of a relative reference: a colon would end a scheme (RFC 3986 section
 * 4.2). */
#define SEGMENT_CHARACTERS "%!$&'()*+,;=@"

static gboolean
is_segment_valid (const gchar *segment)
{
  return *segment != '\0' && strcmp (segment, ".") != 0 &&
      strcmp (segment, "..") != 0;
}

static gboolean
has_control (const gchar *text)
{
  for (const gchar *c = text; *c != '\0'; c = g_utf8_next_char (c)) {
    if (g_unichar_iscntrl (g_utf8_get_char (c)))
      return TRUE;
  }
  return FALSE;
}

gboolean
whep_stream_name_is_valid (const gchar *name)
{
  g_auto (GStrv) segments = NULL;

  if (strlen (name) > WHEP_STREAM_NAME_MAX)
    return FALSE;
  if (!g_utf8_validate (name, -1, NULL) || has_control (name))
    return FALSE;
  segments = g_strsplit (name, "/", -1);
  for (guint i = 0; segments[i] != NULL; i++) {
    if (!is_segment_valid (segments[i]))
      return FALSE;
  }
  return g_strv_length (segments) >= 2;
}

static gboolean
is_session_id (const gchar *segment)
{
  gsize length = 0;

  while (g_ascii_isalnum (segment[length]))
    length++;
  return length == WHEP_SESSION_ID_LENGTH && segment[length] == '\0';
}

static void
set_root (WhepRoute *route, const gchar *path)
{
  const gchar *c = strchr (path + 1, '/');

  if (c != NULL)
    route->root[0] = '\0';
  for (; c != NULL &&
       strlen (route->root) + strlen ("../") < sizeof (route->root);
       c = strchr (c + 1, '/'))
    g_strlcat (route->root, "../", sizeof (route->root));
}

static void
read_session (WhepRoute *route, gchar *name)
{
  gchar *slash = strrchr (name, '/');

  if (slash == NULL || !is_session_id (slash + 1))
    return;
  *slash = '\0';
  if (!whep_stream_name_is_valid (name))
    return;
  g_strlcpy (route->session_stream, name, sizeof (route->session_stream));
  g_strlcpy (route->session_id, slash + 1, sizeof (route->session_id));
}

/* @raw is what follows /watch/ or /whep/, depending on @kind. */
static void
read_stream (WhepRoute *route, WhepRouteKind kind, const gchar *raw)
{
  g_autofree gchar *name = g_uri_unescape_string (raw, NULL);

  if (name == NULL)
    return;
  if (whep_stream_name_is_valid (name))
    g_strlcpy (route->stream, name, sizeof (route->stream));
  if (kind == WHEP_ROUTE_WHEP)
    read_session (route, name);
  if (route->stream[0] != '\0' || route->session_id[0] != '\0')
    route->kind = kind;
}

/* @raw is a stream's name and @suffix. */
static void
read_suffixed (WhepRoute *route, WhepRouteKind kind, const gchar *raw,
    const gchar *suffix)
{
  gsize size = strlen (raw);
  g_autofree gchar *name = NULL;

  if (!g_str_has_suffix (raw, suffix))
    return;
  name = g_uri_unescape_segment (raw, raw + size - strlen (suffix), NULL);
  if (name == NULL || !whep_stream_name_is_valid (name))
    return;
  route->kind = kind;
  g_strlcpy (route->stream, name, sizeof (route->stream));
}

/* @raw is what follows /events/. */
static void
read_events (WhepRoute *route, const gchar *raw)
{
  g_auto (GStrv) ids = g_strsplit (raw, "/", 3);
  guint n_ids = g_strv_length (ids);

  if (n_ids < 1 || n_ids > 2 || !is_session_id (ids[0]))
    return;
  if (n_ids == 2 && !is_session_id (ids[1]))
    return;
  route->kind = WHEP_ROUTE_EVENTS;
  g_strlcpy (route->session_id, ids[0], sizeof (route->session_id));
  if (n_ids == 2)
    g_strlcpy (route->listener_id, ids[1], sizeof (route->listener_id));
}

/* Names of streams may begin like this, but these paths are never pages. */
static gboolean
is_reserved (const gchar *path)
{
  return g_str_has_prefix (path, "/api/") ||
      g_str_has_prefix (path, "/events/") || g_str_has_prefix (path, "/whep/");
}

/* A stream's name alone, or followed by slashes. */
static void
read_moved (WhepRoute *route, const gchar *path)
{
  const gchar *raw =
      g_str_has_prefix (path, "/watch/") ? path + strlen ("/watch/") : path + 1;
  gsize size = strlen (raw);
  g_autofree gchar *name = NULL;

  while (size > 0 && raw[size - 1] == '/')
    size--;
  name = g_uri_unescape_segment (raw, raw + size, NULL);
  if (is_reserved (path) || name == NULL || !whep_stream_name_is_valid (name))
    return;
  route->kind = WHEP_ROUTE_MOVED;
  route->moved = raw;
  route->moved_size = size;
}

static gboolean
was_list (const gchar *path)
{
  return strcmp (path, "/watch") == 0 || strcmp (path, "/watch/") == 0 ||
      strcmp (path, "/index.html") == 0;
}

void
whep_route_parse (const gchar *path, WhepRoute *route)
{
  memset (route, 0, sizeof (*route));
  g_strlcpy (route->root, "./", sizeof (route->root));

  if (*path != '/' || strlen (path) > PATH_MAX_BYTES)
    return;
  set_root (route, path);
  if (strcmp (path, "/") == 0)
    route->kind = WHEP_ROUTE_LIST;
  else if (was_list (path))
    route->kind = WHEP_ROUTE_MOVED;
  else if (strcmp (path, "/api/streams") == 0)
    route->kind = WHEP_ROUTE_STREAMS;
  else if (strcmp (path, "/api/ingest") == 0)
    route->kind = WHEP_ROUTE_INGEST;
  else if (strcmp (path, "/metrics") == 0)
    route->kind = WHEP_ROUTE_METRICS;
  else if (strcmp (path, "/healthz") == 0)
    route->kind = WHEP_ROUTE_HEALTH;
  else if (g_str_has_prefix (path, "/api/streams/"))
    read_suffixed (route, WHEP_ROUTE_VIEWERS, path + strlen ("/api/streams/"),
        VIEWERS);
  else if (g_str_has_prefix (path, MP4_PREFIX))
    read_suffixed (route, WHEP_ROUTE_MP4, path + strlen (MP4_PREFIX),
        MP4_SUFFIX);
  else if (g_str_has_prefix (path, "/watch/"))
    read_stream (route, WHEP_ROUTE_WATCH, path + strlen ("/watch/"));
  else if (g_str_has_prefix (path, "/whep/"))
    read_stream (route, WHEP_ROUTE_WHEP, path + strlen ("/whep/"));
  else if (g_str_has_prefix (path, "/events/"))
    read_events (route, path + strlen ("/events/"));
  else if (strchr (path + 1, '/') == NULL) {
    route->kind = WHEP_ROUTE_ASSET;
    route->asset = path + 1;
  }
  if (route->kind == WHEP_ROUTE_NONE)
    read_moved (route, path);
}

gchar *
whep_route_moved_location (const WhepRoute *self, const gchar *query)
{
  return g_strdup_printf ("%s%s%.*s%s%s", self->root,
      self->moved_size > 0 ? "watch/" : "", (gint) self->moved_size,
      self->moved_size > 0 ? self->moved : "", query != NULL ? "?" : "",
      query != NULL ? query : "");
}

gchar *
whep_route_location (const gchar *path, const gchar *session_id)
{
  const gchar *slash = strrchr (path, '/');
  g_autofree gchar *segment =
      g_uri_escape_string (slash == NULL ? path : slash + 1, SEGMENT_CHARACTERS,
          FALSE);

  return g_strdup_printf ("%s/%s", segment, session_id);
}
