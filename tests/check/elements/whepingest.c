/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The page gets the URLs at which the pipeline accepts publishers. */

#include "tests/support/selfsigned.h"

#include <gst/check/gstcheck.h>
#include <glib/gstdio.h>
#include <libsoup/soup.h>
#include <string.h>

static GstElement *
pipeline_new (const gchar *line)
{
  g_autoptr (GError) error = NULL;
  GstElement *pipeline = gst_parse_launch (line, &error);

  g_assert_no_error (error);
  return pipeline;
}

static guint
port_of (GstElement *pipeline, const gchar *element, const gchar *property)
{
  g_autoptr (GstElement) child =
      gst_bin_get_by_name (GST_BIN (pipeline), element);
  guint port;

  g_object_get (child, property, &port, NULL);
  return port;
}

/* Returns: (transfer full): the body of the reply. */
static gchar *
ask (GstElement *pipeline)
{
  g_autoptr (SoupSession) client = soup_session_new ();
  g_autofree gchar *url = g_strdup_printf ("http://127.0.0.1:%u/api/ingest",
      port_of (pipeline, "sink", "port"));
  g_autoptr (SoupMessage) message = soup_message_new ("GET", url);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) reply =
      soup_session_send_and_read (client, message, NULL, &error);

  g_assert_no_error (error);
  return g_strndup (g_bytes_get_data (reply, NULL), g_bytes_get_size (reply));
}

#define SINK "rtmpwebrtcsink name=sink address=127.0.0.1 port=0 "
#define SERVER "rtmpserversrc name=server port=0 "

static void
assert_says (const gchar *line, const gchar *format)
{
  GstElement *pipeline = pipeline_new (line);
  g_autofree gchar *json = NULL;
  g_autofree gchar *expected = NULL;

  ck_assert_int_ne (gst_element_set_state (pipeline, GST_STATE_PLAYING),
      GST_STATE_CHANGE_FAILURE);
  expected = g_strdup_printf (format, port_of (pipeline, "server", "port"),
      port_of (pipeline, "server", "tls-port"));
  json = ask (pipeline);
  ck_assert_str_eq (json, expected);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (pipeline);
}

#define RTMP "{\"scheme\":\"rtmp\",\"port\":%u,\"path\":\"/live\"}"
#define AT_HOME                                                                \
  "{\"scheme\":\"rtmp\",\"host\":\"127.0.0.1\",\"port\":%u,\"path\":\"/"       \
  "live\"}"

static const struct
{
  const gchar *line, *json;
} pipelines[] = {
  { SERVER ": " SINK, "{\"servers\":[" RTMP "],\"access\":\"open\"}" },
  { SERVER "address=127.0.0.1 : " SINK,
      "{\"servers\":[" AT_HOME "],\"access\":\"open\"}" },
  { SERVER "publish-keys=/dev/null : " SINK,
      "{\"servers\":[" RTMP "],\"access\":\"keys\"}" },
  { SERVER "on-publish=http://127.0.0.1:9/ : " SINK,
      "{\"servers\":[" RTMP "],\"access\":\"asked\"}" },
  { SERVER ": " SINK "publish-url=rtmp://in.example.net:19350/stage",
      "{\"servers\":[{\"scheme\":\"rtmp\",\"host\":\"in.example.net\","
      "\"port\":19350,\"path\":\"/stage\"}],\"access\":\"open\"}" },
};

GST_START_TEST (the_page_gets_the_port_that_is_open)
{
  for (guint i = 0; i < G_N_ELEMENTS (pipelines); i++)
    assert_says (pipelines[i].line, pipelines[i].json);
}
GST_END_TEST;

GST_START_TEST (the_page_gets_an_rtmps_url_where_rtmps_is_served)
{
  g_autofree gchar *folder = g_dir_make_tmp (NULL, NULL);
  g_autofree gchar *path = g_build_filename (folder, "both.pem", NULL);
  g_autofree gchar *line =
      g_strdup_printf (SERVER "tls-port=0 tls-certificate=%s : " SINK, path);
  WhepCertificate *identity = whep_certificate_new (NULL);

  selfsigned_write (identity, path, NULL);
  whep_certificate_free (identity);
  assert_says (line,
      "{\"servers\":[" RTMP ",{\"scheme\":\"rtmps\",\"port\":%u,"
      "\"path\":\"/live\"}],\"access\":\"open\"}");
  g_unlink (path);
  g_rmdir (folder);
}
GST_END_TEST;

GST_START_TEST (without_an_rtmp_server_the_page_gets_no_url)
{
  GstElement *pipeline = pipeline_new ("pipeline. ( " SINK ")");
  g_autofree gchar *json = NULL;

  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  json = ask (pipeline);
  ck_assert_str_eq (json, "{\"servers\":[]}");
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (pipeline);
}
GST_END_TEST;

GST_START_TEST (an_invalid_publish_url_is_an_error_at_the_start)
{
  GstElement *pipeline =
      pipeline_new (SERVER ": " SINK "publish-url=http://example.net");
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);
  g_autoptr (GstMessage) message = NULL;
  g_autoptr (GError) error = NULL;

  ck_assert_int_eq (gst_element_set_state (pipeline, GST_STATE_PLAYING),
      GST_STATE_CHANGE_FAILURE);
  message = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);
  gst_message_parse_error (message, &error, NULL);
  ck_assert (strstr (error->message, "\"publish-url\"") != NULL);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (pipeline);
}
GST_END_TEST;

static Suite *
whepingest_suite (void)
{
  Suite *suite = suite_create ("whepingest");
  TCase *tcase = tcase_create ("whepingest");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, the_page_gets_the_port_that_is_open);
  tcase_add_test (tcase, the_page_gets_an_rtmps_url_where_rtmps_is_served);
  tcase_add_test (tcase, without_an_rtmp_server_the_page_gets_no_url);
  tcase_add_test (tcase, an_invalid_publish_url_is_an_error_at_the_start);
  return suite;
}

GST_CHECK_MAIN (whepingest);
