/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Each rule does what its row says, and nothing else changes. */

#include "gst/sdp/browser.h"
#include "gst/sdp/offer.h"
#include "tests/support/browseroffer.h"

#include <gst/check/gstcheck.h>
#include <string.h>

#define HEAD "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"

/* Which rule fired, the only one, NULL for none. */
static const gchar *
munge (const gchar *in, SdpBrowser browser, gchar **out)
{
  g_autoptr (GArray) reports =
      g_array_new (FALSE, FALSE, sizeof (SdpRuleReport));
  g_autoptr (GError) error = NULL;

  *out = sdp_browser_munge (in, browser, reports, &error);
  g_assert_no_error (error);
  ck_assert_uint_le (reports->len, 1);
  return reports->len == 0
      ? NULL
      : g_array_index (reports, SdpRuleReport, 0).rule->name;
}

static void
assert_munged (const gchar *in, SdpBrowser browser, const gchar *rule,
    const gchar *expected)
{
  g_autofree gchar *out = NULL;
  const gchar *fired = munge (in, browser, &out);

  ck_assert (g_strcmp0 (fired, rule) == 0);
  ck_assert_str_eq (out, expected);
}

static void
assert_untouched (const gchar *in, SdpBrowser browser)
{
  assert_munged (in, browser, NULL, in);
}

GST_START_TEST (a_session_s_setup_is_spread)
{
  assert_munged (HEAD "a=setup:active\r\n"
                      "m=audio 9 X 0\r\nc=IN IP4 0.0.0.0\r\na=mid:0\r\n"
                      "m=video 9 X 96\r\na=setup:passive\r\n",
      SDP_BROWSER_GENERIC, "setup-in-sections",
      HEAD "a=setup:active\r\n"
           "m=audio 9 X 0\r\nc=IN IP4 0.0.0.0\r\na=setup:active\r\na=mid:0\r\n"
           "m=video 9 X 96\r\na=setup:passive\r\n");
}
GST_END_TEST;

GST_START_TEST (a_bundle_only_section_gets_a_port)
{
  assert_munged (HEAD "m=video 0 X 96\r\na=bundle-only\r\nm=audio 0 X 0\r\n",
      SDP_BROWSER_GENERIC, "bundle-only-port",
      HEAD "m=video 9 X 96\r\na=bundle-only\r\nm=audio 0 X 0\r\n");
}
GST_END_TEST;

GST_START_TEST (stale_parameter_sets_go)
{
  assert_munged (HEAD "m=video 9 X 96\r\n"
                      "a=fmtp:96 a=1;sprop-parameter-sets=Z0I=,aM4=;b=2\r\n",
      SDP_BROWSER_GENERIC, "no-sprop",
      HEAD "m=video 9 X 96\r\na=fmtp:96 a=1;b=2\r\n");
}
GST_END_TEST;

GST_START_TEST (candidates_by_name_go)
{
  assert_munged (HEAD "m=video 9 X 96\r\n"
                      "a=candidate:1 1 udp 1 192.0.2.1 9 typ host\r\n"
                      "a=candidate:2 1 udp 1 gateway.lan 9 typ host\r\n"
                      "a=candidate:3 1 udp 1 fd00::1 9 typ host\r\n",
      SDP_BROWSER_GENERIC, "no-names",
      HEAD "m=video 9 X 96\r\n"
           "a=candidate:1 1 udp 1 192.0.2.1 9 typ host\r\n"
           "a=candidate:3 1 udp 1 fd00::1 9 typ host\r\n");
}
GST_END_TEST;

GST_START_TEST (firefox_gets_no_mid_beside_rtx)
{
  static const gchar with_rtx[] =
      HEAD "m=video 9 X 96\r\n"
           "a=extmap:3 urn:ietf:params:rtp-hdrext:sdes:mid\r\n"
           "a=rtpmap:97 rtx/90000\r\n";

  assert_munged (with_rtx, SDP_BROWSER_FIREFOX, "rtx-without-mid",
      HEAD "m=video 9 X 96\r\na=rtpmap:97 rtx/90000\r\n");
  assert_untouched (with_rtx, SDP_BROWSER_CHROME);
  assert_untouched (HEAD "m=video 9 X 96\r\n"
                         "a=extmap:3 urn:ietf:params:rtp-hdrext:sdes:mid\r\n",
      SDP_BROWSER_FIREFOX);
}
GST_END_TEST;

GST_START_TEST (opus_is_stereo)
{
  static const gchar mono[] = HEAD "m=audio 9 X 111 0\r\n"
                                   "a=rtpmap:111 opus/48000/2\r\n"
                                   "a=fmtp:111 minptime=10\r\n"
                                   "a=fmtp:0 x=1\r\n";

  assert_munged (mono, SDP_BROWSER_CHROME, "stereo",
      HEAD "m=audio 9 X 111 0\r\na=rtpmap:111 opus/48000/2\r\n"
           "a=fmtp:111 minptime=10;stereo=1;sprop-stereo=1\r\n"
           "a=fmtp:0 x=1\r\n");
  assert_untouched (mono, SDP_BROWSER_GENERIC);
  assert_untouched (HEAD "m=audio 9 X 111\r\na=rtpmap:111 opus/48000/2\r\n"
                         "a=fmtp:111 stereo=0\r\n",
      SDP_BROWSER_CHROME);
}
GST_END_TEST;

