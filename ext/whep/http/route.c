/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Parses the path of a request: see route.h. */

#include "ext/whep/http/route.h"

#include <string.h>

/* The longest valid path: a name with each byte percent-encoded, and what
 * surrounds it. */
#define PATH_MAX_BYTES                                                         \
  (3 * WHEP_STREAM_NAME_MAX + WHEP_NODE_NAME_MAX + WHEP_SESSION_ID_LENGTH + 16)
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

/* The length of what may be a node's name at the beginning. */
static gsize
node_name_length (const gchar *text)
{
  gsize length = 0;

  while (g_ascii_isalnum (text[length]) || text[length] == '-' ||
      text[length] == '_')
    length++;
  return length <= WHEP_NODE_NAME_MAX ? length : 0;
}

gboolean
whep_node_name_is_valid (const gchar *name)
{
  gsize length = node_name_length (name);

  return length > 0 && name[length] == '\0';
}

/* Returns: (nullable): where in the segment the session's id begins. */
static const gchar *
session_id_in (const gchar *segment)
{
  gsize length = node_name_length (segment);
  const gchar *id =
      length > 0 && segment[length] == '.' ? segment + length + 1 : segment;

  return is_session_id (id) ? id : NULL;
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
  const gchar *id = slash == NULL ? NULL : session_id_in (slash + 1);

  if (id == NULL)
    return;
  *slash = '\0';
  if (!whep_stream_name_is_valid (name))
    return;
  g_strlcpy (route->session_stream, name, sizeof (route->session_stream));
  g_strlcpy (route->session_id, id, sizeof (route->session_id));
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

/* @raw is a stream's name, percent-encoded. */
static void
read_name (WhepRoute *route, WhepRouteKind kind, const gchar *raw)
{
  g_autofree gchar *name = g_uri_unescape_string (raw, NULL);

  if (name == NULL || !whep_stream_name_is_valid (name))
    return;
  route->kind = kind;
  g_strlcpy (route->stream, name, sizeof (route->stream));
}

/* @raw is what follows /events/. */
static void
read_events (WhepRoute *route, WhepRouteKind kind, const gchar *raw)
{
  g_auto (GStrv) ids = g_strsplit (raw, "/", 3);
  guint n_ids = g_strv_length (ids);
  const gchar *session_id = n_ids == 0 ? NULL : session_id_in (ids[0]);

  if (n_ids > 2 || session_id == NULL)
    return;
  if (n_ids == 2 && !is_session_id (ids[1]))
    return;
  route->kind = kind;
  g_strlcpy (route->session_id, session_id, sizeof (route->session_id));
  if (n_ids == 2)
    g_strlcpy (route->listener_id, ids[1], sizeof (route->listener_id));
}

/* @raw is what follows /api/v1/viewers/. */
static void
read_viewer (WhepRoute *route, WhepRouteKind kind, const gchar *raw)
{
  gsize length = 0;

  while (g_ascii_isalnum (raw[length]))
    length++;
  if (length == 0 || length > WHEP_SESSION_ID_LENGTH || raw[length] != '\0')
    return;
  route->kind = kind;
  g_strlcpy (route->viewer_id, raw, sizeof (route->viewer_id));
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

/* The one list of what there is, besides the files of the pages. What follows
 * the prefix, up to the suffix, is read by a function; without one, the prefix
 * is the whole path. */
static const struct
{
  const gchar *prefix, *suffix;
  WhepRouteKind kind;
  void (*read) (WhepRoute *route, WhepRouteKind kind, const gchar *raw);
} table[] = {
  { "/", "", WHEP_ROUTE_LIST, NULL },
  { "/wall", "", WHEP_ROUTE_WALL, NULL },
  { "/watch", "", WHEP_ROUTE_MOVED, NULL },
  { "/watch/", "", WHEP_ROUTE_MOVED, NULL },
  { "/index.html", "", WHEP_ROUTE_MOVED, NULL },
  { "/api/streams", "", WHEP_ROUTE_STREAMS, NULL },
  { "/api/ingest", "", WHEP_ROUTE_INGEST, NULL },
  { "/api/v1/events", "", WHEP_ROUTE_JOURNAL, NULL },
  { "/api/v1/streams", "", WHEP_ROUTE_API_STREAMS, NULL },
  { "/api/v1/viewers", "", WHEP_ROUTE_API_VIEWERS, NULL },
  { "/api/v1/settings", "", WHEP_ROUTE_API_SETTINGS, NULL },
  { "/api/v1/drain", "", WHEP_ROUTE_API_DRAIN, NULL },
  { "/api/v1/openapi.json", "", WHEP_ROUTE_API_DESCRIPTION, NULL },
  { "/api/v1/streams/", "/viewers", WHEP_ROUTE_API_STREAM_VIEWERS, read_name },
  { "/api/v1/streams/", "/publisher", WHEP_ROUTE_API_PUBLISHER, read_name },
  { "/api/v1/streams/", "/recording", WHEP_ROUTE_API_RECORDING, read_name },
  { "/api/v1/streams/", "", WHEP_ROUTE_API_STREAM, read_name },
  { "/api/v1/viewers/", "", WHEP_ROUTE_API_VIEWER, read_viewer },
  { "/metrics", "", WHEP_ROUTE_METRICS, NULL },
  { "/healthz", "", WHEP_ROUTE_HEALTH, NULL },
  { "/api/streams/", "/viewers", WHEP_ROUTE_VIEWERS, read_name },
  { "/live/", ".mp4", WHEP_ROUTE_MP4, read_name },
  { "/snapshot/", ".jpg", WHEP_ROUTE_SNAPSHOT, read_name },
  { "/watch/", "", WHEP_ROUTE_WATCH, read_stream },
  { "/embed/", "", WHEP_ROUTE_EMBED, read_stream },
  { "/whep/", "", WHEP_ROUTE_WHEP, read_stream },
  { "/events/", "", WHEP_ROUTE_EVENTS, read_events },
};

gboolean
whep_route_is_api (WhepRouteKind kind)
{
  return kind >= WHEP_ROUTE_API_STREAMS && kind <= WHEP_ROUTE_API_DESCRIPTION;
}

gboolean
whep_route_describe (guint index, const gchar **prefix, const gchar **suffix)
{
  if (index >= G_N_ELEMENTS (table))
    return FALSE;
  *prefix = table[index].prefix;
  *suffix = table[index].read == NULL ? NULL : table[index].suffix;
  return TRUE;
}

static gboolean
is_entry (guint index, const gchar *path)
{
  const gchar *prefix = table[index].prefix;
  const gchar *suffix = table[index].suffix;

  if (table[index].read == NULL)
    return strcmp (path, prefix) == 0;
  return g_str_has_prefix (path, prefix) &&
      g_str_has_suffix (path + strlen (prefix), suffix);
}

static void
read_entry (guint index, const gchar *path, WhepRoute *route)
{
  const gchar *raw = path + strlen (table[index].prefix);
  g_autofree gchar *part =
      g_strndup (raw, strlen (raw) - strlen (table[index].suffix));

  table[index].read (route, table[index].kind, part);
}

static void
read_path (WhepRoute *route, const gchar *path)
{
  for (guint i = 0; i < G_N_ELEMENTS (table); i++) {
    if (!is_entry (i, path))
      continue;
    if (table[i].read == NULL)
      route->kind = table[i].kind;
    else
      read_entry (i, path, route);
    return;
  }
  if (strchr (path + 1, '/') == NULL) {
    route->kind = WHEP_ROUTE_ASSET;
    route->asset = path + 1;
  }
}

void
whep_route_parse (const gchar *path, WhepRoute *route)
{
  memset (route, 0, sizeof (*route));
  g_strlcpy (route->root, "./", sizeof (route->root));

  if (*path != '/' || strlen (path) > PATH_MAX_BYTES)
    return;
  set_root (route, path);
  read_path (route, path);
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
whep_route_session_segment (const gchar *node, const gchar *session_id)
{
  return node == NULL ? g_strdup (session_id)
                      : g_strdup_printf ("%s.%s", node, session_id);
}

gchar *
whep_route_last_segment (const gchar *path)
{
  const gchar *slash = strrchr (path, '/');

  return g_uri_escape_string (slash == NULL ? path : slash + 1,
      SEGMENT_CHARACTERS, FALSE);
}

gchar *
whep_route_location (const gchar *path, const gchar *segment)
{
  g_autofree gchar *last = whep_route_last_segment (path);

  return g_strdup_printf ("%s/%s", last, segment);
}
