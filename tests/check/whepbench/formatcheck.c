/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The judge of answers: payload types and their parameters. */

#include "tests/support/foreignanswer.h"
#include "whepbench/formatcheck.h"

#include <gst/check/gstcheck.h>

static const ForeignVariant variants[] = {
  { "another profile", "profile-level-id=42e02a", "profile-level-id=64002a",
      "RFC 6184 section 8.2.2" },
  { "no packetization mode", "packetization-mode=1;", "",
      "RFC 6184 section 8.2.2" },
  { "a payload type of another codec", "a=rtpmap:98 VP9", "a=rtpmap:98 VP8",
      "RFC 3264 section 6.1" },
  { "another profile of VP9", "a=rtpmap:98 VP9/90000\r\n",
      "a=rtpmap:98 VP9/90000\r\na=fmtp:98 profile-id=2\r\n",
      "RFC 9628 section 6" },
  { "retransmissions of nothing", "a=fmtp:109 apt=108", "a=fmtp:109 apt=35",
      "RFC 4588 section 8.1" },
  { "feedback that was not offered", "a=rtcp-fb:108 nack",
      "a=rtcp-fb:108 transport-cc", "RFC 4585 section 4.2" },
  { "parameters of no format", "", "a=fmtp:35 x=1\r\n", "RFC 8866 section 6" },
};

GST_START_TEST (a_broken_rule_is_named)
{
  for (guint i = 0; i < G_N_ELEMENTS (variants); i++)
    foreign_variant_check (&variants[i]);
}
GST_END_TEST;

GST_START_TEST (a_single_channel_may_be_omitted)
{
  ck_assert (sdp_mapping_equals ("PCMU/8000/1", "PCMU/8000"));
  ck_assert (sdp_mapping_equals ("opus/48000/2", "OPUS/48000/2"));
  ck_assert (!sdp_mapping_equals ("opus/48000/2", "opus/48000"));
  ck_assert_str_eq (sdp_codec_mapping ("h264"), "H264/90000");
  ck_assert (sdp_codec_mapping ("H26") == NULL);
}
GST_END_TEST;

static Suite *
formatcheck_suite (void)
{
  Suite *suite = suite_create ("formatcheck");
  TCase *tcase = tcase_create ("formatcheck");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_broken_rule_is_named);
  tcase_add_test (tcase, a_single_channel_may_be_omitted);
  return suite;
}

GST_CHECK_MAIN (formatcheck);
