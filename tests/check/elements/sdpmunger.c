/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A description goes in, in any pieces, and comes out fit for the browser. */

#include <gst/check/gstcheck.h>
#include <gst/check/gstharness.h>
#include <string.h>

#define SAFARI_HIGH                                                            \
  "v=0\r\nm=video 9 X 96\r\na=fmtp:96 profile-level-id=640034\r\n"
#define SAFARI_LOW                                                             \
  "v=0\r\nm=video 9 X 96\r\na=fmtp:96 profile-level-id=64001f\r\n"

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

GST_START_TEST (a_description_comes_whole_whatever_its_pieces)
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

GST_START_TEST (it_tells_which_rules_fired)
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
  ck_assert (g_str_has_prefix (report, "level-3.1, 1 lines: "));
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
  gst_harness_push (harness, gst_buffer_new_memdup (text, size));
  gst_harness_push_event (harness, gst_event_new_eos ());
  message = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);
  ck_assert (message != NULL);
  gst_message_parse_error (message, &error, &debug);
  ck_assert_msg (strstr (debug, says) != NULL, "%s", debug);
  ck_assert_uint_eq (gst_harness_buffers_received (harness), 0);
  gst_element_set_bus (harness->element, NULL);
  gst_harness_teardown (harness);
}

GST_START_TEST (what_is_no_description_is_an_error_that_names_the_line)
{
  assert_error ("v=0\r\nhello\r\n", 12, "Line 2");
  assert_error ("v=0\r\n\0", 6, "NUL");
}
GST_END_TEST;

GST_START_TEST (an_application_can_ask_without_a_pipeline)
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

GST_START_TEST (the_user_agent_counts_where_nothing_else_tells)
{
  static const gchar text[] = "v=0\r\nm=audio 9 X 111\r\n"
                              "a=rtpmap:111 opus/48000/2\r\na=fmtp:111 a=1\r\n";
  g_autoptr (GstElement) munger = gst_element_factory_make ("sdpmunger", NULL);
  g_autofree gchar *plain = NULL, *stereo = NULL;

  g_signal_emit_by_name (munger, "munge", text, &plain);
  ck_assert_str_eq (plain, text);
  g_object_set (munger, "user-agent", "Mozilla/5.0 Chrome/156.0", NULL);
  g_signal_emit_by_name (munger, "munge", text, &stereo);
  ck_assert (strstr (stereo, "stereo=1") != NULL);
}
GST_END_TEST;

static Suite *
sdpmunger_suite (void)
{
  Suite *suite = suite_create ("sdpmunger");
  TCase *tcase = tcase_create ("sdpmunger");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_description_comes_whole_whatever_its_pieces);
  tcase_add_test (tcase, it_tells_which_rules_fired);
  tcase_add_test (tcase,
      what_is_no_description_is_an_error_that_names_the_line);
  tcase_add_test (tcase, an_application_can_ask_without_a_pipeline);
  tcase_add_test (tcase, the_user_agent_counts_where_nothing_else_tells);
  return suite;
}

GST_CHECK_MAIN (sdpmunger);
