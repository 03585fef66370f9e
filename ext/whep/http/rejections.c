/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Limits how many rejections are reported: see rejections.h. */

#include "ext/whep/http/rejections.h"
#include "ext/whep/http/ratelimit.h"

/* Not the name of a client. */
#define ALL ""

struct _WhepRejections
{
  WhepRateLimit *of_client;
  WhepRateLimit *of_all;
  guint n_untold;
};

WhepRejections *
whep_rejections_new (void)
{
  WhepRejections *self = g_new0 (WhepRejections, 1);

  self->of_client =
      whep_rate_limit_new (WHEP_REJECTIONS_BURST, WHEP_REJECTIONS_REST_US);
  self->of_all = whep_rate_limit_new (WHEP_REJECTIONS_ALL_BURST,
      WHEP_REJECTIONS_ALL_REST_US);
  return self;
}

void
whep_rejections_free (WhepRejections *self)
{
  if (self == NULL)
    return;
  whep_rate_limit_free (self->of_client);
  whep_rate_limit_free (self->of_all);
  g_free (self);
}

gboolean
whep_rejections_may_tell (WhepRejections *self, const gchar *client,
    gint64 now_us, guint *n_untold)
{
  if (!whep_rate_limit_take (self->of_client, client, now_us) ||
      !whep_rate_limit_take (self->of_all, ALL, now_us)) {
    self->n_untold++;
    return FALSE;
  }
  *n_untold = self->n_untold;
  self->n_untold = 0;
  return TRUE;
}
