/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A description goes in, in any pieces, and comes out adapted to the
 * browser. */

#include "tests/support/browseroffer.h"
#include "whepbench/sdpcheck.h"

#include <glib/gstdio.h>
#include <gst/check/gstcheck.h>
#include <gst/check/gstharness.h>
#include <string.h>

#define VIDEO(setup, id)                                                       \
  "v=0\r\nm=video 9 X 96\r\na=setup:" setup "\r\n"                             \
  "a=fmtp:96 profile-level-id=" id "\r\n"
#define SAFARI_HIGH VIDEO ("passive", "640034")
#define SAFARI_LOW VIDEO ("passive", "64001f")

static void
push_text (GstHarness *harness, const gchar *text, gsize piece)
{
  gsize size = strlen (text);

  for (gsize at = 0; at < size; at += piece) {
    gsize n = MIN (piece, size - at);

    ck_assert_int_eq (gst_harness_push (harness,
                          gst_buffer_new_memdup (text + at, n)),
        GST_FLOW_OK);
  }
}

static gchar *
pull_text (GstHarness *harness)
{
  g_autoptr (GstBuffer) buffer = gst_harness_try_pull (harness);
  gsize size;
  gchar *text;

  ck_assert (buffer != NULL);
  size = gst_buffer_get_size (buffer);
  text = g_malloc0 (size + 1);
  gst_buffer_extract (buffer, 0, text, size);
  return text;
}

static GstHarness *
munger_new (const gchar *browser)
{
  GstHarness *harness = gst_harness_new ("sdpmunger");

  gst_util_set_object_arg (G_OBJECT (harness->element), "browser", browser);
  gst_harness_set_src_caps_str (harness, "application/sdp");
  return harness;
}

GST_START_TEST (a_description_in_any_pieces_leaves_whole)
{
  for (gsize piece = 1; piece < 100; piece += 7) {
    GstHarness *harness = munger_new ("safari");
    g_autofree gchar *text = NULL;

    push_text (harness, SAFARI_HIGH, piece);
    ck_assert_uint_eq (gst_harness_buffers_received (harness), 0);
    ck_assert (gst_harness_push_event (harness, gst_event_new_eos ()));
    text = pull_text (harness);
    ck_assert_str_eq (text, SAFARI_LOW);
    gst_harness_teardown (harness);
  }
}
GST_END_TEST;

GST_START_TEST (the_rules_that_fired_are_reported)
{
  GstHarness *harness = munger_new ("safari");
  g_autoptr (GstBus) bus = gst_bus_new ();
  g_autoptr (GstMessage) message = NULL;
  g_autofree gchar *report = NULL;

  gst_element_set_bus (harness->element, bus);
  push_text (harness, SAFARI_HIGH, 100);
  gst_harness_push_event (harness, gst_event_new_eos ());
  message = gst_bus_pop_filtered (bus, GST_MESSAGE_ELEMENT);
  ck_assert (gst_message_has_name (message, "sdp-munged"));
  g_object_get (harness->element, "last-report", &report, NULL);
  ck_assert (g_str_has_prefix (report, "h264-label, 1 line: "));
  ck_assert_str_eq (gst_structure_get_string (gst_message_get_structure (
                                                  message),
                        "report"),
      report);
  gst_element_set_bus (harness->element, NULL);
  gst_harness_teardown (harness);
}
GST_END_TEST;

static void
assert_error (const gchar *text, gsize size, const gchar *says)
{
  GstHarness *harness = munger_new ("auto");
  g_autoptr (GstBus) bus = gst_bus_new ();
  g_autoptr (GstMessage) message = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree gchar *debug = NULL;

  gst_element_set_bus (harness->element, bus);
  if (size > 0)
    gst_harness_push (harness, gst_buffer_new_memdup (text, size));
  gst_harness_push_event (harness, gst_event_new_eos ());
  message = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);
  ck_assert (message != NULL);
  gst_message_parse_error (message, &error, &debug);
  ck_assert_msg (strstr (error->message, says) != NULL ||
          strstr (debug, says) != NULL,
      "%s %s", error->message, debug);
  ck_assert_uint_eq (gst_harness_buffers_received (harness), 0);
  gst_element_set_bus (harness->element, NULL);
  gst_harness_teardown (harness);
}

