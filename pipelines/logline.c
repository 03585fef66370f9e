/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A line of the log on stderr: see logline.h. */

#include "pipelines/logline.h"

#include "pipelines/console.h"

#include <string.h>

#define TIME "time"

gboolean
logline_form_named (const gchar *name, LoglineForm *form)
{
  if (strcmp (name, "text") == 0)
    *form = LOGLINE_TEXT;
  else if (strcmp (name, "json") == 0)
    *form = LOGLINE_JSON;
  else
    return FALSE;
  return TRUE;
}

static const gchar *
name_of (LoglineLevel level)
{
  switch (level) {
    case LOGLINE_INFO:
      return "info";
    case LOGLINE_WARNING:
      return "warning";
    case LOGLINE_ERROR:
      return "error";
  }
  g_assert_not_reached ();
}

/* RFC 3339, as events have it. */
static gchar *
time_of (gint64 now_us)
{
  g_autoptr (GDateTime) second =
      g_date_time_new_from_unix_utc (now_us / G_USEC_PER_SEC);
  g_autofree gchar *text = g_date_time_format (second, "%Y-%m-%dT%H:%M:%S");

  return g_strdup_printf ("%s.%06uZ", text, (guint) (now_us % G_USEC_PER_SEC));
}

static void
copy_member (JsonObject *from, const gchar *name, JsonNode *node,
    gpointer user_data)
{
  json_object_set_member (user_data, name, json_node_copy (node));
}

gchar *
logline_new (LoglineForm form, LoglineLevel level, const gchar *event,
    const gchar *text, JsonObject *fields, gint64 now_us)
{
  g_autoptr (JsonObject) object = NULL;

  if (form != LOGLINE_JSON)
    return console_notice (event, text, NULL, FALSE);
  object = json_object_new ();
  json_object_set_string_member (object, "level", name_of (level));
  if (fields != NULL)
    json_object_foreach_member (fields, copy_member, object);
  if (!json_object_has_member (object, TIME)) {
    g_autofree gchar *time = time_of (now_us);

    json_object_set_string_member (object, TIME, time);
  }
  return console_notice (event, text, object, TRUE);
}
