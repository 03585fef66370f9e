/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Challenges that have been answered recently, so that an eavesdropper can't
 * reuse an answer. Pure; has one owner. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Only challenges with a correct answer are kept, so this limits the number of
 * logins within the lifetime of a challenge. */
#define RTMP_REPLAYCACHE_MAX_CHALLENGES 4096

typedef struct _RtmpReplayCache RtmpReplayCache;

/* Challenges are forgotten after @keep_us, when they are no longer accepted. */
RtmpReplayCache *rtmp_replaycache_new (gint64 keep_us);
void rtmp_replaycache_free (RtmpReplayCache *self);

/* Returns FALSE if the challenge has been answered before, or if the cache is
 * full. */
gboolean rtmp_replaycache_add (RtmpReplayCache *self, const gchar *challenge,
    gint64 now_us);

G_END_DECLS
