/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The messages of rtmpserversrc about publishers that come, go and are
 * rejected. */

#include "gst/rtmp/gstrtmppeer.h"
#include "tests/support/rtmppublish.h"

#include <glib/gstdio.h>
#include <gst/check/gstcheck.h>
#include <string.h>

#define N_FLOOD 200

static gchar *
address_of (const Client *client)
{
  g_autoptr (GSocketAddress) address =
      g_socket_connection_get_local_address (client->connection, NULL);

  return g_strdup_printf ("127.0.0.1:%u",
      g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address)));
}

static void
assert_string (const GstMessage *message, const gchar *field,
    const gchar *expected)
{
  const GstStructure *s = gst_message_get_structure ((GstMessage *) message);
  const gchar *found = gst_structure_get_string (s, field);

  ck_assert_msg (g_strcmp0 (found, expected) == 0, "%s: %s", field, found);
}

/* The size of everything but the file's header. */
static guint64
tag_bytes (const Stream *stream)
{
  return stream->flv->len - FLV_HEADER_BYTES;
}

GST_START_TEST (publishers_that_come_and_go_are_described)
{
  Server *server = server_new_started ();
  Client client = client_new (server, 0);
  g_autofree gchar *address = address_of (&client);
  gint64 start_us = g_get_monotonic_time ();
  guint64 duration, bytes;
  GstMessage *added, *removed;
  const GstStructure *s;

  client_send (&client, client.size);
  client_leave (&client);
  added = server_hears (server, "publisher-added");
  assert_string (added, "stream-name", "live/cam");
  assert_string (added, "pad-name", "src_0");
  assert_string (added, "address", address);
  assert_string (added, "encoder", "Lavf59.27.100");

  removed = server_hears (server, "publisher-removed");
  assert_string (removed, "stream-name", "live/cam");
  assert_string (removed, "pad-name", "src_0");
  assert_string (removed, "address", address);
  assert_string (removed, "encoder", "Lavf59.27.100");
  assert_string (removed, "reason", "the publisher ended the stream");
  s = gst_message_get_structure (removed);
  ck_assert (gst_structure_get_uint64 (s, "duration", &duration));
  ck_assert_uint_gt (duration, 0);
  ck_assert_uint_le (duration,
      (g_get_monotonic_time () - start_us) * GST_USECOND);
  ck_assert (gst_structure_get_uint64 (s, "bytes", &bytes));
  ck_assert_uint_eq (bytes, tag_bytes (stream_at (server, 0)));
  gst_message_unref (added);
  gst_message_unref (removed);
  client_clear (&client);
  server_free (server);
}
GST_END_TEST;

GST_START_TEST (a_publisher_without_metadata_is_announced_too)
{
  Server *server = server_new_started ();
  Client client = client_publish (server, "live", "cam", 0);
  GstMessage *added = server_hears (server, "publisher-added");

  assert_string (added, "stream-name", "live/cam");
  assert_string (added, "encoder", NULL);
  WAIT_UNTIL (server, has_publishers, 1);
  gst_message_unref (added);
  client_clear (&client);
  server_free (server);
}
GST_END_TEST;

static void
assert_rejected (Server *server, const gchar *app, const gchar *key,
    const gchar *name, const gchar *why)
{
  Client client = client_publish (server, app, key, 0);
  g_autofree gchar *address = address_of (&client);
  GstMessage *rejected = server_hears (server, "publisher-refused");
  const gchar *reason =
      gst_structure_get_string (gst_message_get_structure (rejected), "reason");

  assert_string (rejected, "stream-name", name);
  assert_string (rejected, "address", address);
  ck_assert_msg (strstr (reason, why) != NULL, "%s", reason);
  gst_message_unref (rejected);
  g_free (client_hears_all (&client));
}

static gchar *
reject_door (GstElement *src, const gchar *app, const gchar *key,
    const gchar *query, const gchar *address, gpointer user_data)
{
  return g_str_equal (key, "door") ? g_strdup ("not this door") : NULL;
}

