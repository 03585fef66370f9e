/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Our half of an ICE restart: a fragment of SDP (RFC 8840) with the candidates
 * that the answer had. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* @sdp is an answer of ours, or the fragment of an earlier restart.
 *
 * Returns: (transfer full): what it says of ICE, with other credentials. */
gchar *whep_fragment_new (const gchar *sdp, const gchar *ufrag,
    const gchar *pwd);

G_END_DECLS
