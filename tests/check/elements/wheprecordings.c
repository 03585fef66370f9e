/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Recordings by /api/v1: whepsink has whatever answers its signals record, and
 * rtmpwebrtcsink does. */

#include "tests/support/flvfile.h"
#include "tests/support/folder.h"
#include "tests/support/whepgateway.h"

#define GST_USE_UNSTABLE_API
#include <gst/check/gstcheck.h>
#include <gst/check/gstharness.h>
#include <json-glib/json-glib.h>
#include <libsoup/soup.h>
#include <string.h>

#define STREAM "live/cam"
#define OF_STREAM "/api/v1/streams/" STREAM
#define RECORDING OF_STREAM "/recording"
#define TOKEN "administrator"
#define PATIENCE (20 * GST_SECOND)

/* A folder with a file of tokens. */
typedef struct
{
  gchar *path, *tokens;
} Place;

static void
place_init (Place *self)
{
  self->path = g_dir_make_tmp ("recordings-XXXXXX", NULL);
  self->tokens = g_build_filename (self->path, "tokens", NULL);
  ck_assert (g_file_set_contents (self->tokens, TOKEN "\n", -1, NULL));
}

static void
place_clear (Place *self)
{
  folder_remove (self->path);
  g_free (self->path);
  g_free (self->tokens);
}

typedef struct
{
  guint status;
  gchar *body;
} Reply;

static void
reply_clear (Reply *self)
{
  g_free (self->body);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Reply, reply_clear)

/* @sink has the port; @token and @body are nullable. */
static Reply
ask_as (GstElement *sink, const gchar *token, const gchar *method,
    const gchar *path, const gchar *body)
{
  g_autoptr (SoupSession) client = soup_session_new ();
  g_autoptr (SoupMessage) message = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autofree gchar *bearer = g_strconcat ("Bearer ", token, NULL);
  g_autofree gchar *url = NULL;
  gconstpointer text;
  gsize size;
  guint port;

  g_object_get (sink, "port", &port, NULL);
  url = g_strdup_printf ("http://127.0.0.1:%u%s", port, path);
  message = soup_message_new (method, url);
  if (token != NULL)
    soup_message_headers_replace (soup_message_get_request_headers (message),
        "Authorization", bearer);
  if (body != NULL) {
    g_autoptr (GBytes) sent = g_bytes_new (body, strlen (body));

    soup_message_set_request_body_from_bytes (message, "application/json",
        sent);
  }
  bytes = soup_session_send_and_read (client, message, NULL, NULL);
  ck_assert (bytes != NULL);
  text = g_bytes_get_data (bytes, &size);
  return (Reply){ soup_message_get_status (message),
    size > 0 ? g_strndup (text, size) : g_strdup ("") };
}

static Reply
ask (GstElement *sink, const gchar *method)
{
  return ask_as (sink, TOKEN, method, RECORDING, NULL);
}

static void
assert_says (GstElement *sink, const gchar *method, guint status,
    const gchar *words)
{
  g_auto (Reply) reply = ask (sink, method);

  ck_assert_msg (reply.status == status && strstr (reply.body, words) != NULL,
      "%s: %u %s", method, reply.status, reply.body);
}

static void
wait_until_live (GstElement *sink)
{
  gint64 deadline_us = g_get_monotonic_time () + WHEP_GATEWAY_PATIENCE_US;
  guint status = 0;

  while (status != 200) {
    g_auto (Reply) reply = ask_as (sink, TOKEN, "GET", OF_STREAM, NULL);

    status = reply.status;
    ck_assert_msg (g_get_monotonic_time () < deadline_us, "%s", reply.body);
  }
}

/* Answers whepsink without recording anything. */
typedef struct
{
  const gchar *refusal; /* nullable */
  gboolean has_file;    /* while it records */
  gboolean is_recording;
  guint n_asked, n_described;
} Recorder;

static gchar *
on_request (GstElement *whep, const gchar *stream, gboolean starts,
    Recorder *self)
{
  ck_assert_str_eq (stream, STREAM);
  self->n_asked++;
  if (self->refusal == NULL)
    self->is_recording = starts;
  return g_strdup (self->refusal);
}

static GstStructure *
on_describe (GstElement *whep, const gchar *stream, Recorder *self)
{
  self->n_described++;
  if (!self->is_recording || !g_str_equal (stream, STREAM))
    return NULL;
  if (!self->has_file)
    return gst_structure_new_empty ("recording");
  return gst_structure_new ("recording", "location", G_TYPE_STRING, "cam.mp4",
      "since", G_TYPE_INT64, G_GINT64_CONSTANT (1767323045) * G_USEC_PER_SEC,
      "duration", G_TYPE_UINT64, 1500 * GST_MSECOND, "bytes", G_TYPE_UINT64,
      (guint64) 4711, NULL);
}

typedef struct
{
  Place place;
  Gateway gateway;
  Track video;
  Recorder recorder;
} Server;

