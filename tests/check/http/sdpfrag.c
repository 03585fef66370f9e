/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SDP fragments, as clients send them with PATCH and as they are answered. */

#include "ext/whep/http/sdpfrag.h"

#include <gst/check/gstcheck.h>
#include <string.h>

#define PWD "a=ice-pwd:0123456789abcdefghijkl\r\n"
#define LONGEST                                                                \
  "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"           \
  "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"           \
  "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"           \
  "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static const struct
{
  const gchar *fragment;
  WhepSdpFragKind is;
} fragments[] = {
  { "", WHEP_SDPFRAG_CANDIDATES },
  { "a=candidate:1 1 udp 1 192.0.2.1 9 typ host", WHEP_SDPFRAG_CANDIDATES },
  { "a=ice-ufrag:abcd\r\n" PWD "m=audio 9 RTP/AVP 0\r\na=mid:0\r\n",
      WHEP_SDPFRAG_CANDIDATES },
  { "a=ice-ufrag:abcd\n", WHEP_SDPFRAG_CANDIDATES },
  { "a=end-of-candidates\n\n", WHEP_SDPFRAG_CANDIDATES },

  { "a=ice-ufrag:efgh\r\n" PWD, WHEP_SDPFRAG_RESTART },
  { PWD "a=ice-ufrag:abcde", WHEP_SDPFRAG_RESTART },
  { "a=ice-ufrag:" LONGEST "\r\na=ice-pwd:" LONGEST "\r\n",
      WHEP_SDPFRAG_RESTART },
  { "m=audio 9 RTP/AVP 0\r\na=ice-ufrag:efgh\r\n" PWD "a=mid:0\r\n"
    "m=video 9 RTP/AVP 0\r\na=ice-ufrag:efgh\r\n" PWD "a=mid:1\r\n",
      WHEP_SDPFRAG_RESTART },

  { "a=ice-ufrag:efgh\r\n", WHEP_SDPFRAG_UNUSABLE },
  { PWD, WHEP_SDPFRAG_UNUSABLE },
  { "a=ice-ufrag:abc\r\n" PWD, WHEP_SDPFRAG_UNUSABLE },
  { "a=ice-ufrag:\r\n" PWD, WHEP_SDPFRAG_UNUSABLE },
  { "a=ice-ufrag:ef h\r\n" PWD, WHEP_SDPFRAG_UNUSABLE },
  { "a=ice-ufrag:" LONGEST "f\r\n" PWD, WHEP_SDPFRAG_UNUSABLE },
  { "a=ice-ufrag:efgh\r\na=ice-pwd:0123456789abcdefghijk\r\n",
      WHEP_SDPFRAG_UNUSABLE },
  /* Two transports. */
  { "a=ice-ufrag:efgh\r\n" PWD "a=ice-ufrag:ijkl\r\n" PWD,
      WHEP_SDPFRAG_UNUSABLE },
  { "a=ice-ufrag:abcd\r\n" PWD "a=ice-ufrag:efgh\r\n" PWD,
      WHEP_SDPFRAG_UNUSABLE },

  { "a=ice-ufrag:efgh\r\n{}", WHEP_SDPFRAG_MALFORMED },
  { "a=ice-ufrag:abc\r\n{}", WHEP_SDPFRAG_MALFORMED },
  { "{\"candidate\":1}", WHEP_SDPFRAG_MALFORMED },
  { "a", WHEP_SDPFRAG_MALFORMED },
  { "A=b", WHEP_SDPFRAG_MALFORMED },
};

GST_START_TEST (a_fragment_has_candidates_or_restarts)
{
  for (guint i = 0; i < G_N_ELEMENTS (fragments); i++) {
    /* Without a terminating NUL, as from the network. */
    gsize size = strlen (fragments[i].fragment);
    g_autofree gchar *bytes = g_memdup2 (fragments[i].fragment, size);
    WhepSdpFrag frag;

    whep_sdpfrag_read (&frag, bytes, size, "abcd");
    ck_assert_msg (frag.kind == fragments[i].is, "%s: %d",
        fragments[i].fragment, frag.kind);
  }
}
GST_END_TEST;

GST_START_TEST (a_restart_has_the_new_credentials)
{
  static const gchar fragment[] = "a=ice-ufrag:efgh\r\n" PWD;
  WhepSdpFrag frag;

  whep_sdpfrag_read (&frag, fragment, strlen (fragment), "abcd");
  ck_assert_str_eq (frag.ufrag, "efgh");
  ck_assert_str_eq (frag.pwd, "0123456789abcdefghijkl");
}
GST_END_TEST;

#define SESSION                                                                \
  "a=ice-lite\r\n"                                                             \
  "a=ice-options:ice2\r\n"                                                     \
  "a=group:BUNDLE 1 a\r\n"
#define MEDIA "m=audio 8080 UDP/TLS/RTP/SAVPF 111\r\n"
#define CANDIDATES                                                             \
  "a=candidate:1 1 udp 2130706431 192.0.2.1 8080 typ host\r\n"                 \
  "a=candidate:2 1 udp 2130706175 127.0.0.1 8080 typ host\r\n"                 \
  "a=end-of-candidates\r\n"

/* The first m-section is rejected, the second has the transport. */
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

GST_START_TEST (a_restart_is_answered_with_the_ice_lines_of_the_answer)
{
  g_autofree gchar *first = whep_sdpfrag_new_restart (answer, "Efgh", "secret");
  g_autofree gchar *second = whep_sdpfrag_new_restart (first, "Ijkl", "other");

  ck_assert_str_eq (first, FRAGMENT ("Efgh", "secret"));
  ck_assert_str_eq (second, FRAGMENT ("Ijkl", "other"));
}
GST_END_TEST;

static Suite *
sdpfrag_suite (void)
{
  Suite *suite = suite_create ("sdpfrag");
  TCase *tcase = tcase_create ("sdpfrag");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_fragment_has_candidates_or_restarts);
  tcase_add_test (tcase, a_restart_has_the_new_credentials);
  tcase_add_test (tcase,
      a_restart_is_answered_with_the_ice_lines_of_the_answer);
  return suite;
}

GST_CHECK_MAIN (sdpfrag);
