/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A client that reads server-sent events: see eventreader.h. */

#include "tests/support/eventreader.h"
#include "gst/journal/eventjson.h"

#include <gst/check/gstcheck.h>

void
event_reader_open (EventReader *self, SoupSession *client, SoupMessage *message)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GInputStream) stream = NULL;

  self->message = message;
  stream = soup_session_send (client, message, NULL, &error);
  g_assert_no_error (error);
  ck_assert_uint_eq (soup_message_get_status (message), 200);
  ck_assert_str_eq (soup_message_headers_get_content_type (
                        soup_message_get_response_headers (message), NULL),
      "text/event-stream");
  self->in = g_data_input_stream_new (stream);
}

void
event_reader_init (EventReader *self, SoupSession *client, SoupMessage *message)
{
  g_autofree gchar *first = NULL;

  event_reader_open (self, client, message);
  first = event_reader_next (self);
  ck_assert_msg (g_regex_match_simple ("^id: [0-9]+\n$", first, 0, 0), "%s",
      first);
}

void
event_reader_clear (EventReader *self)
{
  g_clear_object (&self->in);
  g_clear_object (&self->message);
}

gchar *
event_reader_next (EventReader *self)
{
  g_autoptr (GString) event = g_string_new (NULL);

  for (;;) {
    g_autofree gchar *line =
        g_data_input_stream_read_line (self->in, NULL, NULL, NULL);

    if (line == NULL)
      return NULL;
    if (*line == '\0' && event->len > 0)
      return g_strdup (event->str);
    if (*line != '\0' && *line != ':')
      g_string_append_printf (event, "%s\n", line);
  }
}

void
event_reader_gets (EventReader *self, const gchar *expected)
{
  g_autofree gchar *got = event_reader_next (self);

  ck_assert_msg (g_strcmp0 (got, expected) == 0, "%s instead of %s", got,
      expected);
}

void
event_reader_gets_event (EventReader *self, const JournalEvent *event,
    gboolean is_public)
{
  g_autofree gchar *json = journal_event_to_json (event, is_public);
  g_autofree gchar *id = journal_event_dup_id (event);
  g_autofree gchar *text = g_strdup_printf ("id: %s\ndata: %s\n", id, json);

  event_reader_gets (self, text);
}

JournalEvent *
append_event (Journal *journal, const gchar *name, const gchar *stream)
{
  JournalEvent *event = journal_event_new (name);

  event->stream = g_strdup (stream);
  event->address = g_strdup ("192.0.2.7:5");
  event->reason = g_strdup ("words for the operator");
  journal_append (journal, event);
  return event;
}
