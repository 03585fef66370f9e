/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Streams and viewers in JSON; docs/whep.md says what is in it. Pure. */

#pragma once

#include "ext/whep/http/directory.h"
#include "ext/whep/http/sessiontable.h"
#include "ext/whep/media/mediastats.h"

G_BEGIN_DECLS

/* Returns: (transfer full): an array of all live streams, by name. */
gchar *whep_api_streams (const WhepDirectory *directory,
    const WhepSessionTable *sessions, const WhepMediaStats *media_stats);

/* Returns: (transfer full): an array of one stream's viewers, each with what it
 * was sent and has said of it. */
gchar *whep_api_viewers (const WhepMediaStats *media_stats,
    const WhepSessionTable *sessions, const gchar *stream);

G_END_DECLS
