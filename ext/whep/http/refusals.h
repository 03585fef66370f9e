/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which refusals are told: a flood of offers must not become one of messages,
 * nor hide who else is refused. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Of one client at once, and after that one in so long: its player asks again
 * and again. */
#define WHEP_REFUSALS_BURST 5
#define WHEP_REFUSALS_REST_US (60 * G_USEC_PER_SEC)
/* Of all clients together. */
#define WHEP_REFUSALS_ALL_BURST 100
#define WHEP_REFUSALS_ALL_REST_US (G_USEC_PER_SEC / 10)

typedef struct _WhepRefusals WhepRefusals;

WhepRefusals *whep_refusals_new (void);
void whep_refusals_free (WhepRefusals *self);

/* Whether one of @client is told now; if so, @n_untold are not since the last
 * that was. */
gboolean whep_refusals_may_tell (WhepRefusals *self, const gchar *client,
    gint64 now_us, guint *n_untold);

G_END_DECLS