GST_START_TEST (safari_sees_no_high_level)
{
  static const gchar high[] = HEAD "m=video 9 X 96\r\n"
                                   "a=fmtp:96 profile-level-id=640034;x=1\r\n"
                                   "a=fmtp:98 profile-level-id=42e01f\r\n"
                                   "a=fmtp:99 profile-level-id=42\r\n";

  assert_munged (high, SDP_BROWSER_SAFARI, "level-3.1",
      HEAD "m=video 9 X 96\r\na=fmtp:96 profile-level-id=64001f;x=1\r\n"
           "a=fmtp:98 profile-level-id=42e01f\r\n"
           "a=fmtp:99 profile-level-id=42\r\n");
  assert_untouched (high, SDP_BROWSER_CHROME);
}
GST_END_TEST;

static const gchar *const tests[] = { "a_session_s_setup_is_spread",
  "a_bundle_only_section_gets_a_port", "stale_parameter_sets_go",
  "candidates_by_name_go", "firefox_gets_no_mid_beside_rtx", "opus_is_stereo",
  "safari_sees_no_high_level", NULL };

GST_START_TEST (each_rule_has_its_reason_and_its_test)
{
  guint n_rules = 0;

  for (const SdpRule *rule; (rule = sdp_browser_rule (n_rules)); n_rules++) {
    ck_assert_msg (g_strv_contains (tests, rule->test), "%s", rule->name);
    ck_assert (*rule->why != '\0' && *rule->source != '\0');
  }
  ck_assert_uint_eq (n_rules, G_N_ELEMENTS (tests) - 1);
}
GST_END_TEST;

static const struct
{
  const gchar *offer, *user_agent;
  SdpBrowser browser;
} detections[] = {
  { "firefox-153-linux", NULL, SDP_BROWSER_FIREFOX },
  { "firefox-153-linux", "Mozilla/5.0 Chrome/1", SDP_BROWSER_FIREFOX },
  { "safari-26.5.2-macos", NULL, SDP_BROWSER_SAFARI },
  { "chromium-156-linux", NULL, SDP_BROWSER_GENERIC },
  { "chromium-156-linux", "Mozilla/5.0 Chrome/156.0 Safari/537.36",
      SDP_BROWSER_CHROME },
  { "chromium-156-linux", "Mozilla/5.0 Version/17 Safari/605",
      SDP_BROWSER_SAFARI },
  { "chromium-156-linux", "curl/8", SDP_BROWSER_GENERIC },
};

GST_START_TEST (an_offer_tells_more_than_the_user_agent)
{
  for (guint i = 0; i < G_N_ELEMENTS (detections); i++) {
    g_autofree gchar *text = browser_offer_load (detections[i].offer);

    ck_assert_int_eq (sdp_browser_detect (text, detections[i].user_agent),
        detections[i].browser);
  }
}
GST_END_TEST;

static const struct
{
  const gchar *text, *says;
} malformed[] = {
  { "", "Line 1" },
  { "v=1\r\n", "Line 1" },
  { "hello", "Line 1" },
  { "v=0\r\ns\r\n", "Line 2" },
  { "v=0\r\ns=-\r\n\r\nt=0 0\r\n", "Line 3" },
  { "v=0\r\ns=a\rb\r\n", "Line 2" },
};

GST_START_TEST (what_is_no_sdp_is_named_by_its_line)
{
  for (guint i = 0; i < G_N_ELEMENTS (malformed); i++) {
    g_autoptr (GArray) reports =
        g_array_new (FALSE, FALSE, sizeof (SdpRuleReport));
    g_autoptr (GError) error = NULL;

    ck_assert (sdp_browser_munge (malformed[i].text, SDP_BROWSER_GENERIC,
                   reports, &error) == NULL);
    ck_assert (g_error_matches (error, SDP_ERROR, SDP_ERROR_MALFORMED));
    ck_assert_msg (strstr (error->message, malformed[i].says) != NULL, "%s",
        error->message);
  }
}
GST_END_TEST;

GST_START_TEST (line_ends_become_those_of_sdp)
{
  assert_munged ("v=0\ns=-", SDP_BROWSER_GENERIC, NULL, "v=0\r\ns=-\r\n");
}
GST_END_TEST;

static Suite *
browser_suite (void)
{
  Suite *suite = suite_create ("browser");
  TCase *tcase = tcase_create ("rules");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_session_s_setup_is_spread);
  tcase_add_test (tcase, a_bundle_only_section_gets_a_port);
  tcase_add_test (tcase, stale_parameter_sets_go);
  tcase_add_test (tcase, candidates_by_name_go);
  tcase_add_test (tcase, firefox_gets_no_mid_beside_rtx);
  tcase_add_test (tcase, opus_is_stereo);
  tcase_add_test (tcase, safari_sees_no_high_level);
  tcase_add_test (tcase, each_rule_has_its_reason_and_its_test);

  tcase = tcase_create ("text");
  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, an_offer_tells_more_than_the_user_agent);
  tcase_add_test (tcase, what_is_no_sdp_is_named_by_its_line);
  tcase_add_test (tcase, line_ends_become_those_of_sdp);
  return suite;
}

GST_CHECK_MAIN (browser);
