/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A stream as an object in JSON, as both lists of streams have it. Pure. */

#pragma once

#include "ext/whep/http/directory.h"
#include "ext/whep/http/recording.h"
#include "ext/whep/media/mediastats.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef struct
{
  const WhepListing *listing;
  guint n_viewers;
  const WhepMediaStatsStream *gop; /* nullable: nothing is known */
  gboolean is_detailed;            /* how exactly its tracks arrive */
  gboolean is_brief;               /* of the doctor, the grade alone: in what
                                    * it finds are figures that keep changing */
  gboolean has_publisher;          /* for administrators */
  const WhepRecording *recording;  /* nullable; for administrators */
  gint64 now_us;                   /* monotonic */
} WhepStreamJson;

void whep_stream_json_add (JsonBuilder *json, const WhepStreamJson *self);

G_END_DECLS
