/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Each rule does what its row says, and leaves everything else unchanged. */

#include "gst/sdp/browser.h"
#include "gst/sdp/offer.h"
#include "tests/support/browseroffer.h"

#include <gst/check/gstcheck.h>
#include <string.h>

#define HEAD "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"

/* Returns the name of the one rule that fired, or NULL. */
static const gchar *
fired (const SdpReport *report)
{
  const gchar *name = NULL;

  for (guint i = 0; i < SDP_N_RULES; i++) {
    if (report->n_lines[i] == 0)
      continue;
    ck_assert_msg (name == NULL, "%s and %s", name, sdp_browser_rule (i)->name);
    name = sdp_browser_rule (i)->name;
  }
  return name;
}

static void
assert_munged_with (const gchar *in, const SdpMunging *munging,
    const gchar *rule, const gchar *expected)
{
  g_autoptr (GError) error = NULL;
  g_autofree gchar *out = NULL;
  SdpReport report;

  out = sdp_browser_munge (in, munging, &report, &error);
  g_assert_no_error (error);
  ck_assert_str_eq (out, expected);
  ck_assert (g_strcmp0 (fired (&report), rule) == 0);
}

static void
assert_munged (const gchar *in, SdpBrowser browser, const gchar *rule,
    const gchar *expected)
{
  const SdpMunging munging = { .browser = browser };

  assert_munged_with (in, &munging, rule, expected);
}

static void
assert_untouched (const gchar *in, SdpBrowser browser)
{
  assert_munged (in, browser, NULL, in);
}

GST_START_TEST (a_session_level_setup_is_copied_to_each_section)
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

GST_START_TEST (parameter_sets_are_removed)
{
  assert_munged (HEAD "m=video 9 X 96\r\n"
                      "a=fmtp:96 a=1;sprop-parameter-sets=Z0I=,aM4=;b=2\r\n",
      SDP_BROWSER_GENERIC, "no-sprop",
      HEAD "m=video 9 X 96\r\na=fmtp:96 a=1;b=2\r\n");
  assert_untouched (HEAD "a=fmtp:96 x-sprop-parameter-sets=1\r\n",
      SDP_BROWSER_GENERIC);
}
GST_END_TEST;

GST_START_TEST (candidates_by_name_are_removed)
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

GST_START_TEST (the_mid_extension_is_removed_where_there_is_rtx)
{
  static const gchar mid[] = "a=extmap:3 urn:ietf:params:rtp-hdrext:sdes:mid";
  g_autofree gchar *with_rtx =
      g_strdup_printf (HEAD "m=video 9 X 96\r\n%s\r\na=rtpmap:97 rtx/90000\r\n"
                            "m=audio 9 X 0\r\n%s\r\n",
          mid, mid);
  g_autofree gchar *without =
      g_strdup_printf (HEAD "m=video 9 X 96\r\na=rtpmap:97 rtx/90000\r\n"
                            "m=audio 9 X 0\r\n%s\r\n",
          mid);

  assert_munged (with_rtx, SDP_BROWSER_FIREFOX, "rtx-without-mid", without);
  assert_untouched (without, SDP_BROWSER_FIREFOX);
}
GST_END_TEST;

GST_START_TEST (opus_gets_stereo)
{
  static const gchar mono[] = HEAD "m=audio 9 X 111 0\r\n"
                                   "a=rtpmap:111 opus/48000/2\r\n"
                                   "a=fmtp:111 minptime=10\r\n"
                                   "a=fmtp:0 x=1\r\n";

  assert_munged (mono, SDP_BROWSER_CHROME, "stereo",
      HEAD "m=audio 9 X 111 0\r\na=rtpmap:111 opus/48000/2\r\n"
           "a=fmtp:111 minptime=10;stereo=1;sprop-stereo=1\r\n"
           "a=fmtp:0 x=1\r\n");
  assert_untouched (HEAD "m=audio 9 X 111\r\na=rtpmap:111 opus/48000/2\r\n"
                         "a=fmtp:111 stereo=0\r\n",
      SDP_BROWSER_CHROME);
  /* Payload types belong to their own m-section. */
  assert_untouched (HEAD "m=audio 9 X 111\r\na=rtpmap:111 opus/48000/2\r\n"
                         "m=video 9 X 111\r\na=fmtp:111 x=1\r\n",
      SDP_BROWSER_CHROME);
}
GST_END_TEST;

