/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The judge of answers: ICE, DTLS, BUNDLE and RTCP. */

#include "tests/support/foreignanswer.h"

#include <gst/check/gstcheck.h>

static const ForeignVariant variants[] = {
  { "a passive server", "a=setup:active", "a=setup:passive", NULL },
  { "a role that only offers have", "a=setup:active", "a=setup:actpass",
      "RFC 8842 section 5.3" },
  { "ICE-lite", "t=0 0\r\n", "t=0 0\r\na=ice-lite\r\n", NULL },
  { "a short ufrag", "a=ice-ufrag:efgh", "a=ice-ufrag:ef",
      "RFC 8839 section 5.4" },
  { "a password of other characters", "a=ice-pwd:0123456789",
      "a=ice-pwd:-_23456789", "RFC 8839 section 5.4" },
  { "two transports", "a=ice-ufrag:efgh", "a=ice-ufrag:ijkl",
      "RFC 9143 section 7.1.3" },
  { "no rtcp-mux", "a=rtcp-mux\r\n", "", "RFC 5761 section 5.1.1" },
  { "reduced-size RTCP, which was not offered", "", "a=rtcp-rsize\r\n",
      "RFC 5506 section 5" },
  { "a candidate without an address", "192.0.2.1 40000 typ host", "192.0.2.1",
      "RFC 8839 section 5.1" },
  { "a candidate of TCP", "udp 2130706431 192.0.2.1 40000 typ host",
      "tcp 2130706431 192.0.2.1 9 typ host tcptype active", NULL },
  { "a group that lacks a track", "BUNDLE 0 1", "BUNDLE 0",
      "RFC 9143 section 7.3" },
  { "a group of another order", "BUNDLE 0 1", "BUNDLE 1 0",
      "RFC 9143 section 7.3.1" },
  { "no group", "a=group:BUNDLE 0 1\r\n", "", "RFC 9143 section 7.3" },
  { "an ICE option that was not offered", "t=0 0\r\n",
      "t=0 0\r\na=ice-options:ice2\r\n", "RFC 8829 section 5.3.1" },
};

GST_START_TEST (a_broken_rule_is_named)
{
  for (guint i = 0; i < G_N_ELEMENTS (variants); i++)
    foreign_variant_check (&variants[i]);
}
GST_END_TEST;

static Suite *
transportcheck_suite (void)
{
  Suite *suite = suite_create ("transportcheck");
  TCase *tcase = tcase_create ("transportcheck");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_broken_rule_is_named);
  return suite;
}

GST_CHECK_MAIN (transportcheck);
