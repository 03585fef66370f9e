/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A judge of rejected offers that knows the RFCs and not our code. */

#pragma once

#include "whepbench/sdpcheck.h"

G_BEGIN_DECLS

/* Whether an offer was rightly rejected for @reason, one of the names of
 * gst/sdp/error.h.
 * Returns: (nullable) (transfer full): why not. */
gchar *sdp_check_rejection (const gchar *offer, gsize offer_size,
    const gchar *reason, const SdpCheckFacts *facts);

G_END_DECLS