GST_START_TEST (firefox_is_answered_with_one_video_codec)
{
  static const gchar many[] =
      HEAD "m=video 9 X 126 97 127 120\r\na=setup:passive\r\n"
           "a=rtpmap:126 H264/90000\r\na=rtcp-fb:126 nack\r\n"
           "a=rtpmap:97 VP8/90000\r\na=rtcp-fb:97 nack\r\n"
           "a=rtpmap:127 rtx/90000\r\na=fmtp:127 apt=126\r\n"
           "a=rtpmap:120 rtx/90000\r\na=fmtp:120 apt=97\r\n"
           "m=audio 9 X 0 8\r\na=rtpmap:0 PCMU/8000\r\n";

  assert_munged (many, SDP_BROWSER_FIREFOX, "one-video-codec",
      HEAD "m=video 9 X 126 127\r\na=setup:passive\r\n"
           "a=rtpmap:126 H264/90000\r\na=rtcp-fb:126 nack\r\n"
           "a=rtpmap:127 rtx/90000\r\na=fmtp:127 apt=126\r\n"
           "m=audio 9 X 0 8\r\na=rtpmap:0 PCMU/8000\r\n");
  assert_untouched (many, SDP_BROWSER_CHROME);
  /* With an offer, Firefox makes the choice. */
  assert_untouched (HEAD "m=video 9 X 126 97\r\na=setup:actpass\r\n",
      SDP_BROWSER_FIREFOX);
}
GST_END_TEST;

#define H264_SECTION(id)                                                       \
  "m=video 9 X 96\r\na=rtpmap:96 H264/90000\r\n"                               \
  "a=fmtp:96 profile-level-id=" id "\r\n"
#define H264(setup, id)                                                        \
  HEAD "m=video 9 X 96\r\na=setup:" setup "\r\na=rtpmap:96 H264/90000\r\n"     \
       "a=fmtp:96 packetization-mode=1;profile-level-id=" id ";x=1\r\n"

static const struct
{
  const gchar *why;
  SdpBrowser browser;
  guint32 source;
  const gchar *in, *out; /* NULL: untouched */
} labels[] = {
  { "Firefox offers no High", SDP_BROWSER_FIREFOX, 0,
      H264 ("actpass", "640028"), H264 ("actpass", "42e01f") },
  { "Chromium's nearest to High is Main", SDP_BROWSER_CHROME, 0,
      H264 ("actpass", "640028"), H264 ("actpass", "4d001f") },
  { "Safari's is Constrained High", SDP_BROWSER_SAFARI, 0,
      H264 ("actpass", "640034"), H264 ("actpass", "640c1f") },
  { "the profile of the source takes precedence", SDP_BROWSER_CHROME, 0x4d4028,
      H264 ("actpass", "42e01f"), H264 ("actpass", "4d001f") },
  { "a generic player's IDs are unknown", SDP_BROWSER_GENERIC, 0x4d4028,
      H264 ("actpass", "640034"), NULL },
  { "the profile of an answer is already negotiated", SDP_BROWSER_CHROME, 0,
      H264 ("passive", "640034"), NULL },
  { "Safari supports no level above 3.1", SDP_BROWSER_SAFARI, 0,
      H264 ("passive", "640034"), H264 ("passive", "64001f") },
  { "and accepts one below", SDP_BROWSER_SAFARI, 0, H264 ("passive", "64001e"),
      NULL },
  { "an invalid ID is kept", SDP_BROWSER_SAFARI, 0, H264 ("passive", "42"),
      NULL },
};

