/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The judge of answers: lines, directions, extensions and sources. */

#include "tests/support/foreignanswer.h"
#include "whepbench/sdpcheck.h"

#include <gst/check/gstcheck.h>
#include <string.h>

static const ForeignVariant variants[] = {
  { "the answer as it is", "", "", NULL },
  { "a line that is none", "s=server", "server", "RFC 8866 section 5" },
  { "lines that end in LF", "t=0 0\r\n", "t=0 0\n", "RFC 8866 section 9" },
  { "another version", "v=0", "v=1", "RFC 8866 section 5.1" },
  { "another medium", "m=video", "m=audio", "RFC 3264 section 6" },
  { "another profile of RTP", "UDP/TLS/RTP/SAVPF", "RTP/AVP",
      "RFC 8829 section 5.3.1" },
  { "a format that was not offered", "SAVPF 108 109 98", "SAVPF 108 109 98 35",
      "RFC 3264 section 6.1" },
  { "another mid", "a=mid:0", "a=mid:2", "RFC 5888 section 9.1" },
  { "a track that is also received", "a=sendonly", "a=sendrecv",
      "RFC 3264 section 6.1" },
  { "no direction", "a=sendonly\r\n", "", "RFC 8829 section 5.3.1" },
  { "an extension under another id", "",
      "a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\r\n",
      "RFC 8285 section 7" },
  { "an extension without a name", "", "a=extmap:9\r\n", "RFC 8285 section 7" },
  { "an offered extension", "a=mid:0\r\n",
      "a=mid:0\r\na=extmap:9 urn:ietf:params:rtp-hdrext:sdes:mid\r\n", NULL },
  { "a source with a name", "", "a=ssrc:7 cname:x\r\n", NULL },
  { "a source without a name", "", "a=ssrc:7 msid:x\r\n",
      "RFC 5576 section 6.1" },
  { "a source of no number", "", "a=ssrc:0 cname:x\r\n",
      "RFC 5576 section 4.1" },
  { "one m-section too many", "",
      "m=application 0 UDP/DTLS/SCTP webrtc-datachannel\r\n",
      "RFC 3264 section 6" },
};

GST_START_TEST (a_broken_rule_is_named)
{
  for (guint i = 0; i < G_N_ELEMENTS (variants); i++)
    foreign_variant_check (&variants[i]);
}
GST_END_TEST;

GST_START_TEST (a_hostile_answer_has_a_verdict_of_limited_length)
{
  static const SdpCheckFacts facts = { .is_foreign = TRUE };
  GString *text = g_string_new (NULL);
  g_autofree gchar *breaches = NULL;

  for (guint i = 0; i < 60000; i++)
    g_string_append_c (text, '\1');
  breaches = sdp_check_answer ("v=0\r\n", 5, text->str, &facts);
  ck_assert (breaches != NULL);
  ck_assert_uint_le (strlen (breaches), 33 * 1024);
  g_string_free (text, TRUE);
}
GST_END_TEST;

static Suite *
sdpcheck_suite (void)
{
  Suite *suite = suite_create ("sdpcheck");
  TCase *tcase = tcase_create ("sdpcheck");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_broken_rule_is_named);
  tcase_add_test (tcase, a_hostile_answer_has_a_verdict_of_limited_length);
  return suite;
}

GST_CHECK_MAIN (sdpcheck);
