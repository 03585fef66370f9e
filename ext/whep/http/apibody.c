/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The bodies of requests to /api/v1: see apibody.h. */

#include "ext/whep/http/apibody.h"
#include "ext/whep/http/json.h"
#include "gst/access/jsonobject.h"

#include <string.h>

/* Up to this, a double is exact: 2^53. */
#define MAX_REAL 9007199254740992.0
/* What of a peer's name is repeated to it. */
#define NAME_MAX_BYTES 64

static gint
find (const WhepApiNumber *numbers, guint n_numbers, const gchar *name)
{
  for (guint i = 0; i < n_numbers; i++)
    if (strcmp (numbers[i].name, name) == 0)
      return i;
  return -1;
}

static gchar *
describe_unknown (const gchar *name)
{
  g_autofree gchar *start =
      g_utf8_make_valid (name, strnlen (name, NAME_MAX_BYTES));

  return g_strdup_printf ("There is no “%s” here.", start);
}

/* JSON does not distinguish 5.0 from 5. Returns FALSE for other values. */
static gboolean
read_whole (JsonNode *node, gint64 *value)
{
  gdouble real;

  if (!JSON_NODE_HOLDS_VALUE (node))
    return FALSE;
  if (json_node_get_value_type (node) == G_TYPE_INT64) {
    *value = json_node_get_int (node);
    return TRUE;
  }
  if (json_node_get_value_type (node) != G_TYPE_DOUBLE)
    return FALSE;
  real = json_node_get_double (node);
  if (!(real >= 0 && real <= MAX_REAL))
    return FALSE;
  *value = real;
  return *value == real;
}

static gboolean
is_within (JsonNode *node, const WhepApiNumber *number, guint64 *value)
{
  gint64 whole;

  if (!read_whole (node, &whole) || whole < 0)
    return FALSE;
  *value = whole;
  return *value >= number->min && *value <= number->max;
}

/* Returns: (nullable) (transfer full): what is wrong with the member. */
static gchar *
check (const gchar *name, JsonNode *node, const WhepApiNumber *numbers,
    guint n_numbers)
{
  gint index = find (numbers, n_numbers, name);
  guint64 value;

  if (index < 0)
    return describe_unknown (name);
  if (is_within (node, &numbers[index], &value))
    return NULL;
  return g_strdup_printf ("“%s” must be a whole number from %" G_GUINT64_FORMAT
                          " to %" G_GUINT64_FORMAT ".",
      name, numbers[index].min, numbers[index].max);
}

static gchar *
check_all (JsonObject *object, const WhepApiNumber *numbers, guint n_numbers)
{
  JsonObjectIter iter;
  const gchar *name;
  JsonNode *node;

  json_object_iter_init (&iter, object);
  while (json_object_iter_next (&iter, &name, &node)) {
    gchar *why = check (name, node, numbers, n_numbers);

    if (why != NULL)
      return why;
  }
  return NULL;
}

static void
take_all (JsonObject *object, WhepApiNumber *numbers, guint n_numbers)
{
  for (guint i = 0; i < n_numbers; i++) {
    JsonNode *node = json_object_get_member (object, numbers[i].name);

    numbers[i].is_set =
        node != NULL && is_within (node, &numbers[i], &numbers[i].value);
  }
}

gboolean
whep_api_body_parse (const gchar *body, gsize size, WhepApiNumber *numbers,
    guint n_numbers, WhepProblemKind *problem, gchar **detail)
{
  g_autoptr (JsonNode) root = access_json_load_object (body, size);

  if (root == NULL) {
    *problem = WHEP_PROBLEM_MALFORMED_BODY;
    *detail = g_strdup ("The body must be a JSON object.");
    return FALSE;
  }
  *detail = check_all (json_node_get_object (root), numbers, n_numbers);
  if (*detail != NULL) {
    *problem = WHEP_PROBLEM_UNUSABLE_MEMBER;
    return FALSE;
  }
  take_all (json_node_get_object (root), numbers, n_numbers);
  return TRUE;
}

gchar *
whep_api_body_write (const WhepApiNumber *numbers, guint n_numbers)
{
  g_autoptr (JsonBuilder) json = json_builder_new ();

  json_builder_begin_object (json);
  for (guint i = 0; i < n_numbers; i++)
    whep_json_add_number (json, numbers[i].name, numbers[i].value);
  json_builder_end_object (json);
  return whep_json_to_text (json);
}
