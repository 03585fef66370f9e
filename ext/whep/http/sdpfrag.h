/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SDP fragments (RFC 8840): what a WHEP client sends with PATCH after its
 * offer, candidates or new ICE credentials for a restart, and the server's half
 * of a restart. Pure. */

#pragma once

#include "ext/whep/viewer/ice.h"

G_BEGIN_DECLS

typedef enum
{
  WHEP_SDPFRAG_CANDIDATES, /* or nothing relevant */
  WHEP_SDPFRAG_RESTART,    /* new credentials */
  WHEP_SDPFRAG_MALFORMED,
  WHEP_SDPFRAG_UNUSABLE, /* half a restart, or invalid credentials */
} WhepSdpFragKind;

typedef struct
{
  WhepSdpFragKind kind;
  /* The fragment's values; "" if there are none. As an ICE-lite agent we send
   * no checks, so it only matters that there is a password. */
  gchar ufrag[WHEP_ICE_UFRAG_MAX + 1];
  gchar pwd[WHEP_ICE_UFRAG_MAX + 1];
} WhepSdpFrag;

/* @remote_ufrag is that of the client's newest ICE session. */
void whep_sdpfrag_read (WhepSdpFrag *self, const gchar *fragment, gsize size,
    const gchar *remote_ufrag);

/* @sdp is one of our answers, or the fragment of an earlier restart.
 *
 * Returns: (transfer full): its ICE lines, with other credentials. */
gchar *whep_sdpfrag_new_restart (const gchar *sdp, const gchar *ufrag,
    const gchar *pwd);

G_END_DECLS
