/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Fragments of SDP that come by PATCH. */

#include "ext/whep/net/trickle.h"

#include <gst/check/gstcheck.h>
#include <string.h>

static const struct
{
  const gchar *fragment;
  WhepTrickle is;
} fragments[] = {
  { "", WHEP_TRICKLE_CANDIDATES },
  { "a=candidate:1 1 udp 1 192.0.2.1 9 typ host", WHEP_TRICKLE_CANDIDATES },
  { "a=ice-ufrag:abcd\r\na=ice-pwd:x\r\nm=audio 9 RTP/AVP 0\r\na=mid:0\r\n",
      WHEP_TRICKLE_CANDIDATES },
  { "a=end-of-candidates\n\n", WHEP_TRICKLE_CANDIDATES },
  { "a=ice-ufrag:efgh\r\n", WHEP_TRICKLE_RESTART },
  { "a=ice-ufrag:abcde\r\n", WHEP_TRICKLE_RESTART },
  { "a=ice-ufrag:abc\r\n", WHEP_TRICKLE_RESTART },
  { "a=ice-ufrag:", WHEP_TRICKLE_RESTART },
  { "m=audio 9 RTP/AVP 0\r\na=ice-ufrag:efgh\r\na=mid:0\r\n",
      WHEP_TRICKLE_RESTART },
  { "a=ice-ufrag:efgh\r\n{}", WHEP_TRICKLE_MALFORMED },
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

    ck_assert_msg (whep_trickle_read (bytes, size, "abcd") == fragments[i].is,
        "%s", fragments[i].fragment);
  }
}
GST_END_TEST;

static Suite *
trickle_suite (void)
{
  Suite *suite = suite_create ("trickle");
  TCase *tcase = tcase_create ("trickle");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_fragment_has_candidates_or_restarts);
  return suite;
}

GST_CHECK_MAIN (trickle);
