/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A recording in JSON: see recording.h. */

#include "ext/whep/http/recording.h"
#include "ext/whep/http/json.h"

void
whep_recording_clear (WhepRecording *self)
{
  g_clear_pointer (&self->location, g_free);
}

static void
add_file (JsonBuilder *json, const WhepRecording *self)
{
  g_autofree gchar *since = whep_json_time (self->since_us);

  whep_json_add_text (json, "location", self->location);
  whep_json_add_text (json, "since", since);
  whep_json_add_number (json, "duration_ms", self->duration_ms);
  whep_json_add_number (json, "bytes", self->n_bytes);
}

void
whep_recording_add (JsonBuilder *json, const WhepRecording *self)
{
  json_builder_begin_object (json);
  whep_json_add_text (json, "state",
      self->location != NULL ? "recording" : "waiting");
  if (self->location != NULL)
    add_file (json, self);
  json_builder_end_object (json);
}
