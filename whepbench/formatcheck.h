/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The judge's view of formats: a=rtpmap, a=fmtp and a=rtcp-fb. */

#pragma once

#include "whepbench/judge.h"

G_BEGIN_DECLS

/* Judges one accepted m-section. */
void sdp_judge_formats (SdpJudge *judge, const SdpPair *pair);

/* Whether an answered payload type is one of retransmissions (RFC 4588). */
gboolean sdp_pair_is_rtx (const SdpPair *pair, const gchar *pt);

/* What a=rtpmap says about a payload type, or its static meaning (RFC 3551).
 * Returns: (nullable). */
const gchar *sdp_part_find_mapping (const SdpPart *self, const gchar *pt);
gboolean sdp_mapping_equals (const gchar *a, const gchar *b);
/* What a=rtpmap says about a codec that we send, by its name, or about the
 * @index-th.
 * Returns: (nullable). */
const gchar *sdp_codec_mapping (const gchar *encoding_name);
const gchar *sdp_codec_mapping_at (guint index);
/* Whether it is H.264 of a profile that WebRTC has a name for. */
gboolean sdp_part_has_profile (const SdpPart *self, const gchar *pt);
/* The same, in packetization mode 1. */
gboolean sdp_part_has_mode_1 (const SdpPart *self, const gchar *pt);

G_END_DECLS
