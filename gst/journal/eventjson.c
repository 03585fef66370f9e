/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An event as JSON: see eventjson.h. */

#include "gst/journal/eventjson.h"

#include <json-glib/json-glib.h>

static void
add_text (JsonBuilder *builder, const gchar *name, const gchar *text)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, text);
}

static void
add_heading (JsonBuilder *builder, const JournalEvent *event)
{
  g_autofree gchar *id = journal_event_dup_id (event);
  g_autofree gchar *time = journal_event_dup_time (event);

  add_text (builder, "id", id);
  add_text (builder, "time", time);
  add_text (builder, "event", event->name);
}

static void
add_texts (JsonBuilder *builder, const JournalEvent *event, gboolean is_public)
{
  for (const JournalField *field = journal_event_texts;
       field->json_name != NULL; field++) {
    const gchar *text = G_STRUCT_MEMBER (gchar *, event, field->offset);

    if (text != NULL && (field->is_public || !is_public))
      add_text (builder, field->json_name, text);
  }
}

/* JSON's integers have 64 bits and a sign in most readers. */
static void
add_numbers (JsonBuilder *builder, const JournalEvent *event,
    gboolean is_public)
{
  for (const JournalField *field = journal_event_numbers;
       field->json_name != NULL; field++) {
    guint64 number = G_STRUCT_MEMBER (guint64, event, field->offset);

    if (number == JOURNAL_EVENT_UNKNOWN || (is_public && !field->is_public))
      continue;
    json_builder_set_member_name (builder, field->json_name);
    json_builder_add_int_value (builder,
        MIN (number / field->unit, (guint64) G_MAXINT64));
  }
}

gchar *
journal_event_to_json (const JournalEvent *event, gboolean is_public)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;

  json_builder_begin_object (builder);
  add_heading (builder, event);
  add_texts (builder, event, is_public);
  add_numbers (builder, event, is_public);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  return json_to_string (root, FALSE);
}