GST_START_TEST (an_invalid_description_is_an_error_that_names_the_line)
{
  assert_error ("v=0\r\nhello\r\n", 12, "Line 2");
  assert_error ("v=0\r\nm=video\r\n", 14, "Line 2");
  assert_error ("v=0\r\n\0", 6, "NUL");
  assert_error ("", 0, "Line 1");
}
GST_END_TEST;

GST_START_TEST (an_application_can_munge_without_a_pipeline)
{
  g_autoptr (GstElement) munger = gst_element_factory_make ("sdpmunger", NULL);
  g_autofree gchar *munged = NULL, *nothing = NULL;

  gst_util_set_object_arg (G_OBJECT (munger), "browser", "safari");
  g_signal_emit_by_name (munger, "munge", SAFARI_HIGH, &munged);
  ck_assert_str_eq (munged, SAFARI_LOW);
  g_signal_emit_by_name (munger, "munge", "hello", &nothing);
  ck_assert (nothing == NULL);
}
GST_END_TEST;

/* Two that differ only in this: it does not show which browser wrote it. */
#define NAMELESS                                                               \
  "v=0\r\nm=video 9 X 96\r\na=setup:actpass\r\n"                               \
  "a=fmtp:96 profile-level-id=640028\r\n"

GST_START_TEST (the_user_agent_decides_where_nothing_else_does)
{
  g_autoptr (GstElement) munger = gst_element_factory_make ("sdpmunger", NULL);
  g_autofree gchar *plain = NULL, *firefox = NULL;

  g_signal_emit_by_name (munger, "munge", NAMELESS, &plain);
  ck_assert_str_eq (plain, NAMELESS);
  g_object_set (munger, "user-agent", "Mozilla/5.0 Firefox/153.0", NULL);
  g_signal_emit_by_name (munger, "munge", NAMELESS, &firefox);
  ck_assert_str_eq (firefox, VIDEO ("actpass", "42e01f"));
}
GST_END_TEST;

static const struct
{
  const gchar *property, *value, *in, *out;
} settings[] = {
  { "profile-level-id", "4d4028", VIDEO ("actpass", "42e01f"),
      VIDEO ("actpass", "4d001f") },
  { "profile-level-id", "", VIDEO ("actpass", "42e01f"),
      VIDEO ("actpass", "42e01f") },
  { "profile-level-id", "high", VIDEO ("actpass", "42e01f"), NULL },
  { "force-profile-level-id", "640c1f", VIDEO ("passive", "42e01f"),
      VIDEO ("passive", "640c1f") },
  { "force-profile-level-id", "640c1f0", VIDEO ("passive", "42e01f"), NULL },
  { "skip-rules", "no-names,h264-label", VIDEO ("actpass", "640028"),
      VIDEO ("actpass", "640028") },
};

GST_START_TEST (properties_control_the_rules)
{
  for (guint i = 0; i < G_N_ELEMENTS (settings); i++) {
    g_autoptr (GstElement) munger =
        gst_element_factory_make ("sdpmunger", NULL);
    g_autofree gchar *munged = NULL, *value = NULL;

    gst_util_set_object_arg (G_OBJECT (munger), "browser", "chrome");
    g_object_set (munger, settings[i].property, settings[i].value, NULL);
    g_object_get (munger, settings[i].property, &value, NULL);
    ck_assert_str_eq (value, settings[i].value);
    g_signal_emit_by_name (munger, "munge", settings[i].in, &munged);
    ck_assert_msg (g_strcmp0 (munged, settings[i].out) == 0, "%s=%s: %s",
        settings[i].property, settings[i].value, munged);
  }
}
GST_END_TEST;

#define FINGERPRINT                                                            \
  "AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:"   \
  "22:33:44:55:66:77:88:99"
#define SERVER                                                                 \
  "facts, ice-ufrag=(string)ouruf, "                                           \
  "ice-pwd=(string)our0123456789abcdefghijk, "                                 \
  "fingerprint=(string)\"" FINGERPRINT "\", video-ssrc=(uint)1, "              \
  "audio-ssrc=(uint)2"

static gchar *
ask (GstElement *munger, const gchar *offer, const gchar *facts)
{
  g_autoptr (GstStructure) structure = gst_structure_from_string (facts, NULL);
  gchar *answer = NULL;

  ck_assert_msg (structure != NULL, "%s", facts);
  g_signal_emit_by_name (munger, "answer", offer, structure, &answer);
  return answer;
}

