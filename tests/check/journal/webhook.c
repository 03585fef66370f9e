/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Events that are posted to a server: that accepts them, fails, hangs, is
 * restarted, or is not there. */

#include "gst/journal/eventjson.h"
#include "gst/journal/signature.h"
#include "gst/journal/webhook-io.h"
#include "tests/support/hookserver.h"

#include <glib/gstdio.h>
#include <gst/check/gstcheck.h>

#define SECRET "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
#define OTHER_SECRET "abcdefghijklmnopqrstuvwxyz"

typedef struct
{
  HookServer *server;
  Journal *journal;
  JournalWebhook *webhook;
  GAsyncQueue *warnings; /* of gchar */
} Fixture;

static void
on_warning (const gchar *words, gpointer warnings)
{
  g_async_queue_push (warnings, g_strdup (words));
}

static void
fixture_init (Fixture *self, const gchar *secret_file)
{
  g_autoptr (GError) error = NULL;
  JournalWebhookParams params;

  self->server = hook_server_new ();
  self->journal = journal_new ();
  self->warnings = g_async_queue_new_full (g_free);
  params = (JournalWebhookParams){
    .url = hook_server_url (self->server),
    .secret_file = secret_file,
    .warn = on_warning,
    .user_data = self->warnings,
  };
  self->webhook = journal_webhook_new (self->journal, &params, &error);
  g_assert_no_error (error);
}

static void
fixture_clear (Fixture *self)
{
  journal_webhook_free (self->webhook);
  journal_unref (self->journal);
  hook_server_free (self->server);
  g_async_queue_unref (self->warnings);
}

static JournalEvent *
append (Fixture *self, const gchar *stream)
{
  JournalEvent *event = journal_event_new ("viewer-added");

  journal_event_set_text (event, journal_event_texts, stream);
  journal_append (self->journal, event);
  return event;
}

static void
assert_received (Fixture *self, JournalEvent *event)
{
  g_autoptr (HookRequest) request = hook_server_pop_request (self->server);
  g_autofree gchar *id = journal_event_dup_id (event);
  g_autofree gchar *body = journal_event_to_json (event, FALSE);

  ck_assert_str_eq (request->id, id);
  ck_assert_str_eq (request->body, body);
}

GST_START_TEST (events_are_posted_in_order)
{
  JournalEvent *events[50];
  Fixture fixture;

  fixture_init (&fixture, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (events); i++)
    events[i] = append (&fixture, "live/yes");
  for (guint i = 0; i < G_N_ELEMENTS (events); i++) {
    assert_received (&fixture, events[i]);
    journal_event_unref (events[i]);
  }
  fixture_clear (&fixture);
}
GST_END_TEST;

GST_START_TEST (an_event_is_repeated_until_it_is_accepted)
{
  g_autoptr (JournalEvent) first = NULL, second = NULL;
  Fixture fixture;

  fixture_init (&fixture, NULL);
  first = append (&fixture, "live/second");
  second = append (&fixture, "live/second");
  assert_received (&fixture, first);
  assert_received (&fixture, first);
  assert_received (&fixture, second);
  fixture_clear (&fixture);
}
GST_END_TEST;

/* Returns once the web hook has taken all events so far. */
static void
pass_by (Fixture *self)
{
  g_autoptr (JournalEvent) event = append (self, "live/yes");

  assert_received (self, event);
}

static void
assert_warned (Fixture *self, const gchar *words)
{
  g_autofree gchar *warning = g_async_queue_try_pop (self->warnings);

  ck_assert_msg (warning != NULL && g_str_has_prefix (warning, words), "%s",
      warning);
}

GST_START_TEST (the_operator_is_warned_once_of_a_server_that_fails)
{
  g_autoptr (JournalEvent) event = NULL;
  Fixture fixture;

  fixture_init (&fixture, NULL);
  event = append (&fixture, "live/broken");
  /* The second time, what came of the first one is known. */
  assert_received (&fixture, event);
  assert_received (&fixture, event);
  g_clear_pointer (&fixture.webhook, journal_webhook_free);
  assert_warned (&fixture,
      "Events are not accepted and will be sent again: "
      "the server answers 500");
  ck_assert_int_eq (g_async_queue_length (fixture.warnings), 0);
  fixture_clear (&fixture);
}
GST_END_TEST;

