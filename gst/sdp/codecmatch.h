/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One kind of track of a stream against an offer: which m-section gets it, in
 * which of the formats that the browser takes. Pure. */

#pragma once

#include "gst/sdp/offer.h"
#include "gst/sdp/sdptext.h"

G_BEGIN_DECLS

/* What the stream has on one track. */
typedef struct
{
  /* As in a=rtpmap, in capitals: "H264", "H265", "VP8", "VP9", "AV1", "OPUS",
   * "PCMU", "PCMA"; NULL: no such track yet, so the default (H264, OPUS) is
   * answered and the track may come later. */
  const gchar *encoding_name;
  /* H.264: profile_idc, constraint flags and level of the SPS, as in
   * profile-level-id (RFC 6184 section 8.1); 0: not known. */
  guint32 profile_level_id;
  guint32 ssrc;
  guint32 rtx_ssrc; /* of its retransmissions (RFC 4588); 0: they get none */
} SdpSource;

/* What a=fmtp of an answer says. */
typedef enum
{
  SDP_PARAMETERS_NONE,
  SDP_PARAMETERS_H264,
  SDP_PARAMETERS_OPUS,
  SDP_PARAMETERS_ECHO, /* what the receiver said that it takes */
} SdpParameters;

typedef struct
{
  const gchar *encoding_name;
  const gchar *rtpmap;
  guint clock_rate; /* Hz */
  guint n_channels;
  SdpParameters parameters;
  /* The only value of this parameter that a format may have; a format without
   * it has that value. NULL: any. */
  const gchar *profile;
  const gchar *profile_value;
} SdpCodec;

/* Worst last: of several m-sections of a kind, the best one is served or else
 * gives the reason why none is. */
typedef enum
{
  SDP_SERVED,
  SDP_MODE_0_ONLY,
  SDP_NO_CODEC,
  SDP_WRONG_DIRECTION,
  SDP_ABSENT,
} SdpOutcome;

/* What one kind of track comes to. */
typedef struct
{
  const gchar *media;
  const SdpSource *source;
  const SdpCodec *codec;
  SdpOutcome outcome;
  const SdpSection *section; /* if SDP_SERVED, and the format */
  const SdpFormat *format;
  const SdpFormat *rtx; /* nullable: of its retransmissions (RFC 4588) */
} SdpCodecMatch;

void sdp_codec_match_init (SdpCodecMatch *self, const gchar *media,
    const SdpSource *source, const gchar *default_name, const SdpOffer *offer);

/* Returns: (nullable): the first format of the section that this server knows,
 * whatever the stream is. */
const SdpFormat *sdp_codec_match_find_known (const SdpSection *section);

/* As people write it: "H.264"; never NULL. */
const gchar *sdp_codec_match_codec_name (const SdpCodecMatch *self);

/* FALSE if its a=fmtp has none. */
gboolean sdp_format_find_parameter (const SdpFormat *format, const gchar *name,
    SdpParameter *found);

G_END_DECLS
