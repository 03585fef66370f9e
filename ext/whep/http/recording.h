/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is known of a stream's recording, and its JSON. Pure. */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* To be embedded; starts zeroed. */
typedef struct
{
  gchar *location; /* owned; NULL: there is no file at the moment */
  gint64 since_us; /* this and the next: of the file; since the epoch */
  gint64 duration_ms;
  gint64 n_bytes;
} WhepRecording;

void whep_recording_clear (WhepRecording *self);

/* Adds an object. */
void whep_recording_add (JsonBuilder *json, const WhepRecording *self);

G_END_DECLS
