/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Publishers, viewers and tracks as log lines: see activity.h. */

#include "pipelines/activity.h"

#include "pipelines/duration.h"
#include "pipelines/printable.h"

#include <string.h>

static const struct
{
  const gchar *event;
  ActivityLevel level;
  const gchar *who; /* NULL: the track */
  const gchar *does;
} kinds[] = {
  { "publisher-added", ACTIVITY_NOTICE, "publisher", " has connected" },
  { "publisher-removed", ACTIVITY_NOTICE, "publisher", " has left" },
  { "publisher-refused", ACTIVITY_NOTICE, "publisher", " rejected" },
  { "player-added", ACTIVITY_NOTICE, "player", " has connected" },
  { "player-removed", ACTIVITY_NOTICE, "player", " has left" },
  { "player-refused", ACTIVITY_NOTICE, "player", " rejected" },
  { "viewer-added", ACTIVITY_NOTICE, "viewer", " has connected" },
  { "viewer-removed", ACTIVITY_NOTICE, "viewer", " has left" },
  { "viewer-refused", ACTIVITY_NOTICE, "viewer", " rejected" },
  { "recording-started", ACTIVITY_NOTICE, "recording", " has begun" },
  { "recording-ended", ACTIVITY_NOTICE, "recording", " has ended" },
  { "track-added", ACTIVITY_NOTICE, NULL, "" },
  { "track-removed", ACTIVITY_DETAIL, NULL, " has ended" },
  { "track-unplayable", ACTIVITY_WARNING, NULL, " is left out" },
  { "b-frames", ACTIVITY_NOTICE, NULL, " has B-frames" },
};

static void
append (GString *line, const gchar *before, const gchar *text)
{
  g_autofree gchar *printable = NULL;

  if (text == NULL || *text == '\0')
    return;
  printable = printable_from (text, ACTIVITY_MAX_TEXT);
  g_string_append_printf (line, "%s%s", before, printable);
}

static void
append_subject (GString *line, const Activity *self, const gchar *who)
{
  if (who != NULL) {
    g_string_append (line, who);
    append (line, " ", self->address);
    append (line, " ", self->location);
    return;
  }
  append (line, "", self->media != NULL ? self->media : "track");
  append (line, " ", self->codec);
}

/* The codecs that a viewer is sent, or the details of a track. */
static void
append_media (GString *line, const Activity *self)
{
  append (line, ", is sent ", self->video);
  append (line, self->video != NULL ? " and " : ", is sent ", self->audio);
  if (self->width > 0 && self->height > 0)
    g_string_append_printf (line, ", %ux%u", self->width, self->height);
  if (self->rate > 0)
    g_string_append_printf (line, ", %u Hz", self->rate);
  if (self->channels > 0)
    g_string_append_printf (line, ", %u channel%s", self->channels,
        self->channels == 1 ? "" : "s");
}

static void
append_stay (GString *line, const Activity *self)
{
  if (self->has_duration) {
    g_autofree gchar *stay = duration_to_clock (self->duration_ns);

    g_string_append_printf (line, " after %s", stay);
  }
  if (self->has_bytes)
    g_string_append_printf (line, ", %.1f MB", self->bytes / 1e6);
}

static gint
find_kind (const gchar *event)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (strcmp (kinds[i].event, event) == 0)
      return i;
  return -1;
}

ActivityLevel
activity_level (const Activity *self)
{
  gint index = find_kind (self->event);

  return index < 0 ? ACTIVITY_UNKNOWN : kinds[index].level;
}

gchar *
activity_line (const Activity *self, gboolean with_agent)
{
  GString *line = g_string_new (NULL);
  gint index = find_kind (self->event);

  g_assert (index >= 0);
  append (line, "", self->stream);
  if (line->len > 0)
    g_string_append (line, ": ");
  append_subject (line, self, kinds[index].who);
  g_string_append (line, kinds[index].does);
  append_stay (line, self);
  append_media (line, self);
  if (with_agent)
    append (line, ", ", self->agent);
  append (line, ": ", self->reason);
  if (self->n_untold > 0)
    g_string_append_printf (line, " (and %u before that)", self->n_untold);
  return g_string_free (line, FALSE);
}

static void
add_text (JsonObject *fields, const gchar *name, const gchar *text)
{
  g_autofree gchar *valid = NULL;

  if (text == NULL)
    return;
  valid = g_utf8_make_valid (text, -1);
  json_object_set_string_member (fields, name, valid);
}

static void
add_number (JsonObject *fields, const gchar *name, guint number)
{
  if (number > 0)
    json_object_set_int_member (fields, name, number);
}

JsonObject *
activity_fields (const Activity *self)
{
  JsonObject *fields = json_object_new ();

  add_text (fields, "id", self->id);
  add_text (fields, "time", self->time);
  add_text (fields, "stream", self->stream);
  add_text (fields, "viewer", self->viewer);
  add_text (fields, "address", self->address);
  add_text (fields,
      g_str_has_prefix (self->event, "viewer") ? "user_agent" : "encoder",
      self->agent);
  add_text (fields, "location", self->location);
  add_text (fields, "media", self->media);
  add_text (fields, "codec", self->codec);
  add_text (fields, "video", self->video);
  add_text (fields, "audio", self->audio);
  add_text (fields, "reason", self->reason);
  add_number (fields, "width", self->width);
  add_number (fields, "height", self->height);
  add_number (fields, "rate", self->rate);
  add_number (fields, "channels", self->channels);
  if (self->has_duration)
    json_object_set_int_member (fields, "duration_ms",
        self->duration_ns / 1000000);
  if (self->has_bytes)
    json_object_set_int_member (fields, "bytes", self->bytes);
  add_number (fields, "untold", self->n_untold);
  return fields;
}