GST_START_TEST (a_rejected_publisher_is_named_with_the_reason)
{
  Server *server = server_new ();
  Client owner;

  g_object_set (server->src, "takeover", 1, "max-publishers", 1, NULL);
  g_signal_connect (server->src, "authorize-publish", G_CALLBACK (reject_door),
      NULL);
  server_start (server);
  assert_rejected (server, "live", "door", "live/door", "not this door");
  assert_rejected (server, "live", "../cam", NULL, "dots");
  assert_rejected (server, "live", "token=SECRET", NULL, "parameter");
  assert_rejected (server, NULL, "cam", NULL, "without an app");
  owner = client_publish (server, "live", "cam", 0);
  WAIT_UNTIL (server, has_streams, 1);
  assert_rejected (server, "live", "cam", "live/cam", "another publisher");
  assert_rejected (server, "live", "two", "live/two", "limit of publishers");
  client_clear (&owner);
  server_free (server);
}
GST_END_TEST;

GST_START_TEST (a_second_stream_of_a_connection_is_named)
{
  g_autofree gchar *path =
      g_build_filename (g_getenv ("SUPPORT_DIR"), "cases", "fmle.bin", NULL);
  Server *server = server_new_started ();
  Client client = client_new (server, 0);
  GstMessage *rejected;

  g_free (client.data);
  ck_assert (g_file_get_contents (path, &client.data, &client.size, NULL));
  client_send (&client, client.size);
  rejected = server_hears (server, "publisher-refused");
  assert_string (rejected, "stream-name", "live/multi2");
  WAIT_UNTIL (server, has_streams, 1);
  ck_assert_str_eq (stream_at (server, 0)->name, "live/multi1");
  ck_assert (!stream_at (server, 0)->is_removed);
  gst_message_unref (rejected);
  client_clear (&client);
  server_free (server);
}
GST_END_TEST;

static guint
count_rejected (Server *server)
{
  GstBus *bus = gst_element_get_bus (server->pipeline);
  GstMessage *message;
  guint n = 0;

  while ((message = gst_bus_pop_filtered (bus, GST_MESSAGE_ELEMENT)) != NULL) {
    n += gst_message_has_name (message, "publisher-refused");
    gst_message_unref (message);
  }
  gst_object_unref (bus);
  return n;
}

GST_START_TEST (a_flood_of_rejections_does_not_fill_the_bus)
{
  Server *server = server_new_started ();
  gint64 start_us = g_get_monotonic_time ();
  guint n_max;

  for (guint i = 0; i < N_FLOOD; i++) {
    Client client = client_publish (server, "live", "..", 0);

    g_free (client_hears_all (&client));
  }
  server_stop (server);
  n_max = GST_RTMP_REJECTIONS_BURST +
      GST_RTMP_REJECTIONS_PER_SECOND *
          (1 + (g_get_monotonic_time () - start_us) / G_USEC_PER_SEC);
  ck_assert_uint_le (count_rejected (server), n_max);
  server_free (server);
}
GST_END_TEST;

GST_START_TEST (the_steps_of_a_login_are_not_reported_as_rejections)
{
  Server *server = server_new ();
  g_autofree gchar *path = NULL;
  gint fd = g_file_open_tmp ("keys-XXXXXX", &path, NULL);
  Client client;

  ck_assert_int_ge (fd, 0);
  g_close (fd, NULL);
  ck_assert (g_file_set_contents (path, "live/cam anna:geheim\n", -1, NULL));
  g_object_set (server->src, "publish-keys", path, NULL);
  server_start (server);
  client = client_publish (server, "live", "cam", 0);
  g_free (client_hears_all (&client));
  client = client_publish (server, "live?authmod=adobe&user=anna", "cam", 0);
  g_free (client_hears_all (&client));
  ck_assert_uint_eq (count_rejected (server), 0);
  assert_rejected (server,
      "live?authmod=adobe&user=anna&challenge=a&response=b&opaque=c", "cam",
      NULL, "wrong user or password");
  server_free (server);
  g_remove (path);
}
GST_END_TEST;

static Suite *
rtmpmessages_suite (void)
{
  Suite *suite = suite_create ("rtmpmessages");
  TCase *tcase = tcase_create ("rtmpmessages");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, publishers_that_come_and_go_are_described);
  tcase_add_test (tcase, a_publisher_without_metadata_is_announced_too);
  tcase_add_test (tcase, a_rejected_publisher_is_named_with_the_reason);
  tcase_add_test (tcase, a_second_stream_of_a_connection_is_named);
  tcase_add_test (tcase, a_flood_of_rejections_does_not_fill_the_bus);
  tcase_add_test (tcase, the_steps_of_a_login_are_not_reported_as_rejections);
  return suite;
}

GST_CHECK_MAIN (rtmpmessages);