GST_START_TEST (h264_gets_the_browsers_profile_level_id)
{
  for (guint i = 0; i < G_N_ELEMENTS (labels); i++) {
    const SdpMunging munging = { .browser = labels[i].browser,
      .profile_level_id = labels[i].source };
    const gchar *expected =
        labels[i].out != NULL ? labels[i].out : labels[i].in;

    assert_munged_with (labels[i].in, &munging,
        labels[i].out != NULL ? "h264-label" : NULL, expected);
  }
}
GST_END_TEST;

GST_START_TEST (an_answer_has_the_offered_profile_level_id)
{
  g_autofree gchar *text = browser_offer_load ("safari-26.5.2-macos");
  g_autoptr (SdpOffer) offer = sdp_offer_parse (text, strlen (text), NULL);
  const SdpMunging munging = { .browser = SDP_BROWSER_SAFARI, .offer = offer };

  /* In the offer, video is the second m-section, and 96 is 640c1f. */
  assert_munged_with (HEAD "m=audio 9 X 0\r\n" H264_SECTION ("640028"),
      &munging, "h264-label", HEAD "m=audio 9 X 0\r\n" H264_SECTION ("640c1f"));
}
GST_END_TEST;

GST_START_TEST (the_applications_profile_level_id_takes_precedence)
{
  const SdpMunging munging = { .browser = SDP_BROWSER_GENERIC,
    .forced_profile_level_id = 0x42e01f };

  assert_munged_with (H264 ("passive", "640034"), &munging, "forced-label",
      H264 ("passive", "42e01f"));
}
GST_END_TEST;

GST_START_TEST (a_rule_can_be_skipped)
{
  const SdpMunging munging = { .skipped = "stereo, line-ends" };
  static const gchar text[] = "v=0\ns=-";

  assert_munged_with (text, &munging, NULL, text);
}
GST_END_TEST;

GST_START_TEST (a_report_lists_the_rules_that_fired_and_why)
{
  const SdpMunging munging = { 0 };
  g_autofree gchar *words = NULL, *out = NULL;
  SdpReport report;

  out = sdp_browser_munge ("v=0\na=setup:active\nm=audio 9 X 0\n", &munging,
      &report, NULL);
  words = sdp_report_to_text (&report);
  ck_assert_str_eq (words,
      "line-ends, 3 lines: strict parsers require it\n"
      "setup-in-sections, 1 line: webrtcbin looks only there, and rejects "
      "an offer without it");
}
GST_END_TEST;

static const gchar *const tests[] = { "lines_end_in_crlf",
  "a_session_level_setup_is_copied_to_each_section",
  "a_bundle_only_section_gets_a_port", "parameter_sets_are_removed",
  "candidates_by_name_are_removed",
  "the_mid_extension_is_removed_where_there_is_rtx", "opus_gets_stereo",
  "firefox_is_answered_with_one_video_codec",
  "h264_gets_the_browsers_profile_level_id",
  "the_applications_profile_level_id_takes_precedence", NULL };

GST_START_TEST (each_rule_has_its_reason_and_its_test)
{
  ck_assert_uint_eq (G_N_ELEMENTS (tests) - 1, SDP_N_RULES);
  for (guint i = 0; i < SDP_N_RULES; i++) {
    const SdpRule *rule = sdp_browser_rule (i);

    ck_assert_str_eq (tests[i], rule->test);
    ck_assert (*rule->detects != '\0' && *rule->changes != '\0');
    ck_assert (*rule->why != '\0' && *rule->source != '\0');
  }
}
GST_END_TEST;

static const struct
{
  SdpBrowser browser;
  const gchar *codec, *says;
} advices[] = {
  { SDP_BROWSER_FIREFOX, "H.264", "A new Firefox downloads it" },
  { SDP_BROWSER_CHROME, "H.264", "builds of Chromium" },
  { SDP_BROWSER_GENERIC, "H.264", "Use Chrome, Edge or Safari." },
  { SDP_BROWSER_CHROME, "H.265", "graphics hardware" },
  { SDP_BROWSER_FIREFOX, "H.265", "Use Safari" },
  { SDP_BROWSER_SAFARI, "AV1", "another browser or machine" },
};

