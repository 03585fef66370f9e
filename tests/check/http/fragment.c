/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What an ICE restart answers. */

#include "ext/whep/http/fragment.h"

#include <gst/check/gstcheck.h>

#define SESSION                                                                \
  "a=ice-lite\r\n"                                                             \
  "a=ice-options:ice2\r\n"                                                     \
  "a=group:BUNDLE 1 a\r\n"
#define MEDIA "m=audio 8080 UDP/TLS/RTP/SAVPF 111\r\n"
#define CANDIDATES                                                             \
  "a=candidate:1 1 udp 2130706431 192.0.2.1 8080 typ host\r\n"                 \
  "a=candidate:2 1 udp 2130706175 127.0.0.1 8080 typ host\r\n"                 \
  "a=end-of-candidates\r\n"

/* The first m-section is refused, the second has the transport. */
static const gchar answer[] =
    "v=0\r\n"
    "o=- 1 1 IN IP4 127.0.0.1\r\n"
    "s=-\r\n"
    "t=0 0\r\n" SESSION "a=msid-semantic: WMS *\r\n"
    "m=application 0 UDP/DTLS/SCTP webrtc-datachannel\r\n"
    "c=IN IP4 0.0.0.0\r\n"
    "a=mid:0\r\n" MEDIA "c=IN IP4 192.0.2.1\r\n" CANDIDATES
    "a=ice-ufrag:Abcd1234\r\n"
    "a=ice-pwd:abcdefghijklmnopqrstuvwx\r\n"
    "a=fingerprint:sha-256 AB:CD\r\n"
    "a=setup:passive\r\n"
    "a=mid:1\r\n"
    "a=sendonly\r\n"
    "m=video 8080 UDP/TLS/RTP/SAVPF 96\r\n"
    "c=IN IP4 192.0.2.1\r\n"
    "a=ice-ufrag:Abcd1234\r\n"
    "a=ice-pwd:abcdefghijklmnopqrstuvwx\r\n"
    "a=mid:a\r\n";

#define FRAGMENT(ufrag, pwd)                                                   \
  SESSION MEDIA "a=mid:1\r\n"                                                  \
                "a=ice-ufrag:" ufrag "\r\n"                                    \
                "a=ice-pwd:" pwd "\r\n" CANDIDATES

GST_START_TEST (a_fragment_has_what_the_answer_says_of_ice)
{
  g_autofree gchar *first = whep_fragment_new (answer, "Efgh", "secret");
  g_autofree gchar *second = whep_fragment_new (first, "Ijkl", "other");

  ck_assert_str_eq (first, FRAGMENT ("Efgh", "secret"));
  ck_assert_str_eq (second, FRAGMENT ("Ijkl", "other"));
}
GST_END_TEST;

static Suite *
fragment_suite (void)
{
  Suite *suite = suite_create ("fragment");
  TCase *tcase = tcase_create ("fragment");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_fragment_has_what_the_answer_says_of_ice);
  return suite;
}

GST_CHECK_MAIN (fragment);