GST_START_TEST (a_server_can_have_offers_answered)
{
  static const SdpCheckFacts stream = { "H264", "OPUS", 0x4d4028 };
  g_autoptr (GstElement) munger = gst_element_factory_make ("sdpmunger", NULL);
  g_autofree gchar *offer = browser_offer_load ("chromium-156-linux");
  g_autofree gchar *answer = NULL, *report = NULL, *breaches = NULL;

  g_object_set (munger, "profile-level-id", "4d4028", NULL);
  answer = ask (munger, offer,
      SERVER ", video-rtx-ssrc=(uint)3, port=(uint)8080, "
             "addresses=(string)\"192.0.2.1 fd00::1\"");
  ck_assert (answer != NULL);
  breaches = sdp_check_answer (offer, strlen (offer), answer, &stream);
  ck_assert_msg (breaches == NULL, "%s%s", breaches, answer);
  ck_assert (strstr (answer, "m=video 8080 UDP/TLS/RTP/SAVPF 116 117") != NULL);
  ck_assert (strstr (answer, "udp 2130706175 fd00::1 8080 typ host") != NULL);
  g_object_get (munger, "last-report", &report, NULL);
  ck_assert_msg (strstr (report, "rtx-without-mid, 1 line: ") != NULL &&
          strstr (report, "h264-label, 1 line: ") != NULL,
      "%s", report);
}
GST_END_TEST;

static const struct
{
  const gchar *offer, *facts, *error;
} rejections[] = {
  { "firefox-153-no-h264", SERVER, "no-video-codec: This browser offers no" },
  { "made/ice-lite", SERVER, "ice-lite: " },
  { "chromium-156-linux", "facts",
      "facts: The field \"ice-ufrag\" is missing" },
  { "chromium-156-linux", SERVER ", cname=(string)\"a b\"",
      "facts: The field \"cname\" contains" },
  { "chromium-156-linux", SERVER ", cname=(int)1",
      "facts: The field \"cname\" is missing or not a string" },
  { "chromium-156-linux", SERVER ", video-rtx-ssrc=(uint)0",
      "facts: The field \"video-rtx-ssrc\" is missing, 0" },
  { "chromium-156-linux", SERVER ", addresses=(string)gateway.lan",
      "facts: The field \"addresses\" contains" },
  { "chromium-156-linux", SERVER ", addresses=(string)192.0.2.1",
      "facts: The field \"port\" is missing" },
  { "chromium-156-linux", SERVER ", profile-level-id=(string)high",
      "facts: The field \"profile-level-id\" is not" },
};

GST_START_TEST (an_offer_that_cannot_be_answered_sets_last_error)
{
  for (guint i = 0; i < G_N_ELEMENTS (rejections); i++) {
    g_autoptr (GstElement) munger =
        gst_element_factory_make ("sdpmunger", NULL);
    g_autofree gchar *offer = browser_offer_load (rejections[i].offer);
    g_autofree gchar *answer = ask (munger, offer, rejections[i].facts);
    g_autofree gchar *error = NULL, *report = NULL;

    g_object_get (munger, "last-error", &error, "last-report", &report, NULL);
    ck_assert (answer == NULL && report == NULL);
    ck_assert_msg (g_str_has_prefix (error, rejections[i].error), "%s", error);
  }
}
GST_END_TEST;

GST_START_TEST (a_rejection_is_a_message_with_a_type_a_title_and_a_detail)
{
  g_autoptr (GstElement) munger = gst_element_factory_make ("sdpmunger", NULL);
  g_autofree gchar *offer = browser_offer_load ("made/setup-passive");
  g_autofree gchar *answer = NULL;
  g_autoptr (GstBus) bus = gst_bus_new ();
  g_autoptr (GstMessage) message = NULL;
  const GstStructure *rejection;

  gst_element_set_bus (munger, bus);
  answer = ask (munger, offer, SERVER);
  message = gst_bus_pop_filtered (bus, GST_MESSAGE_ELEMENT);
  ck_assert (gst_message_has_name (message, "sdp-refused"));
  rejection = gst_message_get_structure (message);
  ck_assert_str_eq (gst_structure_get_string (rejection, "type"), "setup");
  ck_assert_str_eq (gst_structure_get_string (rejection, "title"),
      "The player can't begin the DTLS handshake");
  ck_assert_str_eq (gst_structure_get_string (rejection, "detail"),
      "This player can't be connected: its offer must say a=setup:actpass or "
      "active.");
  gst_element_set_bus (munger, NULL);
}
GST_END_TEST;

