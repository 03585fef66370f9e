/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A publisher that the application disconnects hears why, and its stream is
 * refused for as long as the application wants. */

#include "gst/publisher/gstpublisherevents.h"
#include "gst/rtmp/command.h"
#include "tests/support/rtmppublish.h"

#include <gst/check/gstcheck.h>
#include <string.h>

#define REASON "the show is over"
/* The end of no test. */
#define LONG_TIME (600 * GST_SECOND)
#define N_ROUNDS 20

static gboolean
disconnects (Server *server, const gchar *stream, const gchar *reason,
    GstClockTime refuse_for)
{
  gboolean is_done;

  g_signal_emit_by_name (server->src, "disconnect-publisher", stream, reason,
      refuse_for, &is_done);
  return is_done;
}

static void
assert_said (Client *client, const gchar *code, const gchar *reason)
{
  g_autofree gchar *said = client_hears_all (client);

  ck_assert_msg (strstr (said, code) != NULL, "%s", said);
  ck_assert_msg (strstr (said, reason) != NULL, "%s", said);
}

static void
assert_reason (Server *server, const gchar *name, const gchar *expected)
{
  g_autoptr (GstMessage) message = server_hears (server, name);
  const gchar *reason =
      gst_structure_get_string (gst_message_get_structure (message), "reason");

  ck_assert_msg (strstr (reason, expected) != NULL, "%s", reason);
}

GST_START_TEST (a_disconnected_publisher_hears_why)
{
  Server *server = server_new_started ();
  Client client = client_publish (server, "live", "cam", 0);

  WAIT_UNTIL (server, has_streams, 1);
  ck_assert (disconnects (server, "live/cam", REASON, 0));
  assert_said (&client, "NetStream.Publish.Denied", REASON);
  assert_reason (server, "publisher-removed", REASON);
  WAIT_UNTIL (server, has_publishers, 0);
  ck_assert (stream_at (server, 0)->is_eos);
  server_free (server);
}
GST_END_TEST;

GST_START_TEST (an_event_from_downstream_disconnects_the_publisher)
{
  Server *server = server_new_started ();
  Client client = client_publish (server, "live", "cam", 0);
  Client again;

  WAIT_UNTIL (server, has_streams, 1);
  ck_assert (gst_pad_push_event (stream_at (server, 0)->sink,
      gst_publisher_disconnect_event_new (REASON, LONG_TIME)));
  assert_said (&client, "NetStream.Publish.Denied", REASON);
  again = client_publish (server, "live", "cam", 0);
  assert_said (&again, "NetStream.Publish.Denied", REASON);
  WAIT_UNTIL (server, has_removed, 1);
  ck_assert (!gst_pad_push_event (stream_at (server, 0)->sink,
      gst_publisher_disconnect_event_new (REASON, 0)));
  server_free (server);
}
GST_END_TEST;

GST_START_TEST (a_stream_is_refused_until_the_refusal_is_lifted)
{
  Server *server = server_new_started ();
  Client client = client_publish (server, "live", "cam", 0);
  Client refused, other, back;

  WAIT_UNTIL (server, has_streams, 1);
  ck_assert (disconnects (server, "live/cam", REASON, LONG_TIME));
  assert_said (&client, "NetStream.Publish.Denied", REASON);

  refused = client_publish (server, "live", "cam", 0);
  assert_said (&refused, "NetStream.Publish.Denied", REASON);
  assert_reason (server, "publisher-refused", "refused for 600 s: " REASON);
  other = client_publish (server, "live", "two", 0);
  WAIT_UNTIL (server, has_streams, 2);

  ck_assert (disconnects (server, "live/cam", NULL, 0));
  back = client_publish (server, "live", "cam", 0);
  WAIT_UNTIL (server, has_streams, 3);
  ck_assert_str_eq (stream_at (server, 2)->name, "live/cam");
  client_clear (&other);
  client_clear (&back);
  server_free (server);
}
GST_END_TEST;

GST_START_TEST (only_a_publisher_can_be_disconnected)
{
  Server *server = server_new ();
  Client client;

  ck_assert (!disconnects (server, "live/cam", REASON, LONG_TIME));
  server_start (server);
  client = client_publish (server, "live", "cam", 0);
  WAIT_UNTIL (server, has_streams, 1);
  ck_assert (!disconnects (server, NULL, REASON, LONG_TIME));
  ck_assert (!disconnects (server, "", REASON, LONG_TIME));
  ck_assert (!disconnects (server, "live", REASON, LONG_TIME));
  ck_assert (!disconnects (server, "live/cam/1", REASON, LONG_TIME));
  ck_assert (!stream_at (server, 0)->is_removed);
  client_clear (&client);
  server_free (server);
}
GST_END_TEST;

GST_START_TEST (a_reason_is_one_line_of_limited_length)
{
  Server *server = server_new_started ();
  Client client = client_publish (server, "live", "cam", 0);
  g_autofree gchar *huge = g_strnfill (100000, '\n');
  g_autoptr (GstMessage) message = NULL;
  const gchar *reason;

  memcpy (huge, "bad\xff", 4);
  WAIT_UNTIL (server, has_streams, 1);
  ck_assert (disconnects (server, "live/cam", huge, GST_CLOCK_TIME_NONE));
  assert_said (&client, "NetStream.Publish.Denied", "bad");
  message = server_hears (server, "publisher-removed");
  reason =
      gst_structure_get_string (gst_message_get_structure (message), "reason");
  ck_assert_uint_le (strlen (reason), RTMP_REASON_MAX_BYTES);
  ck_assert (strchr (reason, '\n') == NULL);
  ck_assert (g_utf8_validate (reason, -1, NULL));
  server_free (server);
}
GST_END_TEST;

