/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The offers in tests/support/offers, and a small one to write variants of. */

#pragma once

#include "gst/sdp/offer.h"

G_BEGIN_DECLS

/* Returns: (transfer full): the file's text; a missing file fails the test. */
gchar *browser_offer_load (const gchar *name);

#define BROWSER_OFFER_TRANSPORT                                                \
  "a=ice-ufrag:abcd\r\n"                                                       \
  "a=ice-pwd:0123456789abcdefghijkl\r\n"                                       \
  "a=fingerprint:sha-256 F6:26:B0:DD:0D:BF:7D:07:3C:C5:96:A6:ED:B1:69:75:89:"  \
  "2D:3F:DD:3B:FC:68:4E:28:FD:1C:C1:BF:58:16:AD\r\n"                           \
  "a=setup:actpass\r\n"
#define BROWSER_OFFER_SESSION                                                  \
  "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"
#define BROWSER_OFFER_VIDEO                                                    \
  "m=video 9 UDP/TLS/RTP/SAVPF 108\r\n"                                        \
  "c=IN IP4 0.0.0.0\r\n"                                                       \
  "a=mid:0\r\na=recvonly\r\na=rtcp-mux\r\n"                                    \
  "a=rtpmap:108 H264/90000\r\n"                                                \
  "a=fmtp:108 level-asymmetry-allowed=1;packetization-mode=1;"                 \
  "profile-level-id=42e01f\r\n"
#define BROWSER_OFFER_AUDIO                                                    \
  "m=audio 9 UDP/TLS/RTP/SAVPF 111 0\r\n"                                      \
  "c=IN IP4 0.0.0.0\r\n"                                                       \
  "a=mid:1\r\na=recvonly\r\na=rtcp-mux\r\n"                                    \
  "a=rtpmap:111 opus/48000/2\r\n"

G_END_DECLS
