/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What happens in a pipeline is one sequence of events, whichever element
 * reports it: on the bus, and at the server of on-event. */

#include "tests/support/hookserver.h"
#include "tests/support/rtmpserver.h"

#include <gst/check/gstcheck.h>
#include <json-glib/json-glib.h>

typedef struct
{
  HookServer *hook;
  GstElement *pipeline;
  GstElement *rtmp;
  GstBus *bus;
} Pipeline;

static void
pipeline_init (Pipeline *self, const gchar *description)
{
  g_autoptr (GError) error = NULL;
  GstElement *parsed = gst_parse_launch_full (description, NULL,
      GST_PARSE_FLAG_FATAL_ERRORS | GST_PARSE_FLAG_PLACE_IN_BIN, &error);

  g_assert_no_error (error);
  self->hook = hook_server_new ();
  self->pipeline = gst_pipeline_new (NULL);
  gst_bin_add (GST_BIN (self->pipeline), parsed);
  self->rtmp = gst_bin_get_by_name (GST_BIN (self->pipeline), "rtmp");
  self->bus = gst_element_get_bus (self->pipeline);
}

/* Sets on-event of the element of that name, and starts. */
static void
pipeline_start (Pipeline *self, const gchar *description, const gchar *name)
{
  GstElement *element;

  pipeline_init (self, description);
  element = gst_bin_get_by_name (GST_BIN (self->pipeline), name);
  g_object_set (element, "on-event", hook_server_url (self->hook), NULL);
  gst_object_unref (element);
  ck_assert_int_ne (gst_element_set_state (self->pipeline, GST_STATE_PLAYING),
      GST_STATE_CHANGE_FAILURE);
}

static void
pipeline_clear (Pipeline *self)
{
  gst_element_set_state (self->pipeline, GST_STATE_NULL);
  gst_object_unref (self->bus);
  gst_clear_object (&self->rtmp);
  gst_object_unref (self->pipeline);
  hook_server_free (self->hook);
}

static guint
port_of (const Pipeline *self)
{
  guint port;

  g_object_get (self->rtmp, "port", &port, NULL);
  return port;
}

/* Publishes a whole capture as live/yes, and leaves. */
static void
publish (Pipeline *self)
{
  Client client = client_new_at (port_of (self), 0);

  client_rename (&client, "yes");
  client_send (&client, client.size);
  client_leave (&client);
  client_clear (&client);
}

static JsonObject *
next_event (Pipeline *self)
{
  g_autofree gchar *body = hook_server_pop (self->hook);
  g_autoptr (JsonNode) node = json_from_string (body, NULL);

  ck_assert (node != NULL);
  return json_node_dup_object (node);
}

static void
assert_member (JsonObject *event, const gchar *name, const gchar *value)
{
  const gchar *found =
      json_object_get_string_member_with_default (event, name, NULL);

  ck_assert_msg (g_strcmp0 (found, value) == 0, "%s: %s", name, found);
}

/* Returns: (transfer full) */
static GstMessage *
next_message (Pipeline *self, const gchar *name)
{
  for (;;) {
    GstMessage *message = gst_bus_timed_pop_filtered (self->bus,
        PATIENCE_US * GST_USECOND, GST_MESSAGE_ELEMENT);

    ck_assert_msg (message != NULL, "no %s", name);
    if (gst_message_has_name (message, name))
      return message;
    gst_message_unref (message);
  }
}

static void
assert_same (GstMessage *message, JsonObject *event)
{
  const GstStructure *s = gst_message_get_structure (message);

  assert_member (event, "id", gst_structure_get_string (s, "event-id"));
  assert_member (event, "time", gst_structure_get_string (s, "event-time"));
  assert_member (event, "event", gst_structure_get_name (s));
  assert_member (event, "stream", gst_structure_get_string (s, "stream-name"));
  assert_member (event, "address", gst_structure_get_string (s, "address"));
  assert_member (event, "encoder", gst_structure_get_string (s, "encoder"));
  assert_member (event, "reason", gst_structure_get_string (s, "reason"));
}

