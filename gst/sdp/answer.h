/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A WHEP answer: SDP text made from a browser's offer and the stream's
 * properties, and the few numbers that the media path needs. Written according
 * to the RFCs (RFC 8829 section 5.3, RFC 3264), then adapted to the browser by
 * the table in browser.h. Pure. */

#pragma once

#include "gst/sdp/browser.h"
#include "gst/sdp/codecmatch.h"

G_BEGIN_DECLS

typedef struct
{
  SdpSource video;
  SdpSource audio;
  /* Nullable; used if the offer does not identify the browser. */
  const gchar *user_agent;
  guint64 session_id; /* of o=, below 2^63 */
  const gchar *ice_ufrag;
  const gchar *ice_pwd;
  const gchar *fingerprint; /* SHA-256, as "AB:CD:…" */
  const gchar *cname;
  const gchar *stream_id; /* of a=msid, for both tracks: a token */
  guint16 port;
  /* Literal IPv4 and IPv6 addresses, best first, NULL-terminated. Each one
   * becomes a host candidate. */
  const gchar *const *addresses;
} SdpAnswerParams;

/* The result for one m-section; extension IDs are 0 if not negotiated. */
typedef struct
{
  gboolean is_accepted;
  gchar mid[SDP_MID_MAX + 1];
  const gchar *encoding_name; /* static: "H264", "OPUS", … */
  guint8 pt;
  guint clock_rate; /* Hz */
  guint8 playout_delay_id;
  guint8 abs_capture_time_id;
  /* Of the retransmission format (RFC 4588); 0: lost packets are sent again
   * unchanged. */
  guint8 rtx_pt;
  /* The viewer measures the round trip by RTCP XR and expects its reference
   * times to be echoed (RFC 3611 section 4.5, a=rtcp-xr:rcvr-rtt). */
  gboolean has_rcvr_rtt;
} SdpAnswerMedia;

typedef struct
{
  gchar *text; /* lines end in CRLF */
  /* The browser that sent the offer, and the rules beyond the RFCs that the
   * answer needed. */
  SdpBrowser browser;
  SdpReport report;
  SdpAnswerMedia video;
  SdpAnswerMedia audio;
} SdpAnswer;

/* Returns: (nullable): the answer, or NULL with an %SDP_ERROR whose message is
 * for the viewer. */
SdpAnswer *sdp_answer_new (const SdpOffer *offer, const SdpAnswerParams *params,
    GError **error);
void sdp_answer_free (SdpAnswer *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SdpAnswer, sdp_answer_free)

G_END_DECLS
