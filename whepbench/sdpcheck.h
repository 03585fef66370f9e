/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A judge of answers that knows the RFCs and not our code:
 * RFC 3264 (offer and answer), 8829 (JSEP), 8866 (SDP), 5888 and 9143 (BUNDLE),
 * 5761 and 5506 (RTCP), 8285 (extensions), 4585 (feedback), 4588 (RTX), 5576
 * (sources), 8830 (msid), 6184, 7587 and the like (codecs), 8122 and 8842
 * (DTLS), 8839 and 8840 (ICE). */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The stream's codecs, as in a=rtpmap; NULL: the judge accepts any codec. */
typedef struct
{
  const gchar *video;
  const gchar *audio;
  guint32 profile_level_id; /* H.264: of the SPS; 0: unknown */
  /* The answer is not ours: what we do beyond the RFCs is no rule. */
  gboolean is_foreign;
} SdpCheckFacts;

/* Returns: (nullable) (transfer full): the rules that @answer breaks, one per
 * line; NULL if it breaks none. */
gchar *sdp_check_answer (const gchar *offer, gsize offer_size,
    const gchar *answer, const SdpCheckFacts *facts);

G_END_DECLS
