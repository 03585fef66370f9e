/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a WHEP client sends after its offer: a fragment of SDP with candidates,
 * or with new ICE credentials for a restart (RFC 8840). Pure. */

#pragma once

#include "ext/whep/viewer/ice.h"

G_BEGIN_DECLS

typedef enum
{
  WHEP_TRICKLE_CANDIDATES, /* or nothing of use */
  WHEP_TRICKLE_RESTART,    /* the credentials are new */
  WHEP_TRICKLE_MALFORMED,
  WHEP_TRICKLE_UNUSABLE, /* half a restart, or credentials that are none */
} WhepTrickleKind;

typedef struct
{
  WhepTrickleKind kind;
  /* What the fragment says; "" if it doesn't. As ICE-lite we check nobody, and
   * need no more of the password than that it is there. */
  gchar ufrag[WHEP_ICE_UFRAG_MAX + 1];
  gchar pwd[WHEP_ICE_UFRAG_MAX + 1];
} WhepTrickle;

/* @remote_ufrag is that of the client's newest ICE session. */
void whep_trickle_read (WhepTrickle *self, const gchar *fragment, gsize size,
    const gchar *remote_ufrag);

G_END_DECLS