/* Whichever comes first, nothing is left of the publisher. */
GST_START_TEST (a_publisher_may_leave_while_it_is_disconnected)
{
  Server *server = server_new_started ();

  for (guint i = 0; i < N_ROUNDS; i++) {
    Client client = client_publish (server, "live", "cam", 0);

    WAIT_UNTIL (server, has_streams, i + 1);
    client_clear (&client);
    disconnects (server, "live/cam", REASON, 0);
    gst_pad_push_event (stream_at (server, i)->sink,
        gst_publisher_disconnect_event_new (REASON, 0));
    WAIT_UNTIL (server, has_removed, i + 1);
  }
  WAIT_UNTIL (server, has_publishers, 0);
  server_free (server);
}
GST_END_TEST;

/* Returns: (transfer full) (nullable): the event about the publisher that has
 * arrived at the stream's pad. */
static GstEvent *
arrived (Stream *stream, GstPublisherFacts *facts)
{
  GstEvent *event;

  for (guint i = 0; (event = gst_pad_get_sticky_event (stream->sink,
                         GST_EVENT_CUSTOM_DOWNSTREAM_STICKY, i)) != NULL;
       i++) {
    if (gst_publisher_event_parse (event, facts))
      return event;
    gst_event_unref (event);
  }
  return NULL;
}

GST_START_TEST (an_event_tells_downstream_of_the_publisher)
{
  Server *server = server_new_started ();
  gint64 start_us = g_get_real_time ();
  Client first = client_new (server, 0);
  Client second = client_publish (server, "live", "two", 0);
  g_autoptr (GSocketAddress) address =
      g_socket_connection_get_local_address (first.connection, NULL);
  GstEvent *event, *other;
  GstPublisherFacts facts, others;

  gst_message_unref (server_hears (server, "publisher-added"));
  client_send (&first, first.size);
  gst_message_unref (server_hears (server, "publisher-added"));
  other = arrived (stream_at (server, 0), &others);
  event = arrived (stream_at (server, 1), &facts);
  ck_assert (event != NULL && other != NULL);
  ck_assert_str_eq (facts.address, "127.0.0.1");
  ck_assert_uint_eq (facts.port,
      g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address)));
  ck_assert_str_eq (facts.encoder, "Lavf59.27.100");
  ck_assert_str_eq (facts.protocol, "rtmp");
  ck_assert (facts.since_us >= start_us);
  ck_assert (facts.since_us <= g_get_real_time ());
  ck_assert (others.encoder == NULL);
  ck_assert_str_ne (facts.id, others.id);
  gst_event_unref (event);
  gst_event_unref (other);
  client_clear (&first);
  client_clear (&second);
  server_free (server);
}
GST_END_TEST;

/* Returns: (transfer full): the list in the property stats. */
static GstStructure *
read_stats (Server *server, guint n_expected)
{
  GstStructure *stats;
  const GValue *list;

  g_object_get (server->src, "stats", &stats, NULL);
  list = gst_structure_get_value (stats, "publishers");
  ck_assert (GST_VALUE_HOLDS_LIST (list));
  ck_assert_uint_eq (gst_value_list_get_size (list), n_expected);
  return stats;
}

static void
assert_text (const GstStructure *s, const gchar *field, const gchar *expected)
{
  ck_assert_str_eq (gst_structure_get_string (s, field), expected);
}

GST_START_TEST (the_statistics_describe_each_publisher)
{
  Server *server = server_new ();
  GstStructure *stats = read_stats (server, 0);
  const GstStructure *s;
  guint64 bytes, tags, jitter;
  Client client;

  gst_structure_free (stats);
  server_start (server);
  client = client_new (server, 0);
  client_send (&client, client.size / 2);
  gst_message_unref (server_hears (server, "publisher-added"));
  stats = read_stats (server, 1);
  s = gst_value_get_structure (
      gst_value_list_get_value (gst_structure_get_value (stats, "publishers"),
          0));
  assert_text (s, "stream-name", "live/cam");
  assert_text (s, "pad-name", "src_0");
  assert_text (s, "address", "127.0.0.1");
  assert_text (s, "protocol", "rtmp");
  assert_text (s, "encoder", "Lavf59.27.100");
  ck_assert (gst_structure_has_field_typed (s, "since", G_TYPE_INT64));
  ck_assert (gst_structure_has_field_typed (s, "port", G_TYPE_UINT));
  ck_assert (gst_structure_get (s, "bytes", G_TYPE_UINT64, &bytes, "tags",
      G_TYPE_UINT64, &tags, "jitter", G_TYPE_UINT64, &jitter, NULL));
  ck_assert_uint_ge (bytes, tags * (TAG_HEADER_BYTES + TAG_TAIL_BYTES));
  gst_structure_free (stats);
  client_clear (&client);
  WAIT_UNTIL (server, has_removed, 1);
  gst_structure_free (read_stats (server, 0));
  server_free (server);
}
GST_END_TEST;

static Suite *
rtmpdisconnect_suite (void)
{
  Suite *suite = suite_create ("rtmpdisconnect");
  TCase *tcase = tcase_create ("rtmpdisconnect");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_disconnected_publisher_hears_why);
  tcase_add_test (tcase, an_event_from_downstream_disconnects_the_publisher);
  tcase_add_test (tcase, a_stream_is_refused_until_the_refusal_is_lifted);
  tcase_add_test (tcase, only_a_publisher_can_be_disconnected);
  tcase_add_test (tcase, a_reason_is_one_line_of_limited_length);
  tcase_add_test (tcase, a_publisher_may_leave_while_it_is_disconnected);
  tcase_add_test (tcase, an_event_tells_downstream_of_the_publisher);
  tcase_add_test (tcase, the_statistics_describe_each_publisher);
  return suite;
}

GST_CHECK_MAIN (rtmpdisconnect);
