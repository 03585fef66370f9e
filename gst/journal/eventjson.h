/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An event as JSON. Pure. */

#pragma once

#include "gst/journal/event.h"

G_BEGIN_DECLS

/* Returns: (transfer full): an object on one line, without what is not known.
 * @is_public: only what viewers of the stream may see. */
gchar *journal_event_to_json (const JournalEvent *event, gboolean is_public);

G_END_DECLS