GST_START_TEST (the_operator_is_warned_once_of_events_that_are_dropped)
{
  Fixture fixture;

  fixture_init (&fixture, NULL);
  for (guint i = 0; i < JOURNAL_MAX_EVENTS + 10; i++) {
    g_autoptr (JournalEvent) event = append (&fixture, "live/slow");

    /* The first is on its way, and the others are queued in time. */
    if (i == 0)
      g_free (hook_server_pop (fixture.server));
    if (i % 100 == 0)
      pass_by (&fixture);
  }
  pass_by (&fixture);
  g_clear_pointer (&fixture.webhook, journal_webhook_free);
  assert_warned (&fixture, "Too many events have not been accepted");
  ck_assert_int_eq (g_async_queue_length (fixture.warnings), 0);
  fixture_clear (&fixture);
}
GST_END_TEST;

GST_START_TEST (a_stream_whose_events_hang_or_fail_delays_no_other)
{
  g_autoptr (JournalEvent) slow = NULL, broken = NULL;
  Fixture fixture;

  fixture_init (&fixture, NULL);
  slow = append (&fixture, "live/slow");
  assert_received (&fixture, slow);
  broken = append (&fixture, "live/broken");
  assert_received (&fixture, broken);
  for (guint i = 0; i < 20; i++) {
    g_autoptr (JournalEvent) behind = append (&fixture, "live/slow");
    g_autoptr (JournalEvent) other = append (&fixture, "live/yes");

    assert_received (&fixture, other);
  }
  fixture_clear (&fixture);
}
GST_END_TEST;

GST_START_TEST (events_wait_for_a_server_that_is_restarted)
{
  g_autoptr (JournalEvent) first = NULL, second = NULL;
  Fixture fixture;
  guint port;

  fixture_init (&fixture, NULL);
  port = hook_server_port (fixture.server);
  hook_server_free (fixture.server);
  first = append (&fixture, "live/yes");
  second = append (&fixture, "live/yes");
  fixture.server = hook_server_new_at (port);
  assert_received (&fixture, first);
  assert_received (&fixture, second);
  fixture_clear (&fixture);
}
GST_END_TEST;

GST_START_TEST (a_server_that_hangs_does_not_hold_up_the_end)
{
  gint64 start_us = g_get_monotonic_time ();
  Fixture fixture;

  fixture_init (&fixture, NULL);
  for (guint i = 0; i < 3; i++) {
    g_autoptr (JournalEvent) event = append (&fixture, "live/slow");
  }
  fixture_clear (&fixture);
  /* Otherwise it would wait for the answer. */
  ck_assert_int_lt (g_get_monotonic_time () - start_us,
      JOURNAL_WEBHOOK_TIMEOUT_S * G_USEC_PER_SEC);
}
GST_END_TEST;

GST_START_TEST (the_last_events_are_posted_at_the_end)
{
  g_autoptr (JournalEvent) first = NULL, second = NULL;
  Fixture fixture;

  fixture_init (&fixture, NULL);
  first = append (&fixture, "live/yes");
  second = append (&fixture, "live/yes");
  g_clear_pointer (&fixture.webhook, journal_webhook_free);
  ck_assert_uint_eq (hook_server_n_requests (fixture.server), 2);
  assert_received (&fixture, first);
  assert_received (&fixture, second);
  fixture_clear (&fixture);
}
GST_END_TEST;

GST_START_TEST (no_redirect_is_followed)
{
  g_autoptr (JournalEvent) event = NULL;
  Fixture fixture;

  fixture_init (&fixture, NULL);
  event = append (&fixture, "live/moved");
  /* It is posted again, not elsewhere. */
  assert_received (&fixture, event);
  assert_received (&fixture, event);
  fixture_clear (&fixture);
}
GST_END_TEST;

static gchar *
secret_file_new (const gchar *text)
{
  gchar *path = NULL;
  gint fd = g_file_open_tmp ("secret-XXXXXX", &path, NULL);

  ck_assert_int_ge (fd, 0);
  g_close (fd, NULL);
  ck_assert (g_file_set_contents (path, text, -1, NULL));
  return path;
}

static void
assert_signed (Fixture *self, const gchar *secret)
{
  g_autoptr (JournalEvent) event = append (self, "live/yes");
  g_autoptr (HookRequest) request = hook_server_pop_request (self->server);
  g_autoptr (JournalSecrets) secrets = journal_secrets_new (secret, NULL);
  g_autofree gchar *expected = journal_secrets_sign (secrets, request->id,
      g_ascii_strtoll (request->time, NULL, 10), request->body);

  ck_assert_str_eq (request->signature, expected);
}