static void
server_start (Server *self, gboolean records)
{
  memset (self, 0, sizeof (*self));
  place_init (&self->place);
  gateway_init (&self->gateway, 0);
  g_object_set (self->gateway.sink, "api-token-file", self->place.tokens, NULL);
  if (records) {
    g_signal_connect (self->gateway.sink, "request-recording",
        G_CALLBACK (on_request), &self->recorder);
    g_signal_connect (self->gateway.sink, "describe-recording",
        G_CALLBACK (on_describe), &self->recorder);
  }
  ck_assert_int_eq (gateway_play (&self->gateway), GST_STATE_CHANGE_SUCCESS);
  track_begin (&self->video, &self->gateway, "video_%u", STREAM, NULL,
      VIDEO_CAPS);
  wait_until_live (self->gateway.sink);
}

static void
server_stop (Server *self)
{
  track_end (&self->video);
  gateway_clear (&self->gateway);
  place_clear (&self->place);
}

GST_START_TEST (a_recording_is_started_seen_and_stopped)
{
  Server server;
  GstElement *sink;

  server_start (&server, TRUE);
  sink = server.gateway.sink;
  assert_says (sink, "GET", 404, "not recorded");
  assert_says (sink, "DELETE", 404, "not recorded");
  ck_assert_uint_eq (server.recorder.n_asked, 0);
  assert_says (sink, "POST", 204, "");
  ck_assert (server.recorder.is_recording);
  assert_says (sink, "GET", 200, "{\"state\":\"waiting\"}");
  server.recorder.has_file = TRUE;
  assert_says (sink, "GET", 200,
      "{\"state\":\"recording\",\"location\":\"cam.mp4\","
      "\"since\":\"2026-01-02T03:04:05Z\",\"duration_ms\":1500,"
      "\"bytes\":4711}");
  assert_says (sink, "DELETE", 204, "");
  ck_assert (!server.recorder.is_recording);
  assert_says (sink, "GET", 404, "not recorded");
  server_stop (&server);
}
GST_END_TEST;

GST_START_TEST (an_administrator_is_shown_why_not)
{
  Server server;
  GstElement *sink;

  server_start (&server, TRUE);
  sink = server.gateway.sink;
  server.recorder.refusal = "the disk is away";
  assert_says (sink, "POST", 409,
      "The recording was not started: the disk is away.");
  server.recorder.is_recording = TRUE;
  assert_says (sink, "DELETE", 409,
      "The recording was not stopped: the disk is away.");
  assert_says (sink, "GET", 200, "waiting");
  server_stop (&server);
}
GST_END_TEST;

GST_START_TEST (without_an_answer_nothing_records)
{
  Server server;
  GstElement *sink;

  server_start (&server, FALSE);
  sink = server.gateway.sink;
  assert_says (sink, "POST", 501, "no-recorder");
  assert_says (sink, "GET", 404, "no-recording");
  assert_says (sink, "DELETE", 404, "no-recording");
  server_stop (&server);
}
GST_END_TEST;

GST_START_TEST (a_stream_that_is_not_live_is_not_recorded)
{
  static const gchar *const methods[] = { "GET", "POST", "DELETE" };
  Server server;

  server_start (&server, TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (methods); i++) {
    g_auto (Reply) reply = ask_as (server.gateway.sink, TOKEN, methods[i],
        "/api/v1/streams/live/none/recording", NULL);

    ck_assert_uint_eq (reply.status, 404);
    ck_assert (strstr (reply.body, "no-stream") != NULL);
  }
  ck_assert_uint_eq (server.recorder.n_asked, 0);
  server_stop (&server);
}
GST_END_TEST;

GST_START_TEST (an_administrator_alone_sees_and_starts_recordings)
{
  static const gchar *const lists[] = { "/api/v1/streams", OF_STREAM };
  static const gchar *const methods[] = { "GET", "POST", "DELETE" };
  Server server;
  GstElement *sink;

  server_start (&server, TRUE);
  sink = server.gateway.sink;
  server.recorder.is_recording = server.recorder.has_file = TRUE;
  server.recorder.n_described = 0;
  for (guint i = 0; i < G_N_ELEMENTS (lists); i++) {
    g_auto (Reply) of_all = ask_as (sink, NULL, "GET", lists[i], NULL);

    ck_assert_uint_eq (of_all.status, 200);
    ck_assert (strstr (of_all.body, "recording") == NULL);
  }
  for (guint i = 0; i < G_N_ELEMENTS (methods); i++) {
    g_auto (Reply) reply = ask_as (sink, "guess", methods[i], RECORDING, NULL);

    ck_assert_uint_eq (reply.status, 401);
  }
  ck_assert_uint_eq (server.recorder.n_described, 0);
  ck_assert_uint_eq (server.recorder.n_asked, 0);
  for (guint i = 0; i < G_N_ELEMENTS (lists); i++) {
    g_auto (Reply) of_admin = ask_as (sink, TOKEN, "GET", lists[i], NULL);

    ck_assert_msg (strstr (of_admin.body,
                       ",\"recording\":{\"state\":\"recording\",") != NULL,
        "%s", of_admin.body);
  }
  server_stop (&server);
}
GST_END_TEST;

/* An rtmpwebrtcsink that records its publisher from the beginning. */
typedef struct
{
  Place place;
  GstHarness *in;
  GstBus *bus;
} Studio;

