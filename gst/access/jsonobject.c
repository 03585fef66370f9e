/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* JSON that json-glib may be given: see jsonobject.h. */

#include "gst/access/jsonobject.h"

#include <string.h>

typedef struct
{
  guint depth, n_brackets;
  gboolean is_in_string, is_escaped;
} Scan;

static void
pass_string (Scan *self, gchar c)
{
  if (self->is_escaped)
    self->is_escaped = FALSE;
  else if (c == '\\')
    self->is_escaped = TRUE;
  else if (c == '"')
    self->is_in_string = FALSE;
}

/* Returns FALSE for what is in no JSON outside of strings. */
static gboolean
pass (Scan *self, gchar c)
{
  switch (c) {
    case '{':
    case '[':
      self->depth++;
      return ++self->n_brackets <= ACCESS_JSON_MAX_BRACKETS;
    case '}':
    case ']':
      self->depth--;
      return TRUE;
    case '"':
      self->is_in_string = TRUE;
      return TRUE;
    default:
      return g_ascii_isalnum (c) || (c != '\0' && strchr (",:+-.", c) != NULL);
  }
}

/* Returns whether @text is like a single object; what is in it may still be
 * invalid. */
static gboolean
is_object (const gchar *text, gsize size)
{
  Scan scan = { 0 };

  for (gsize i = 0; i < size; i++) {
    gboolean has_begun = scan.n_brackets > 0;

    if (scan.is_in_string)
      pass_string (&scan, text[i]);
    else if (g_ascii_isspace (text[i]))
      continue;
    else if (has_begun ? scan.depth == 0 : text[i] != '{')
      return FALSE;
    else if (!pass (&scan, text[i]))
      return FALSE;
  }
  return scan.n_brackets > 0 && scan.depth == 0;
}

JsonNode *
access_json_load_object (const gchar *text, gsize size)
{
  g_autoptr (JsonParser) parser = NULL;
  JsonNode *root;

  if (size == 0 || memchr (text, '\0', size) != NULL ||
      !g_utf8_validate (text, size, NULL) || !is_object (text, size))
    return NULL;
  parser = json_parser_new_immutable ();
  if (!json_parser_load_from_data (parser, text, size, NULL))
    return NULL;
  root = json_parser_get_root (parser);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    return NULL;
  return json_node_ref (root);
}