static void
assert_publisher (Pipeline *self)
{
  g_autoptr (JsonObject) added = next_event (self);
  g_autoptr (JsonObject) removed = next_event (self);
  g_autoptr (GstMessage) added_message = next_message (self, "publisher-added");
  g_autoptr (GstMessage) removed_message =
      next_message (self, "publisher-removed");
  guint64 bytes;

  assert_same (added_message, added);
  assert_same (removed_message, removed);
  assert_member (removed, "stream", "live/yes");
  assert_member (removed, "reason", "the publisher ended the stream");
  ck_assert (
      gst_structure_get_uint64 (gst_message_get_structure (removed_message),
          "bytes", &bytes));
  ck_assert_int_eq (json_object_get_int_member (removed, "bytes"), bytes);
  ck_assert (json_object_has_member (removed, "duration_ms"));
  ck_assert_int_lt (g_strcmp0 (json_object_get_string_member (added, "id"),
                        json_object_get_string_member (removed, "id")),
      0);
}

#define RTMP "rtmpserversrc name=rtmp port=0 address=127.0.0.1 "
#define WEBRTC "rtmpwebrtcsink name=webrtc port=0 address=127.0.0.1 "

GST_START_TEST (a_server_of_publishers_alone_posts_its_events)
{
  Pipeline pipeline;

  pipeline_start (&pipeline, RTMP ": fakesink async=false", "rtmp");
  publish (&pipeline);
  assert_publisher (&pipeline);
  pipeline_clear (&pipeline);
}
GST_END_TEST;

GST_START_TEST (one_element_posts_the_events_of_all)
{
  Pipeline pipeline;

  pipeline_start (&pipeline, RTMP ": " WEBRTC, "webrtc");
  publish (&pipeline);
  assert_publisher (&pipeline);
  ck_assert_uint_eq (hook_server_n_requests (pipeline.hook), 0);
  pipeline_clear (&pipeline);
}
GST_END_TEST;

/* What the children of a bin post, the bin posts, too. */
static void
post (GstElement *element, const gchar *name, const gchar *stream)
{
  gst_element_post_message (element,
      gst_message_new_element (GST_OBJECT (element),
          gst_structure_new (name, "stream-name", G_TYPE_STRING, stream,
              NULL)));
}

GST_START_TEST (each_element_has_events_and_none_is_counted_twice)
{
  const gchar *const names[] = { "rtmp", "webrtc", "whepsink" };
  Pipeline pipeline;

  pipeline_start (&pipeline, RTMP ": " WEBRTC, "webrtc");
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autoptr (GstElement) element =
        gst_bin_get_by_name (GST_BIN (pipeline.pipeline), names[i]);
    g_autofree gchar *stream = g_strconcat (names[i], "/yes", NULL);
    g_autoptr (JsonObject) event = NULL;
    g_autoptr (GstMessage) message = NULL;

    ck_assert_msg (element != NULL, "%s", names[i]);
    post (element, "recording-started", stream);
    post (element, "track-added", stream);
    event = next_event (&pipeline);
    message = next_message (&pipeline, "recording-started");
    assert_same (message, event);
    assert_member (event, "stream", stream);
    gst_clear_message (&message);
    message = next_message (&pipeline, "track-added");
    ck_assert (!gst_structure_has_field (gst_message_get_structure (message),
        "event-id"));
  }
  pipeline_clear (&pipeline);
}
GST_END_TEST;

GST_START_TEST (publishers_that_leave_with_the_pipeline_are_events_too)
{
  Pipeline pipeline;
  Client client;

  pipeline_start (&pipeline, RTMP ": " WEBRTC, "webrtc");
  client = client_new_at (port_of (&pipeline), 0);
  client_rename (&client, "yes");
  client_send (&client, OPENING_BYTES);
  json_object_unref (next_event (&pipeline));
  gst_element_set_state (pipeline.pipeline, GST_STATE_NULL);
  {
    g_autoptr (JsonObject) removed = next_event (&pipeline);

    assert_member (removed, "event", "publisher-removed");
  }
  client_clear (&client);
  pipeline_clear (&pipeline);
}
GST_END_TEST;