static void
studio_send (Studio *self)
{
  g_autoptr (GBytes) film = flv_file_load ("h264-aac.flv");

  ck_assert_int_eq (gst_harness_push (self->in,
                        flv_file_cut (film, 0, G_MAXINT)),
      GST_FLOW_OK);
}

static void
studio_open (Studio *self)
{
  GstElement *sink = gst_element_factory_make ("rtmpwebrtcsink", NULL);
  g_autoptr (GstPad) pad = NULL;
  g_autofree gchar *location = NULL;

  place_init (&self->place);
  location = g_build_filename (self->place.path, "%a/%k.mp4", NULL);
  self->bus = gst_bus_new ();
  gst_element_set_bus (sink, self->bus);
  g_object_set (sink, "port", 0, "address", "127.0.0.1", "api-token-file",
      self->place.tokens, "record-location", location, NULL);
  pad = gst_element_request_pad_simple (sink, "sink_0");
  g_object_set (pad, "stream-name", STREAM, NULL);
  self->in = gst_harness_new_with_element (sink, "sink_0", NULL);
  gst_object_unref (sink);
  gst_harness_set_src_caps_str (self->in, "video/x-flv");
  studio_send (self);
  wait_until_live (self->in->element);
}

static void
studio_close (Studio *self)
{
  gst_element_set_state (self->in->element, GST_STATE_NULL);
  gst_element_set_bus (self->in->element, NULL);
  gst_bus_set_flushing (self->bus, TRUE);
  gst_harness_teardown (self->in);
  gst_object_unref (self->bus);
  place_clear (&self->place);
}

/* Returns: (transfer full): the location of the next message of that name. */
static gchar *
studio_says (Studio *self, const gchar *name)
{
  for (;;) {
    g_autoptr (GstMessage) message =
        gst_bus_timed_pop_filtered (self->bus, PATIENCE, GST_MESSAGE_ELEMENT);

    ck_assert_msg (message != NULL, "waited in vain: %s", name);
    if (gst_message_has_name (message, name))
      return g_strdup (
          gst_structure_get_string (gst_message_get_structure (message),
              "location"));
  }
}

/* Returns: (transfer full): where the API says that the file is. */
static gchar *
location_of (GstElement *sink, const gchar *path)
{
  g_auto (Reply) reply = ask_as (sink, TOKEN, "GET", path, NULL);
  g_autoptr (JsonNode) root = json_from_string (reply.body, NULL);
  JsonObject *object = json_node_get_object (root);

  if (g_str_equal (path, OF_STREAM))
    object = json_object_get_object_member (object, "recording");
  ck_assert_msg (json_object_get_int_member (object, "bytes") > 0, "%s",
      reply.body);
  return g_strdup (json_object_get_string_member (object, "location"));
}

static void
assert_records (Studio *self, const gchar *file)
{
  g_autofree gchar *path =
      g_build_filename (self->place.path, "live", file, NULL);
  g_autofree gchar *started = studio_says (self, "recording-started");
  g_autofree gchar *alone = location_of (self->in->element, RECORDING);
  g_autofree gchar *of_stream = location_of (self->in->element, OF_STREAM);

  ck_assert_str_eq (started, path);
  ck_assert_str_eq (alone, path);
  ck_assert_str_eq (of_stream, path);
}

GST_START_TEST (rtmpwebrtcsink_records_where_its_settings_say)
{
  const gchar *wish = RECORDING "?location=/tmp/a.mp4";
  g_autofree gchar *first = NULL;
  Studio studio;
  GstElement *sink;

  studio_open (&studio);
  sink = studio.in->element;
  assert_records (&studio, "cam.mp4");
  assert_says (sink, "POST", 409, "the stream is recorded already.");
  assert_says (sink, "DELETE", 204, "");
  first = studio_says (&studio, "recording-ended");
  ck_assert (g_str_has_suffix (first, "/cam.mp4"));
  assert_says (sink, "GET", 404, "not recorded");
  {
    g_auto (Reply) begun =
        ask_as (sink, TOKEN, "POST", wish, "{\"location\":\"/tmp/a.mp4\"}");

    ck_assert_msg (begun.status == 204, "%s", begun.body);
  }
  assert_says (sink, "GET", 200, "{\"state\":\"waiting\"}");
  studio_send (&studio);
  assert_records (&studio, "cam-2.mp4");
  studio_close (&studio);
}
GST_END_TEST;

static Suite *
wheprecordings_suite (void)
{
  Suite *suite = suite_create ("wheprecordings");
  TCase *tcase = tcase_create ("wheprecordings");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_recording_is_started_seen_and_stopped);
  tcase_add_test (tcase, an_administrator_is_shown_why_not);
  tcase_add_test (tcase, without_an_answer_nothing_records);
  tcase_add_test (tcase, a_stream_that_is_not_live_is_not_recorded);
  tcase_add_test (tcase, an_administrator_alone_sees_and_starts_recordings);
  tcase_add_test (tcase, rtmpwebrtcsink_records_where_its_settings_say);
  return suite;
}

GST_CHECK_MAIN (wheprecordings);
