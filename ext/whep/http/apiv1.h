/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Streams and viewers in JSON, as /api/v1 has them; docs/api.md names the
 * members. Pure. */

#pragma once

#include "ext/whep/http/controls.h"
#include "ext/whep/http/directory.h"
#include "ext/whep/http/sessiontable.h"
#include "ext/whep/media/mediastats.h"
#include "ext/whep/mp4/readerstats.h"

G_BEGIN_DECLS

/* What there is, and the time. */
typedef struct
{
  const WhepDirectory *directory;
  const WhepSessionTable *sessions;
  const WhepMediaStats *media_stats;
  const WhepControls *controls; /* has what is known of recordings */
  const WhepReadersStats *readers;
  gint64 now_us;     /* monotonic */
  gint64 wall_us;    /* the same moment since the epoch */
  gboolean is_admin; /* may know who publishes, and what is recorded */
} WhepApiV1View;

/* Returns: (transfer full): an array of the live streams, by name. @visible:
 * (nullable): the names of those that may be listed; NULL for all. */
gchar *whep_api_v1_streams (const WhepApiV1View *view, GHashTable *visible);
/* Returns: (transfer full) (nullable): the object of one stream, if it is
 * live. */
gchar *whep_api_v1_stream (const WhepApiV1View *view, const gchar *stream);
/* Returns: (transfer full) (nullable): the object of a stream's recording; NULL
 * if it is not recorded. */
gchar *whep_api_v1_recording (const WhepControls *controls,
    const gchar *stream);
/* Returns: (transfer full): an array of the viewers: those over WebRTC, then
 * HTTP readers, the oldest first. @stream: (nullable): only those of that
 * stream. */
gchar *whep_api_v1_viewers (const WhepApiV1View *view, const gchar *stream);

G_END_DECLS