GST_START_TEST (a_pipeline_that_starts_again_continues_its_ids)
{
  g_autoptr (JsonObject) first = NULL, second = NULL;
  Pipeline pipeline;

  pipeline_start (&pipeline, RTMP ": " WEBRTC, "webrtc");
  post (pipeline.rtmp, "recording-started", "live/yes");
  first = next_event (&pipeline);
  gst_element_set_state (pipeline.pipeline, GST_STATE_NULL);
  /* Nobody is there to note it. */
  post (pipeline.rtmp, "recording-started", "live/lost");
  gst_element_set_state (pipeline.pipeline, GST_STATE_PLAYING);
  post (pipeline.rtmp, "recording-ended", "live/yes");
  second = next_event (&pipeline);
  assert_member (second, "event", "recording-ended");
  ck_assert_int_lt (g_strcmp0 (json_object_get_string_member (first, "id"),
                        json_object_get_string_member (second, "id")),
      0);
  pipeline_clear (&pipeline);
}
GST_END_TEST;

#define SINK "rtmpwebrtcsink name=rtmp port=0 address=127.0.0.1"

static const struct
{
  const gchar *description, *property, *value;
} wrong[] = {
  { RTMP ": fakesink", "on-event", "ftp://h/" },
  { RTMP ": fakesink", "on-event-secret-file", "/nowhere/secret" },
  { SINK, "on-event", "h/events" },
  { SINK, "on-event-secret-file", "/nowhere/secret" },
};

GST_START_TEST (an_element_with_a_wrong_setting_does_not_start)
{
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++) {
    g_autoptr (GstMessage) message = NULL;
    Pipeline pipeline;

    pipeline_init (&pipeline, wrong[i].description);
    g_object_set (pipeline.rtmp, "on-event", hook_server_url (pipeline.hook),
        NULL);
    g_object_set (pipeline.rtmp, wrong[i].property, wrong[i].value, NULL);
    ck_assert_int_eq (gst_element_set_state (pipeline.pipeline,
                          GST_STATE_READY),
        GST_STATE_CHANGE_FAILURE);
    message = gst_bus_pop_filtered (pipeline.bus, GST_MESSAGE_ERROR);
    ck_assert (message != NULL);
    pipeline_clear (&pipeline);
  }
}
GST_END_TEST;

GST_START_TEST (a_server_that_is_away_is_a_warning)
{
  g_autoptr (GstMessage) message = NULL;
  Pipeline pipeline;

  pipeline_start (&pipeline, RTMP ": fakesink async=false", "rtmp");
  post (pipeline.rtmp, "recording-started", "live/broken");
  message = gst_bus_timed_pop_filtered (pipeline.bus, PATIENCE_US * GST_USECOND,
      GST_MESSAGE_WARNING);
  ck_assert (message != NULL);
  ck_assert (GST_MESSAGE_SRC (message) == GST_OBJECT (pipeline.rtmp));
  pipeline_clear (&pipeline);
}
GST_END_TEST;

static Suite *
onevent_suite (void)
{
  Suite *suite = suite_create ("onevent");
  TCase *tcase = tcase_create ("onevent");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_server_of_publishers_alone_posts_its_events);
  tcase_add_test (tcase, one_element_posts_the_events_of_all);
  tcase_add_test (tcase, each_element_has_events_and_none_is_counted_twice);
  tcase_add_test (tcase,
      publishers_that_leave_with_the_pipeline_are_events_too);
  tcase_add_test (tcase, a_pipeline_that_starts_again_continues_its_ids);
  tcase_add_test (tcase, an_element_with_a_wrong_setting_does_not_start);
  tcase_add_test (tcase, a_server_that_is_away_is_a_warning);
  return suite;
}

GST_CHECK_MAIN (onevent);