/* The differing lines, prefixed with "-" and "+". */
static gchar *
difference (const gchar *a, const gchar *b)
{
  g_auto (GStrv) old = g_strsplit (a, "\r\n", -1);
  g_auto (GStrv) new = g_strsplit (b, "\r\n", -1);
  GString *text = g_string_new (NULL);

  for (guint i = 0; old[i] != NULL; i++)
    if (!g_strv_contains ((const gchar *const *) new, old[i]))
      g_string_append_printf (text, "-%s\n", old[i]);
  for (guint i = 0; new[i] != NULL; i++)
    if (!g_strv_contains ((const gchar *const *) old, new[i]))
      g_string_append_printf (text, "+%s\n", new[i]);
  return g_string_free (text, FALSE);
}

#define LABEL(sign, pt, mode, id)                                              \
  sign "a=fmtp:" pt " level-asymmetry-allowed=1;packetization-mode=" mode      \
       ";profile-level-id=" id "\n"
#define OPUS "a=fmtp:111 minptime=10;useinbandfec=1"
#define SAFARI_CHANGES                                                         \
  LABEL ("-", "96", "1", "640c34")                                             \
  LABEL ("-", "98", "1", "42e034")                                             \
  LABEL ("-", "100", "0", "640c34")                                            \
  LABEL ("-", "103", "0", "42e034")                                            \
  "-" OPUS "\n" LABEL ("+", "96", "1", "640c1f")                               \
      LABEL ("+", "98", "1", "42e01f") LABEL ("+", "100", "0", "640c1f")       \
          LABEL ("+", "103", "0", "42e01f") "+" OPUS                           \
                                            ";stereo=1;sprop-stereo=1\n"

GST_START_TEST (a_file_can_be_munged_on_the_command_line)
{
  g_autofree gchar *offer = browser_offer_load ("made/safari-ios-2025");
  g_autofree gchar *path = NULL, *line = NULL, *munged = NULL, *changes = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GstElement) pipeline = NULL;
  g_autoptr (GstBus) bus = NULL;
  g_autoptr (GstMessage) message = NULL;
  gint fd = g_file_open_tmp ("sdpmunger-XXXXXX", &path, &error);

  g_assert_no_error (error);
  line = g_strdup_printf ("filesrc location=%s/offers/made/safari-ios-2025.sdp "
                          "! sdpmunger browser=safari ! fdsink fd=%d",
      g_getenv ("SUPPORT_DIR"), fd);
  pipeline = gst_parse_launch (line, &error);
  g_assert_no_error (error);
  bus = gst_element_get_bus (pipeline);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  message = gst_bus_timed_pop_filtered (bus, GST_CLOCK_TIME_NONE,
      GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  ck_assert_int_eq (GST_MESSAGE_TYPE (message), GST_MESSAGE_EOS);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  g_close (fd, NULL);
  g_file_get_contents (path, &munged, NULL, NULL);
  g_unlink (path);
  changes = difference (offer, munged);
  ck_assert_str_eq (changes, SAFARI_CHANGES);
}
GST_END_TEST;

static Suite *
sdpmunger_suite (void)
{
  Suite *suite = suite_create ("sdpmunger");
  TCase *tcase = tcase_create ("sdpmunger");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_description_in_any_pieces_leaves_whole);
  tcase_add_test (tcase, the_rules_that_fired_are_reported);
  tcase_add_test (tcase,
      an_invalid_description_is_an_error_that_names_the_line);
  tcase_add_test (tcase, an_application_can_munge_without_a_pipeline);
  tcase_add_test (tcase, the_user_agent_decides_where_nothing_else_does);
  tcase_add_test (tcase, properties_control_the_rules);
  tcase_add_test (tcase, a_server_can_have_offers_answered);
  tcase_add_test (tcase, an_offer_that_cannot_be_answered_sets_last_error);
  tcase_add_test (tcase,
      a_rejection_is_a_message_with_a_type_a_title_and_a_detail);
  tcase_add_test (tcase, a_file_can_be_munged_on_the_command_line);
  return suite;
}

GST_CHECK_MAIN (sdpmunger);
