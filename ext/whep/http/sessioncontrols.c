/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a viewer chooses for its session: see sessioncontrols.h. */

#include "ext/whep/http/sessioncontrols.h"
#include "gst/access/jsonobject.h"
#include "gst/access/query.h"

#include <string.h>

static gboolean
set_frames (WhepViewerControls *controls, const gchar *value)
{
  return whep_frames_from_name (value, &controls->frames);
}

static gboolean
set_sound (WhepViewerControls *controls, const gchar *value)
{
  controls->has_sound = strcmp (value, "true") == 0;
  return controls->has_sound || strcmp (value, "false") == 0;
}

/* One row for each: a parameter of the query, and a member of the object, which
 * has a value of the type. */
static const struct
{
  const gchar *name;
  GType type;
  gboolean (*set) (WhepViewerControls *controls, const gchar *value);
} table[] = {
  { "frames", G_TYPE_STRING, set_frames },
  { "sound", G_TYPE_BOOLEAN, set_sound },
};

gboolean
whep_session_controls_read (const gchar *query, WhepViewerControls *controls)
{
  WhepViewerControls wanted = { 0 };

  *controls = wanted;
  for (guint i = 0; query != NULL && i < G_N_ELEMENTS (table); i++) {
    g_autofree gchar *value = access_query_get (query, table[i].name);

    if (value != NULL && !table[i].set (&wanted, value))
      return FALSE;
  }
  *controls = wanted;
  return TRUE;
}

static const gchar *
text_of (JsonNode *node)
{
  if (json_node_get_value_type (node) == G_TYPE_STRING)
    return json_node_get_string (node);
  return json_node_get_boolean (node) ? "true" : "false";
}

/* Returns FALSE if there is no such member, or if it has no such value. */
static gboolean
set_member (WhepViewerControls *controls, const gchar *name, JsonNode *node)
{
  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    if (strcmp (table[i].name, name) == 0)
      return JSON_NODE_HOLDS_VALUE (node) &&
          json_node_get_value_type (node) == table[i].type &&
          table[i].set (controls, text_of (node));
  return FALSE;
}

gboolean
whep_session_controls_parse (const gchar *body, gsize size,
    WhepViewerControls *controls, WhepProblemKind *problem,
    const gchar **detail)
{
  g_autoptr (JsonNode) root = access_json_load_object (body, size);
  WhepViewerControls wanted = *controls;
  JsonObjectIter iter;
  const gchar *name;
  JsonNode *node;

  if (root == NULL) {
    *problem = WHEP_PROBLEM_MALFORMED_BODY;
    *detail = "The body must be a JSON object.";
    return FALSE;
  }
  json_object_iter_init (&iter, json_node_get_object (root));
  while (json_object_iter_next (&iter, &name, &node))
    if (!set_member (&wanted, name, node)) {
      *problem = WHEP_PROBLEM_UNUSABLE_MEMBER;
      *detail = "“frames” is “all” or “key”, “sound” is true or false; there "
                "is nothing else to set.";
      return FALSE;
    }
  *controls = wanted;
  return TRUE;
}