GST_START_TEST (each_event_is_signed_with_the_secret_of_the_file)
{
  g_autofree gchar *path = secret_file_new (SECRET "\n");
  gint64 before_s = g_get_real_time () / G_USEC_PER_SEC;
  g_autoptr (JournalEvent) event = NULL;
  g_autoptr (HookRequest) request = NULL;
  Fixture fixture;

  fixture_init (&fixture, path);
  assert_signed (&fixture, SECRET);
  event = append (&fixture, "live/yes");
  request = hook_server_pop_request (fixture.server);
  ck_assert_int_ge (g_ascii_strtoll (request->time, NULL, 10), before_s);
  ck_assert_int_le (g_ascii_strtoll (request->time, NULL, 10),
      g_get_real_time () / G_USEC_PER_SEC);
  fixture_clear (&fixture);
  g_remove (path);
}
GST_END_TEST;

GST_START_TEST (a_file_that_has_changed_is_read_again)
{
  g_autofree gchar *path = secret_file_new (SECRET "\n");
  Fixture fixture;

  fixture_init (&fixture, path);
  assert_signed (&fixture, SECRET);
  ck_assert (g_file_set_contents (path, OTHER_SECRET, -1, NULL));
  assert_signed (&fixture, OTHER_SECRET);
  /* What cannot be used does not replace what can. */
  ck_assert (g_file_set_contents (path, "short", -1, NULL));
  assert_signed (&fixture, OTHER_SECRET);
  g_remove (path);
  assert_signed (&fixture, OTHER_SECRET);
  fixture_clear (&fixture);
}
GST_END_TEST;

GST_START_TEST (without_a_file_nothing_is_signed)
{
  g_autoptr (JournalEvent) event = NULL;
  g_autoptr (HookRequest) request = NULL;
  Fixture fixture;

  fixture_init (&fixture, NULL);
  event = append (&fixture, "live/yes");
  request = hook_server_pop_request (fixture.server);
  ck_assert (request->signature == NULL);
  ck_assert (request->time != NULL);
  fixture_clear (&fixture);
}
GST_END_TEST;

static void
assert_wrong (const gchar *url, const gchar *secret_file, const gchar *why)
{
  const JournalWebhookParams params = { url, secret_file };
  Journal *journal = journal_new ();
  g_autoptr (GError) error = NULL;

  ck_assert (journal_webhook_new (journal, &params, &error) == NULL);
  ck_assert_msg (g_str_has_suffix (error->message, why), "%s", error->message);
  journal_unref (journal);
}

GST_START_TEST (a_wrong_setting_is_an_error)
{
  g_autofree gchar *path = secret_file_new ("short\n");

  assert_wrong ("ftp://h/", NULL, "is neither http nor https");
  assert_wrong ("http://h/", "/nowhere/secret", "No such file or directory");
  assert_wrong ("http://h/", path, "a secret has 24 to 64 bytes, not 5");
  g_remove (path);
}
GST_END_TEST;

static Suite *
webhook_suite (void)
{
  Suite *suite = suite_create ("webhook");
  TCase *tcase = tcase_create ("webhook");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, events_are_posted_in_order);
  tcase_add_test (tcase, an_event_is_repeated_until_it_is_accepted);
  tcase_add_test (tcase, the_operator_is_warned_once_of_a_server_that_fails);
  tcase_add_test (tcase,
      the_operator_is_warned_once_of_events_that_are_dropped);
  tcase_add_test (tcase, a_stream_whose_events_hang_or_fail_delays_no_other);
  tcase_add_test (tcase, events_wait_for_a_server_that_is_restarted);
  tcase_add_test (tcase, a_server_that_hangs_does_not_hold_up_the_end);
  tcase_add_test (tcase, the_last_events_are_posted_at_the_end);
  tcase_add_test (tcase, no_redirect_is_followed);
  tcase_add_test (tcase, each_event_is_signed_with_the_secret_of_the_file);
  tcase_add_test (tcase, a_file_that_has_changed_is_read_again);
  tcase_add_test (tcase, without_a_file_nothing_is_signed);
  tcase_add_test (tcase, a_wrong_setting_is_an_error);
  return suite;
}

GST_CHECK_MAIN (webhook);
