/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a WHEP client sends after its offer: a fragment of SDP with candidates,
 * or with new ICE credentials for a restart (RFC 8840). Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  WHEP_TRICKLE_CANDIDATES, /* or nothing of use */
  WHEP_TRICKLE_RESTART,    /* the credentials aren't the offer's */
  WHEP_TRICKLE_MALFORMED,
} WhepTrickle;

/* @remote_ufrag is the offer's. */
WhepTrickle whep_trickle_read (const gchar *fragment, gsize size,
    const gchar *remote_ufrag);

G_END_DECLS
