/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Streams and viewers in JSON; docs/whep.md names the members. Pure. */

#pragma once

#include "ext/whep/http/directory.h"
#include "ext/whep/http/sessiontable.h"
#include "ext/whep/media/mediastats.h"
#include "ext/whep/mp4/readerstats.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* What is described. */
typedef struct
{
  const WhepDirectory *directory;
  const WhepSessionTable *sessions;
  const WhepMediaStats *media_stats;
  const WhepReadersStats *readers;
  gint64 now_us; /* monotonic */
} WhepApiView;

/* Returns: (transfer full): an array of the live streams, by name. @visible:
 * (nullable): the names of those that may be listed; NULL for all. */
gchar *whep_api_streams (const WhepApiView *view, GHashTable *visible);
/* Returns: (transfer full): one of them, which must be live, without what the
 * encoder doctor finds. */
gchar *whep_api_stream (const WhepApiView *view, const gchar *stream);

/* Returns: (transfer full): an array of a stream's viewers over WebRTC, each
 * with what it was sent and has reported. */
gchar *whep_api_viewers (const WhepMediaStats *media_stats,
    const WhepSessionTable *sessions, const gchar *stream);
/* Adds the members about a viewer that the above contains. */
void whep_api_add_stats (JsonBuilder *json, const WhepViewerStats *stats);

G_END_DECLS
