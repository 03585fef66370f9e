/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The viewers of one stream, each with what it was sent and has said of it.
 * Pure. */

#pragma once

#include "ext/whep/http/sessiontable.h"
#include "ext/whep/media/mediastats.h"

G_BEGIN_DECLS

/* Returns: (transfer full): a JSON array; docs/whep.md says what is in it. */
gchar *whep_api_viewers (const WhepMediaStats *media_stats,
    const WhepSessionTable *sessions, const gchar *stream);

G_END_DECLS
