/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An answer of a server that is not ours: see foreignanswer.h. */

#include "tests/support/foreignanswer.h"
#include "whepbench/sdpcheck.h"

#include <gst/check/gstcheck.h>
#include <string.h>

#define FINGERPRINT                                                            \
  "a=fingerprint:sha-256 F6:26:B0:DD:0D:BF:7D:07:3C:C5:96:A6:ED:B1:69:75:89:"  \
  "2D:3F:DD:3B:FC:68:4E:28:FD:1C:C1:BF:58:16:AD\r\n"

static const gchar offer[] =
    "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"
    "a=group:BUNDLE 0 1\r\na=ice-options:trickle\r\n"
    "m=video 9 UDP/TLS/RTP/SAVPF 108 109 98\r\nc=IN IP4 0.0.0.0\r\n"
    "a=ice-ufrag:abcd\r\na=ice-pwd:0123456789abcdefghijkl\r\n" FINGERPRINT
    "a=setup:actpass\r\na=mid:0\r\na=recvonly\r\na=rtcp-mux\r\n"
    "a=extmap:9 urn:ietf:params:rtp-hdrext:sdes:mid\r\n"
    "a=rtpmap:108 H264/90000\r\na=rtcp-fb:108 nack\r\n"
    "a=fmtp:108 packetization-mode=1;profile-level-id=42e01f\r\n"
    "a=rtpmap:109 rtx/90000\r\na=fmtp:109 apt=108\r\n"
    "a=rtpmap:98 VP9/90000\r\na=fmtp:98 profile-id=0\r\n"
    "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\n"
    "a=ice-ufrag:abcd\r\na=ice-pwd:0123456789abcdefghijkl\r\n" FINGERPRINT
    "a=setup:actpass\r\na=mid:1\r\na=recvonly\r\na=rtcp-mux\r\n"
    "a=rtpmap:111 opus/48000/2\r\n";

/* Full ICE, client of DTLS, no a=ssrc, another level. */
static const gchar answer[] =
    "v=0\r\no=- 7 1 IN IP4 0.0.0.0\r\ns=server\r\nb=AS:5000\r\nt=0 0\r\n"
    "a=group:BUNDLE 0 1\r\n"
    "m=video 9 UDP/TLS/RTP/SAVPF 108 109 98\r\nc=IN IP4 0.0.0.0\r\n"
    "a=ice-ufrag:efgh\r\na=ice-pwd:0123456789abcdefghijkl\r\n" FINGERPRINT
    "a=setup:active\r\na=mid:0\r\na=sendonly\r\na=rtcp-mux\r\n"
    "a=rtpmap:108 H264/90000\r\na=rtcp-fb:108 nack\r\n"
    "a=fmtp:108 packetization-mode=1;profile-level-id=42e02a\r\n"
    "a=rtpmap:109 rtx/90000\r\na=fmtp:109 apt=108\r\n"
    "a=rtpmap:98 VP9/90000\r\n"
    "a=candidate:1 1 udp 2130706431 192.0.2.1 40000 typ host\r\n"
    "a=candidate:2 1 udp 1694498815 198.51.100.1 40001 typ srflx raddr 0.0.0.0 "
    "rport 0\r\n"
    "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\n"
    "a=ice-ufrag:efgh\r\na=ice-pwd:0123456789abcdefghijkl\r\n"
    "a=mid:1\r\na=sendonly\r\na=rtcp-mux\r\na=rtpmap:111 opus/48000/2\r\n";

const gchar *
foreign_answer (void)
{
  return answer;
}

static gchar *
replace_first (const gchar *from, const gchar *to)
{
  const gchar *at = strstr (answer, from);

  g_assert (at != NULL);
  if (*from == '\0')
    return g_strconcat (answer, to, NULL);
  return g_strdup_printf ("%.*s%s%s", (gint) (at - answer), answer, to,
      at + strlen (from));
}

void
foreign_variant_check (const ForeignVariant *self)
{
  static const SdpCheckFacts facts = { .is_foreign = TRUE };
  g_autofree gchar *text = replace_first (self->from, self->to);
  g_autofree gchar *breaches =
      sdp_check_answer (offer, strlen (offer), text, &facts);

  if (self->clause == NULL)
    ck_assert_msg (breaches == NULL, "%s: %s", self->why, breaches);
  else
    ck_assert_msg (breaches != NULL && strstr (breaches, self->clause) != NULL,
        "%s: %s", self->why, breaches);
}
