/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is said of a publisher arrives as it was sent, within its limits. */

#include "gst/publisher/gstpublisherevents.h"

#include <gst/check/gstcheck.h>
#include <string.h>

static const GstPublisherFacts facts = {
  .id = "1f2e-7",
  .address = "192.0.2.7",
  .port = 4711,
  .encoder = "obs-output module",
  .protocol = "rtmps",
  .since_us = G_GINT64_CONSTANT (1796000000000000),
};

static GstEvent *
custom_event (GstEventType type, const gchar *text)
{
  return gst_event_new_custom (type, gst_structure_from_string (text, NULL));
}

GST_START_TEST (an_event_carries_all_that_is_known)
{
  GstEvent *event = gst_publisher_event_new (&facts);
  GstPublisherFacts read;

  ck_assert (GST_EVENT_IS_STICKY (event) && GST_EVENT_IS_SERIALIZED (event));
  ck_assert (gst_publisher_event_parse (event, &read));
  ck_assert_str_eq (read.id, facts.id);
  ck_assert_str_eq (read.address, facts.address);
  ck_assert_uint_eq (read.port, facts.port);
  ck_assert_str_eq (read.encoder, facts.encoder);
  ck_assert_str_eq (read.protocol, facts.protocol);
  ck_assert_int_eq (read.since_us, facts.since_us);
  gst_event_unref (event);
}
GST_END_TEST;

GST_START_TEST (an_encoder_may_be_unknown)
{
  GstPublisherFacts silent = facts, read;
  GstEvent *event;

  silent.encoder = NULL;
  event = gst_publisher_event_new (&silent);
  ck_assert (gst_publisher_event_parse (event, &read));
  ck_assert (read.encoder == NULL);
  gst_event_unref (event);
}
GST_END_TEST;

/* As long as one text may be, and longer, ending within a character, or with
 * bytes that are none. */
GST_START_TEST (a_text_is_valid_and_bounded)
{
  static const gchar *const letters[] = { "a", "\xc3\xa4", "\xe2\x82\xac",
    "\xf0\x9f\x98\x80", "\xff", "a\xe2" };

  for (guint i = 0; i < G_N_ELEMENTS (letters); i++) {
    for (guint n = 0; n < 2 * GST_PUBLISHER_MAX_TEXT_BYTES; n++) {
      GString *text = g_string_new (NULL);
      GstPublisherFacts hostile = facts, read;
      GstEvent *event;

      while (text->len < n)
        g_string_append (text, letters[i]);
      hostile.encoder = text->str;
      event = gst_publisher_event_new (&hostile);
      ck_assert (gst_publisher_event_parse (event, &read));
      ck_assert (g_utf8_validate (read.encoder, -1, NULL));
      ck_assert_uint_le (strlen (read.encoder), GST_PUBLISHER_MAX_TEXT_BYTES);
      ck_assert (n == 0 || *read.encoder != '\0');
      gst_event_unref (event);
      g_string_free (text, TRUE);
    }
  }
}
GST_END_TEST;

GST_START_TEST (an_event_of_others_is_not_ours)
{
  static const struct
  {
    GstEventType type;
    const gchar *text;
  } others[] = {
    { GST_EVENT_CUSTOM_DOWNSTREAM_STICKY, "other" },
    { GST_EVENT_CUSTOM_DOWNSTREAM_STICKY, GST_PUBLISHER_EVENT },
    { GST_EVENT_CUSTOM_DOWNSTREAM,
        GST_PUBLISHER_EVENT ", id=a, address=b, protocol=rtmp, port=(uint)1, "
                            "since=(gint64)1" },
    { GST_EVENT_CUSTOM_DOWNSTREAM_STICKY,
        GST_PUBLISHER_EVENT ", id=(uint)7, address=b, protocol=rtmp, "
                            "port=(uint)1, since=(gint64)1" },
    { GST_EVENT_CUSTOM_DOWNSTREAM_STICKY,
        GST_PUBLISHER_EVENT ", id=a, address=b, protocol=rtmp, port=(int)1, "
                            "since=(gint64)1" },
    { GST_EVENT_CUSTOM_UPSTREAM, GST_PUBLISHER_DISCONNECT_EVENT },
    { GST_EVENT_CUSTOM_UPSTREAM,
        GST_PUBLISHER_DISCONNECT_EVENT ", reason=(uint)7" },
    { GST_EVENT_CUSTOM_UPSTREAM, "other, reason=go" },
    { GST_EVENT_CUSTOM_BOTH, GST_PUBLISHER_DISCONNECT_EVENT ", reason=go" },
  };
  GstEvent *bare = gst_event_new_eos ();
  const gchar *reason;
  GstClockTime refuse_for;
  GstPublisherFacts read;

  for (guint i = 0; i < G_N_ELEMENTS (others); i++) {
    GstEvent *event = custom_event (others[i].type, others[i].text);

    ck_assert_msg (!gst_publisher_event_parse (event, &read), "%s",
        others[i].text);
    ck_assert_msg (!gst_publisher_disconnect_event_parse (event, &reason,
                       &refuse_for),
        "%s", others[i].text);
    gst_event_unref (event);
  }
  ck_assert (!gst_publisher_event_parse (bare, &read));
  ck_assert (
      !gst_publisher_disconnect_event_parse (bare, &reason, &refuse_for));
  gst_event_unref (bare);
}
GST_END_TEST;

