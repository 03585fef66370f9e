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

void
whep_json_add_real (JsonBuilder *builder, const gchar *name, gdouble value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_double_value (builder, (gint64) (value * 64 + 0.5) / 64.0);
}

gchar *
whep_json_time (gint64 wall_us)
{
  g_autoptr (GDateTime) time =
      g_date_time_new_from_unix_utc (wall_us / G_USEC_PER_SEC);

  return time == NULL ? NULL : g_date_time_format_iso8601 (time);
}

gchar *
whep_json_to_text (JsonBuilder *builder)
{
  g_autoptr (JsonNode) root = json_builder_get_root (builder);

  return json_to_string (root, FALSE);
}
