/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The server-sent events of WHEP: see sse.h. */

#include "ext/whep/http/sse.h"

#include <json-glib/json-glib.h>
#include <string.h>

static const struct
{
  const gchar *name;
  WhepSseTypes type;
} names[] = {
  { "active", WHEP_SSE_ACTIVE },
  { "inactive", WHEP_SSE_INACTIVE },
  { "viewercount", WHEP_SSE_VIEWERCOUNT },
  { "reconnect", WHEP_SSE_RECONNECT },
};

static WhepSseTypes
type_of (JsonNode *node)
{
  const gchar *name = json_node_get_value_type (node) == G_TYPE_STRING
      ? json_node_get_string (node)
      : NULL;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    if (g_strcmp0 (name, names[i].name) == 0)
      return names[i].type;
  }
  return 0;
}

/* Names contain no brackets, and json-glib leaks what it has parsed if
 * something follows the first value. */
static gboolean
is_one_flat_array (const gchar *text)
{
  gsize length = strlen (text);

  return length >= 2 && text[0] == '[' && text[length - 1] == ']' &&
      strcspn (text + 1, "[]{}") == length - 2;
}

gboolean
whep_sse_read_types (const gchar *json, gsize size, WhepSseTypes *types)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autofree gchar *text = NULL;
  JsonNode *root;
  JsonArray *array;

  *types = 0;
  if (size == 0 || size > WHEP_SSE_MAX_BYTES)
    return FALSE;
  text = g_strstrip (g_strndup (json, size));
  if (!is_one_flat_array (text) ||
      !json_parser_load_from_data (parser, text, -1, NULL))
    return FALSE;
  root = json_parser_get_root (parser);
  if (root == NULL || !JSON_NODE_HOLDS_ARRAY (root))
    return FALSE;
  array = json_node_get_array (root);
  for (guint i = 0; i < json_array_get_length (array); i++) {
    JsonNode *node = json_array_get_element (array, i);

    if (JSON_NODE_HOLDS_VALUE (node))
      *types |= type_of (node);
  }
  return TRUE;
}

/* Initially a listener assumes that there is no publisher. */
static void
tell_activity (WhepSseState *self, gboolean is_active, GString *text)
{
  WhepSseTypes type = is_active ? WHEP_SSE_ACTIVE : WHEP_SSE_INACTIVE;

  if (self->is_told_active == is_active)
    return;
  self->is_told_active = is_active;
  if (self->types & type)
    g_string_append_printf (text, "event: %s\ndata: {}\n\n",
        is_active ? "active" : "inactive");
}

static void
tell_viewers (WhepSseState *self, guint n_viewers, GString *text)
{
  if (!(self->types & WHEP_SSE_VIEWERCOUNT))
    return;
  if (self->is_told_viewers && self->told_viewers == n_viewers)
    return;
  self->is_told_viewers = TRUE;
  self->told_viewers = n_viewers;
  g_string_append_printf (text,
      "event: viewercount\ndata: {\"viewercount\":%u}\n\n", n_viewers);
}

static void
tell_reconnect (WhepSseState *self, gboolean must_reconnect, GString *text)
{
  if (!(self->types & WHEP_SSE_RECONNECT) || !must_reconnect ||
      self->is_told_reconnect)
    return;
  self->is_told_reconnect = TRUE;
  g_string_append (text, "event: reconnect\ndata: {}\n\n");
}

gchar *
whep_sse_next (WhepSseState *self, const WhepSseNews *news)
{
  GString *text = g_string_new (NULL);

  tell_activity (self, news->is_active, text);
  tell_viewers (self, news->n_viewers, text);
  tell_reconnect (self, news->must_reconnect, text);
  return g_string_free (text, text->len == 0);
}
