/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The judge's view of transports: BUNDLE, ICE, DTLS and RTCP. */

#pragma once

#include "whepbench/judge.h"

G_BEGIN_DECLS

/* Judges one accepted m-section. */
void sdp_judge_transport (SdpJudge *judge, const SdpPair *pair);
/* Judges the answer as a whole. */
void sdp_judge_session (SdpJudge *judge);

/* The value that applies to an offered m-section: its own, the session's, or
 * that of the sections that it is bundled with. Returns: (nullable). */
const gchar *sdp_judge_find_transport (const SdpJudge *judge,
    const SdpPart *offered, const gchar *prefix);

G_END_DECLS
