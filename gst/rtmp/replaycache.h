/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The challenges that have been answered of late: whoever overhears an answer
 * can't use it again. Pure; has one owner. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Only those are kept whose answer was right: this many logins within the time
 * that an answer is good for. */
#define RTMP_REPLAYCACHE_MAX_CHALLENGES 4096

typedef struct _RtmpReplayCache RtmpReplayCache;

/* Challenges are forgotten after @keep_us: they are of no use by then. */
RtmpReplayCache *rtmp_replaycache_new (gint64 keep_us);
void rtmp_replaycache_free (RtmpReplayCache *self);

/* Returns FALSE if the challenge was answered before, or if too many were. */
gboolean rtmp_replaycache_add (RtmpReplayCache *self, const gchar *challenge,
    gint64 now_us);

G_END_DECLS
