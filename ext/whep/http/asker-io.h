/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a request says about its asker: its token, which is that of
 * `Authorization: Bearer` (RFC 6750), or `?token=` where a player cannot set a
 * header. For the HTTP thread. */

#pragma once

#include "gst/access/grant.h"

#include <libsoup/soup.h>

G_BEGIN_DECLS

typedef struct
{
  gchar *query;         /* as the hook is sent it, see AccessRequest */
  gchar *token;         /* nullable */
  const gchar *address; /* of the peer */
  /* Set by whep_authorizer_identify(). */
  AccessGrant grant; /* what the token is worth */
  gboolean is_admin;
} WhepAsker;

void whep_asker_init (WhepAsker *self, SoupServerMessage *message);
void whep_asker_clear (WhepAsker *self);

G_END_DECLS
