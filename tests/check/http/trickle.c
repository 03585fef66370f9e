/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Fragments of SDP that come by PATCH. */

#include "ext/whep/http/trickle.h"

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
  WhepTrickleKind is;
} fragments[] = {
  { "", WHEP_TRICKLE_CANDIDATES },
  { "a=candidate:1 1 udp 1 192.0.2.1 9 typ host", WHEP_TRICKLE_CANDIDATES },
  { "a=ice-ufrag:abcd\r\n" PWD "m=audio 9 RTP/AVP 0\r\na=mid:0\r\n",
      WHEP_TRICKLE_CANDIDATES },
  { "a=ice-ufrag:abcd\n", WHEP_TRICKLE_CANDIDATES },
  { "a=end-of-candidates\n\n", WHEP_TRICKLE_CANDIDATES },

  { "a=ice-ufrag:efgh\r\n" PWD, WHEP_TRICKLE_RESTART },
  { PWD "a=ice-ufrag:abcde", WHEP_TRICKLE_RESTART },
  { "a=ice-ufrag:" LONGEST "\r\na=ice-pwd:" LONGEST "\r\n",
      WHEP_TRICKLE_RESTART },
  { "m=audio 9 RTP/AVP 0\r\na=ice-ufrag:efgh\r\n" PWD "a=mid:0\r\n"
    "m=video 9 RTP/AVP 0\r\na=ice-ufrag:efgh\r\n" PWD "a=mid:1\r\n",
      WHEP_TRICKLE_RESTART },

  { "a=ice-ufrag:efgh\r\n", WHEP_TRICKLE_UNUSABLE },
  { PWD, WHEP_TRICKLE_UNUSABLE },
  { "a=ice-ufrag:abc\r\n" PWD, WHEP_TRICKLE_UNUSABLE },
  { "a=ice-ufrag:\r\n" PWD, WHEP_TRICKLE_UNUSABLE },
  { "a=ice-ufrag:ef h\r\n" PWD, WHEP_TRICKLE_UNUSABLE },
  { "a=ice-ufrag:" LONGEST "f\r\n" PWD, WHEP_TRICKLE_UNUSABLE },
  { "a=ice-ufrag:efgh\r\na=ice-pwd:0123456789abcdefghijk\r\n",
      WHEP_TRICKLE_UNUSABLE },
  /* Two transports. */
  { "a=ice-ufrag:efgh\r\n" PWD "a=ice-ufrag:ijkl\r\n" PWD,
      WHEP_TRICKLE_UNUSABLE },
  { "a=ice-ufrag:abcd\r\n" PWD "a=ice-ufrag:efgh\r\n" PWD,
      WHEP_TRICKLE_UNUSABLE },

  { "a=ice-ufrag:efgh\r\n{}", WHEP_TRICKLE_MALFORMED },
  { "a=ice-ufrag:abc\r\n{}", WHEP_TRICKLE_MALFORMED },
  { "{\"candidate\":1}", WHEP_TRICKLE_MALFORMED },
  { "a", WHEP_TRICKLE_MALFORMED },
  { "A=b", WHEP_TRICKLE_MALFORMED },
};

GST_START_TEST (a_fragment_has_candidates_or_restarts)
{
  for (guint i = 0; i < G_N_ELEMENTS (fragments); i++) {
    /* No NUL behind it: as from the network. */
    gsize size = strlen (fragments[i].fragment);
    g_autofree gchar *bytes = g_memdup2 (fragments[i].fragment, size);
    WhepTrickle trickle;

    whep_trickle_read (&trickle, bytes, size, "abcd");
    ck_assert_msg (trickle.kind == fragments[i].is, "%s: %d",
        fragments[i].fragment, trickle.kind);
  }
}
GST_END_TEST;

GST_START_TEST (a_restart_says_the_new_credentials)
{
  static const gchar fragment[] = "a=ice-ufrag:efgh\r\n" PWD;
  WhepTrickle trickle;

  whep_trickle_read (&trickle, fragment, strlen (fragment), "abcd");
  ck_assert_str_eq (trickle.ufrag, "efgh");
  ck_assert_str_eq (trickle.pwd, "0123456789abcdefghijkl");
}
GST_END_TEST;

static Suite *
trickle_suite (void)
{
  Suite *suite = suite_create ("trickle");
  TCase *tcase = tcase_create ("trickle");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_fragment_has_candidates_or_restarts);
  tcase_add_test (tcase, a_restart_says_the_new_credentials);
  return suite;
}

GST_CHECK_MAIN (trickle);