GST_START_TEST (a_refusal_is_limited_to_a_day)
{
  static const struct
  {
    GstClockTime asked;
    GstClockTime granted;
  } times[] = {
    { 0, 0 },
    { 90 * GST_SECOND, 90 * GST_SECOND },
    { GST_PUBLISHER_MAX_REFUSAL, GST_PUBLISHER_MAX_REFUSAL },
    { GST_PUBLISHER_MAX_REFUSAL + 1, GST_PUBLISHER_MAX_REFUSAL },
    { GST_CLOCK_TIME_NONE, GST_PUBLISHER_MAX_REFUSAL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (times); i++) {
    GstEvent *event =
        gst_publisher_disconnect_event_new ("not now", times[i].asked);
    GstEvent *by_others = custom_event (GST_EVENT_CUSTOM_UPSTREAM,
        GST_PUBLISHER_DISCONNECT_EVENT ", reason=(string)\"not now\"");
    const gchar *reason;
    GstClockTime refuse_for;

    ck_assert (
        gst_publisher_disconnect_event_parse (event, &reason, &refuse_for));
    ck_assert_str_eq (reason, "not now");
    ck_assert_uint_eq (refuse_for, times[i].granted);
    gst_structure_set (gst_event_writable_structure (by_others), "refuse-for",
        G_TYPE_UINT64, times[i].asked, NULL);
    ck_assert (
        gst_publisher_disconnect_event_parse (by_others, &reason, &refuse_for));
    ck_assert_uint_eq (refuse_for, times[i].granted);
    gst_event_unref (event);
    gst_event_unref (by_others);
  }
}
GST_END_TEST;

GST_START_TEST (an_arrival_is_answered_or_not)
{
  const GstPublisherArrival arrival = { 1ull << 40, 7, 1500,
    { .gop_us = 2000000, .skew_us = -1 } };
  GstQuery *query = gst_publisher_arrival_query_new ();
  GstQuery *other = gst_query_new_uri ();
  GstPublisherArrival read;

  ck_assert (gst_publisher_arrival_query_is (query));
  ck_assert (!gst_publisher_arrival_query_is (other));
  ck_assert (!gst_publisher_arrival_query_parse (query, &read));
  gst_publisher_arrival_query_set (query, &arrival);
  ck_assert (gst_publisher_arrival_query_parse (query, &read));
  ck_assert_uint_eq (read.n_bytes, arrival.n_bytes);
  ck_assert_uint_eq (read.n_tags, arrival.n_tags);
  ck_assert_uint_eq (read.jitter_us, arrival.jitter_us);
  ck_assert_int_eq (read.figures.gop_us, arrival.figures.gop_us);
  ck_assert_int_eq (read.figures.skew_us, arrival.figures.skew_us);
  ck_assert_int_eq (read.figures.drift_ppm, 0);
  gst_query_unref (query);
  gst_query_unref (other);
}
GST_END_TEST;

static Suite *
gstpublisherevents_suite (void)
{
  Suite *suite = suite_create ("gstpublisherevents");
  TCase *tests = tcase_create ("gstpublisherevents");

  tcase_add_test (tests, an_event_carries_all_that_is_known);
  tcase_add_test (tests, an_encoder_may_be_unknown);
  tcase_add_test (tests, a_text_is_valid_and_bounded);
  tcase_add_test (tests, an_event_of_others_is_not_ours);
  tcase_add_test (tests, a_refusal_is_limited_to_a_day);
  tcase_add_test (tests, an_arrival_is_answered_or_not);
  suite_add_tcase (suite, tests);
  return suite;
}

GST_CHECK_MAIN (gstpublisherevents);