GST_START_TEST (a_missing_codec_comes_with_advice)
{
  for (guint i = 0; i < G_N_ELEMENTS (advices); i++) {
    const gchar *advice =
        sdp_browser_advice (advices[i].browser, advices[i].codec);

    ck_assert_msg (strstr (advice, advices[i].says) != NULL, "%s", advice);
  }
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
  { "chromium-156-linux", NULL, SDP_BROWSER_CHROME },
  { "made/firefox-46", NULL, SDP_BROWSER_FIREFOX },
  { "made/safari-ios-2025", "Mozilla/5.0 Chrome/1", SDP_BROWSER_SAFARI },
  { "made/pion", NULL, SDP_BROWSER_GENERIC },
  { "made/libdatachannel", NULL, SDP_BROWSER_GENERIC },
  { "made/libdatachannel", "Mozilla/5.0 Firefox/1", SDP_BROWSER_FIREFOX },
  { "chromium-156-linux", "Mozilla/5.0 Chrome/156.0 Safari/537.36",
      SDP_BROWSER_CHROME },
  { "chromium-156-linux", "Mozilla/5.0 Version/17 Safari/605",
      SDP_BROWSER_SAFARI },
  { "chromium-156-linux", "curl/8", SDP_BROWSER_CHROME },
  { "made/webrtcbin", "curl/8", SDP_BROWSER_GENERIC },
};

GST_START_TEST (an_offer_takes_precedence_over_the_user_agent)
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
  { "v=0\r\ns=-\r\nm=video\r\n", "Line 3" },
  { "v=0\r\ns=-\r\nm=video 9 X\r\n", "Line 3" },
  { "v=0\r\ns=-\r\nm=video x X 96\r\n", "Line 3" },
};

GST_START_TEST (malformed_sdp_is_reported_with_its_line)
{
  for (guint i = 0; i < G_N_ELEMENTS (malformed); i++) {
    const SdpMunging munging = { 0 };
    g_autoptr (GError) error = NULL;
    SdpReport report;

    ck_assert (sdp_browser_munge (malformed[i].text, &munging, &report,
                   &error) == NULL);
    ck_assert (g_error_matches (error, SDP_ERROR, SDP_ERROR_MALFORMED));
    ck_assert_msg (strstr (error->message, malformed[i].says) != NULL, "%s",
        error->message);
  }
}
GST_END_TEST;

GST_START_TEST (lines_end_in_crlf)
{
  assert_munged ("v=0\ns=-", SDP_BROWSER_GENERIC, "line-ends",
      "v=0\r\ns=-\r\n");
}
GST_END_TEST;

static Suite *
browser_suite (void)
{
  Suite *suite = suite_create ("browser");
  TCase *tcase = tcase_create ("rules");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, lines_end_in_crlf);
  tcase_add_test (tcase, a_session_level_setup_is_copied_to_each_section);
  tcase_add_test (tcase, a_bundle_only_section_gets_a_port);
  tcase_add_test (tcase, parameter_sets_are_removed);
  tcase_add_test (tcase, candidates_by_name_are_removed);
  tcase_add_test (tcase, the_mid_extension_is_removed_where_there_is_rtx);
  tcase_add_test (tcase, opus_gets_stereo);
  tcase_add_test (tcase, firefox_is_answered_with_one_video_codec);
  tcase_add_test (tcase, h264_gets_the_browsers_profile_level_id);
  tcase_add_test (tcase, an_answer_has_the_offered_profile_level_id);
  tcase_add_test (tcase, the_applications_profile_level_id_takes_precedence);
  tcase_add_test (tcase, each_rule_has_its_reason_and_its_test);
  tcase_add_test (tcase, a_rule_can_be_skipped);
  tcase_add_test (tcase, a_report_lists_the_rules_that_fired_and_why);
  tcase_add_test (tcase, a_missing_codec_comes_with_advice);

  tcase = tcase_create ("text");
  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, an_offer_takes_precedence_over_the_user_agent);
  tcase_add_test (tcase, malformed_sdp_is_reported_with_its_line);
  return suite;
}

GST_CHECK_MAIN (browser);
