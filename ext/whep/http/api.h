/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Streams and viewers in JSON; docs/whep.md names the members. Pure. */

#pragma once

#include "ext/whep/http/directory.h"
#include "ext/whep/http/sessiontable.h"
#include "ext/whep/media/mediastats.h"

G_BEGIN_DECLS

/* Returns: (transfer full): an array of the live streams, by name. @visible:
 * (nullable): the names of those that may be listed; NULL for all. */
gchar *whep_api_streams (const WhepDirectory *directory,
    const WhepSessionTable *sessions, const WhepMediaStats *media_stats,
    GHashTable *visible);

/* Returns: (transfer full): an array of the viewers of a stream, each with what
 * it was sent and has reported. */
gchar *whep_api_viewers (const WhepMediaStats *media_stats,
    const WhepSessionTable *sessions, const gchar *stream);

G_END_DECLS
