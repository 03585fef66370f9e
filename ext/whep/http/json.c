/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Members of JSON objects: see json.h. */

#include "ext/whep/http/json.h"

void
whep_json_add_text (JsonBuilder *builder, const gchar *name, const gchar *value)
{
  if (value == NULL)
    return;
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, value);
}

void
whep_json_add_number (JsonBuilder *builder, const gchar *name, gint64 value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, value);
}

gchar *
whep_json_to_text (JsonBuilder *builder)
{
  g_autoptr (JsonNode) root = json_builder_get_root (builder);

  return json_to_string (root, FALSE);
}
