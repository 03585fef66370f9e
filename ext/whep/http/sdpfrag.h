/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Fragments of SDP (RFC 8840): what a WHEP client sends by PATCH after its
 * offer, candidates or new ICE credentials for a restart, and the server's half
 * of a restart. Pure. */

#pragma once

#include "ext/whep/viewer/ice.h"

G_BEGIN_DECLS

typedef enum
{
  WHEP_SDPFRAG_CANDIDATES, /* or nothing of use */
  WHEP_SDPFRAG_RESTART,    /* the credentials are new */
  WHEP_SDPFRAG_MALFORMED,
  WHEP_SDPFRAG_UNUSABLE, /* half a restart, or credentials that are none */
} WhepSdpFragKind;

typedef struct
{
  WhepSdpFragKind kind;
  /* What the fragment says; "" if it doesn't. As ICE-lite we check nobody, and
   * need no more of the password than that it is there. */
  gchar ufrag[WHEP_ICE_UFRAG_MAX + 1];
  gchar pwd[WHEP_ICE_UFRAG_MAX + 1];
} WhepSdpFrag;

/* @remote_ufrag is that of the client's newest ICE session. */
void whep_sdpfrag_read (WhepSdpFrag *self, const gchar *fragment, gsize size,
    const gchar *remote_ufrag);

/* @sdp is an answer of ours, or the fragment of an earlier restart.
 *
 * Returns: (transfer full): what it says of ICE, with other credentials. */
gchar *whep_sdpfrag_new_restart (const gchar *sdp, const gchar *ufrag,
    const gchar *pwd);

G_END_DECLS
