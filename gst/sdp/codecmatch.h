/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Matches one kind of track with an offer: selects the m-section that gets it
 * and the format, among those that the browser supports. Pure. */

#pragma once

#include "gst/sdp/offer.h"
#include "gst/sdp/sdptext.h"

G_BEGIN_DECLS

/* One track of the stream. */
typedef struct
{
  /* As in a=rtpmap, in capitals: "H264", "H265", "VP8", "VP9", "AV1", "OPUS",
   * "PCMU", "PCMA". NULL: there is no such track yet; the default (H264, OPUS)
   * is answered, and the track may begin later. */
  const gchar *encoding_name;
  /* H.264: profile_idc, constraint flags and level of the SPS, as in
   * profile-level-id (RFC 6184 section 8.1); 0: unknown. */
  guint32 profile_level_id;
  guint32 ssrc;
  guint32 rtx_ssrc; /* of retransmissions (RFC 4588); 0: there are none */
} SdpSource;

/* The a=fmtp of an answer. */
typedef enum
{
  SDP_PARAMETERS_NONE,
  SDP_PARAMETERS_H264,
  SDP_PARAMETERS_OPUS,
  SDP_PARAMETERS_ECHO, /* those of the receiver */
} SdpParameters;

typedef struct
{
  const gchar *encoding_name;
  const gchar *rtpmap;
  guint clock_rate; /* Hz */
  guint n_channels;
  SdpParameters parameters;
  /* The only value of this parameter that is allowed, and its default. NULL:
   * any value. */
  const gchar *profile;
  const gchar *profile_value;
} SdpCodec;

/* From best to worst: of several m-sections of a kind, the best one is served
 * or, if none can be, determines the reason. */
typedef enum
{
  SDP_SERVED,
  SDP_MODE_0_ONLY,
  SDP_NO_CODEC,
  SDP_WRONG_DIRECTION,
  SDP_ABSENT,
} SdpOutcome;

/* The result for one kind of track. */
typedef struct
{
  const gchar *media;
  const SdpSource *source;
  const SdpCodec *codec;
  SdpOutcome outcome;
  const SdpSection *section; /* the format; both set if SDP_SERVED */
  const SdpFormat *format;
  const SdpFormat *rtx; /* nullable: the retransmission format (RFC 4588) */
} SdpCodecMatch;

void sdp_codec_match_init (SdpCodecMatch *self, const gchar *media,
    const SdpSource *source, const gchar *default_name, const SdpOffer *offer);

/* Returns: (nullable): the first format of the section that this server
 * supports, whatever the stream is. */
const SdpFormat *sdp_codec_match_find_known (const SdpSection *section);

/* Returns: the common name, such as "H.264"; never NULL. */
const gchar *sdp_codec_match_codec_name (const SdpCodecMatch *self);

/* Returns FALSE if the format's a=fmtp does not have the parameter. */
gboolean sdp_format_find_parameter (const SdpFormat *format, const gchar *name,
    SdpParameter *found);

G_END_DECLS
