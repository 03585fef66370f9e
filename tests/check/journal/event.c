/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Events: their names, fields and times. */

#include "gst/journal/event.h"

#include <gst/check/gstcheck.h>
#include <string.h>

static const struct
{
  const gchar *name;
  gboolean is_public;
} kinds[] = {
  { "publisher-added", TRUE },
  { "publisher-removed", TRUE },
  { "publisher-refused", FALSE },
  { "player-added", TRUE },
  { "player-removed", TRUE },
  { "player-refused", FALSE },
  { "viewer-added", TRUE },
  { "viewer-removed", TRUE },
  { "viewer-refused", FALSE },
  { "recording-started", TRUE },
  { "recording-ended", TRUE },
};

GST_START_TEST (a_rejection_is_for_administrators_only)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++) {
    g_autoptr (JournalEvent) event = journal_event_new (kinds[i].name);

    ck_assert_str_eq (event->name, kinds[i].name);
    ck_assert_msg (journal_event_is_public (event) == kinds[i].is_public, "%s",
        kinds[i].name);
  }
}
GST_END_TEST;

GST_START_TEST (other_messages_are_no_events)
{
  ck_assert (journal_event_new ("track-added") == NULL);
  ck_assert (journal_event_new ("") == NULL);
}
GST_END_TEST;

static const struct
{
  gint64 time_us;
  const gchar *text;
} times[] = {
  { 0, "1970-01-01T00:00:00.000000Z" },
  { 1767323045000123, "2026-01-02T03:04:05.000123Z" },
  { 1709164799999999, "2024-02-28T23:59:59.999999Z" },
  { 1709164800000000, "2024-02-29T00:00:00.000000Z" },
};

GST_START_TEST (a_time_is_that_of_rfc_3339)
{
  for (guint i = 0; i < G_N_ELEMENTS (times); i++) {
    g_autoptr (JournalEvent) event = journal_event_new ("viewer-added");
    g_autofree gchar *text = NULL;

    event->time_us = times[i].time_us;
    text = journal_event_dup_time (event);
    ck_assert_str_eq (text, times[i].text);
  }
}
GST_END_TEST;

GST_START_TEST (an_id_is_a_number)
{
  g_autoptr (JournalEvent) event = journal_event_new ("viewer-added");
  g_autofree gchar *id = NULL;

  event->id = 1767323045000123;
  id = journal_event_dup_id (event);
  ck_assert_str_eq (id, "1767323045000123");
}
GST_END_TEST;

GST_START_TEST (texts_are_cut_off_and_valid)
{
  g_autoptr (JournalEvent) event = journal_event_new ("publisher-refused");
  g_autofree gchar *many = g_strnfill (2 * JOURNAL_EVENT_MAX_TEXT, 'a');
  const JournalField *first = journal_event_texts;

  journal_event_set_text (event, first, many);
  ck_assert_uint_eq (strlen (event->stream), JOURNAL_EVENT_MAX_TEXT);
  journal_event_set_text (event, first, "live/\xff");
  ck_assert (g_utf8_validate (event->stream, -1, NULL));
  journal_event_set_text (event, first, NULL);
  ck_assert (event->stream == NULL);
}
GST_END_TEST;

GST_START_TEST (numbers_are_unknown_at_first)
{
  g_autoptr (JournalEvent) event = journal_event_new ("publisher-removed");

  ck_assert (event->duration_ns == JOURNAL_EVENT_UNKNOWN);
  ck_assert (event->n_bytes == JOURNAL_EVENT_UNKNOWN);
  ck_assert (event->n_untold == JOURNAL_EVENT_UNKNOWN);
  journal_event_set_number (event, &journal_event_numbers[1], 7);
  ck_assert_uint_eq (event->n_bytes, 7);
}
GST_END_TEST;

static Suite *
event_suite (void)
{
  Suite *suite = suite_create ("event");
  TCase *tcase = tcase_create ("event");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_rejection_is_for_administrators_only);
  tcase_add_test (tcase, other_messages_are_no_events);
  tcase_add_test (tcase, a_time_is_that_of_rfc_3339);
  tcase_add_test (tcase, an_id_is_a_number);
  tcase_add_test (tcase, texts_are_cut_off_and_valid);
  tcase_add_test (tcase, numbers_are_unknown_at_first);
  return suite;
}

GST_CHECK_MAIN (event);
