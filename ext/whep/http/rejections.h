/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Limits how many rejections are reported: a flood of offers must not become a
 * flood of messages, nor hide rejections of other clients. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Per client: a burst, and then one per this time, because its player keeps
 * retrying. */
#define WHEP_REJECTIONS_BURST 5
#define WHEP_REJECTIONS_REST_US (60 * G_USEC_PER_SEC)
/* For all clients together. */
#define WHEP_REJECTIONS_ALL_BURST 100
#define WHEP_REJECTIONS_ALL_REST_US (G_USEC_PER_SEC / 10)

typedef struct _WhepRejections WhepRejections;

WhepRejections *whep_rejections_new (void);
void whep_rejections_free (WhepRejections *self);

/* Whether a rejection of @client may be reported now; if so, @n_untold is the
 * number of those that were suppressed since the last report. */
gboolean whep_rejections_may_tell (WhepRejections *self, const gchar *client,
    gint64 now_us, guint *n_untold);

G_END_DECLS
