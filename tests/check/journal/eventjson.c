/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Events as JSON, in full and for viewers. */

#include "gst/journal/eventjson.h"

#include <gst/check/gstcheck.h>

#define HEADING(name)                                                          \
  "{\"id\":\"1767323045000123\",\"time\":\"2026-01-02T03:04:05.000123Z\","     \
  "\"event\":\"" name "\""

static JournalEvent *
event_new (const gchar *name)
{
  JournalEvent *event = journal_event_new (name);

  event->id = 1767323045000123;
  event->time_us = 1767323045000123;
  return event;
}

/* Fills in all fields, each text with its own name. */
static JournalEvent *
full_event_new (const gchar *name)
{
  JournalEvent *event = event_new (name);

  for (const JournalField *field = journal_event_texts;
       field->json_name != NULL; field++)
    journal_event_set_text (event, field, field->message_name);
  for (const JournalField *field = journal_event_numbers;
       field->json_name != NULL; field++)
    journal_event_set_number (event, field, 2500000);
  return event;
}

static void
assert_json (JournalEvent *event, gboolean is_public, const gchar *expected)
{
  g_autofree gchar *json = journal_event_to_json (event, is_public);

  ck_assert_str_eq (json, expected);
}

GST_START_TEST (everything_known_is_a_member)
{
  g_autoptr (JournalEvent) event = full_event_new ("viewer-removed");

  assert_json (event, FALSE,
      HEADING ("viewer-removed") ",\"stream\":\"stream-name\",\"viewer\":\"id\""
                                 ",\"address\":\"address\",\"encoder\":"
                                 "\"encoder\",\"user_agent\":\"user-agent\","
                                 "\"video\":\"video\",\"audio\":\"audio\","
                                 "\"location\":\"location\","
                                 "\"reason\":\"reason\",\"duration_ms\":2,"
                                 "\"bytes\":2500000,\"untold\":2500000}");
}
GST_END_TEST;

GST_START_TEST (what_is_not_known_is_omitted)
{
  g_autoptr (JournalEvent) event = event_new ("publisher-added");

  assert_json (event, FALSE, HEADING ("publisher-added") "}");
}
GST_END_TEST;

GST_START_TEST (viewers_see_no_address_name_or_reason)
{
  g_autoptr (JournalEvent) event = full_event_new ("viewer-removed");

  assert_json (event, TRUE,
      HEADING ("viewer-removed") ",\"stream\":\"stream-name\",\"viewer\":\"id\""
                                 ",\"video\":\"video\",\"audio\":\"audio\","
                                 "\"duration_ms\":2,\"bytes\":2500000}");
}
GST_END_TEST;

GST_START_TEST (a_text_does_not_end_the_string_or_the_line)
{
  g_autoptr (JournalEvent) event = event_new ("publisher-refused");

  journal_event_set_text (event, journal_event_texts, "a\"b\\c\nd\x1b\r");
  assert_json (event, FALSE,
      HEADING (
          "publisher-refused") ",\"stream\":\"a\\\"b\\\\c\\nd\\u001b\\r\"}");
}
GST_END_TEST;

GST_START_TEST (a_large_number_is_not_negative)
{
  g_autoptr (JournalEvent) event = event_new ("viewer-removed");

  event->n_bytes = G_MAXUINT64 - 1;
  assert_json (event, FALSE,
      HEADING ("viewer-removed") ",\"bytes\":9223372036854775807}");
}
GST_END_TEST;

static Suite *
eventjson_suite (void)
{
  Suite *suite = suite_create ("eventjson");
  TCase *tcase = tcase_create ("eventjson");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, everything_known_is_a_member);
  tcase_add_test (tcase, what_is_not_known_is_omitted);
  tcase_add_test (tcase, viewers_see_no_address_name_or_reason);
  tcase_add_test (tcase, a_text_does_not_end_the_string_or_the_line);
  tcase_add_test (tcase, a_large_number_is_not_negative);
  return suite;
}

GST_CHECK_MAIN (eventjson);
