/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What one viewer may see of a log: all of it or, for a viewer that is behind
 * live by a fixed delay, what was in it that long ago. Pure. */

#pragma once

#include "ext/whep/stream/log.h"

G_BEGIN_DECLS

#define WHEP_LOG_VIEW_NO_KEY G_MAXUINT64

typedef struct
{
  const WhepLog *log;
  guint64 head;       /* the place after the newest packet that is visible */
  guint64 newest_key; /* the place of the newest key frame before that;
                       * WHEP_LOG_VIEW_NO_KEY: the log has none */
} WhepLogView;

/* All that the log has. */
WhepLogView whep_log_view (const WhepLog *log);
/* What was due at @until_us. */
WhepLogView whep_log_view_until (const WhepLog *log, gint64 until_us);
/* Moves the view on to what was due at @until_us, which is not before that of
 * the last call. Takes time for each packet that becomes visible. */
void whep_log_view_advance (WhepLogView *self, gint64 until_us);

/* Returns FALSE if there is no visible key frame. */
gboolean whep_log_view_newest_key (const WhepLogView *self, guint64 *place);
/* Returns: (nullable): the newest visible packet. */
const WhepPacket *whep_log_view_newest (const WhepLogView *self);
/* Returns: the number of bytes from the newest key frame on. Of a view that
 * does not show all of the log, it takes time for each packet. */
gsize whep_log_view_key_bytes (const WhepLogView *self);

G_END_DECLS
