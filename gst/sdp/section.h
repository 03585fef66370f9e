/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One m-section of an offer: its m= line and the attributes used here. Also
 * represents what precedes the first m= line, for its defaults. Strings belong
 * to the offer's text. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* RFC 5888 allows any token; browsers use one or two digits, some players a
 * UUID. */
#define SDP_MID_MAX 64
/* A payload type has seven bits (RFC 3550 section 5.1). */
#define SDP_PT_MAX 127

typedef enum
{
  SDP_DIRECTION_UNSET, /* means sendrecv (RFC 8866 section 6.7) */
  SDP_SENDRECV,
  SDP_SENDONLY,
  SDP_RECVONLY,
  SDP_INACTIVE,
} SdpDirection;

/* The ICE options that are echoed in answers (RFC 8840 section 3, RFC 8445
 * section 10). */
typedef enum
{
  SDP_ICE_TRICKLE = 1 << 0,
  SDP_ICE_2 = 1 << 1,
} SdpIceOptions;

/* Feedback from receivers (RFC 4585, RFC 5104). */
typedef enum
{
  SDP_NACK = 1 << 0,
  SDP_NACK_PLI = 1 << 1,
  SDP_CCM_FIR = 1 << 2,
} SdpFeedback;

/* The RTP header extensions (RFC 8285) that are echoed in answers. */
typedef enum
{
  SDP_PLAYOUT_DELAY,
  SDP_ABS_CAPTURE_TIME,
  SDP_SDES_MID, /* answered for RFC 9143 section 9.1; not sent */
} SdpExtensionKind;
#define SDP_N_EXTENSIONS (SDP_SDES_MID + 1)

typedef struct
{
  guint8 id; /* 0: not offered */
  SdpDirection direction;
} SdpExtension;

typedef struct
{
  guint8 pt;
  const gchar *encoding_name; /* nullable: the payload type has no a=rtpmap */
  guint clock_rate;           /* Hz */
  guint n_channels;
  const gchar *parameters; /* of a=fmtp, nullable */
  SdpFeedback feedback;
} SdpFormat;

/* The attributes that bundled m-sections share; NULL or FALSE if missing. */
typedef struct
{
  const gchar *ice_ufrag;
  const gchar *ice_pwd;
  const gchar *fingerprint; /* "sha-256 AB:CD:…" */
  const gchar *setup;
  gboolean has_rtcp_mux;
  SdpIceOptions ice_options;
} SdpTransport;

typedef struct
{
  const gchar *media; /* "video", "audio", "application", … */
  guint port;
  const gchar *proto;
  const gchar *format_list; /* the rest of the m= line */
  const gchar *mid;         /* nullable */
  gboolean is_bundled;      /* its mid is in the BUNDLE group */
  gboolean is_bundle_only;
  gboolean is_ice_lite;
  gboolean has_rtcp_rsize;
  gboolean has_rcvr_rtt; /* a=rtcp-xr:rcvr-rtt (RFC 3611 section 5.1) */
  gboolean allows_mixed; /* a=extmap-allow-mixed */
  SdpDirection direction;
  SdpTransport transport;
  SdpExtension extensions[SDP_N_EXTENSIONS];
  GArray *formats; /* of SdpFormat, as in the m= line; NULL: not RTP */
} SdpSection;

/* Reads the value of an m= line into a zeroed struct, then that of each a=
 * line. Both split the value in place. Returns: (nullable): the error, as a
 * part of a sentence. */
const gchar *sdp_section_begin (SdpSection *self, gchar *value);
const gchar *sdp_section_read (SdpSection *self, gchar *value);
void sdp_section_clear (SdpSection *self);

/* Fills in what the section lacks from the session level. */
void sdp_section_inherit (SdpSection *self, const SdpSection *session);
/* The same for its transport, from the section that it is bundled with. */
void sdp_section_inherit_transport (SdpSection *self, const SdpSection *tag);

/* Returns whether the section is neither rejected nor withdrawn, which is port
 * 0 without bundle-only. */
gboolean sdp_section_is_live (const SdpSection *self);
/* Returns whether the section can carry media here: audio or video over
 * DTLS-SRTP. */
gboolean sdp_section_is_rtp (const SdpSection *self);
/* Returns whether the offerer wants to receive. */
gboolean sdp_section_receives (const SdpSection *self);

/* Returns: (nullable): the format of that payload type in the m= line. */
const SdpFormat *sdp_section_format (const SdpSection *self, guint pt);

/* The URI of the extension in a=extmap. */
const gchar *sdp_extension_uri (SdpExtensionKind kind);

G_END_DECLS
