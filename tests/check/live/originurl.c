/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The origin's URL, and what a stream is played by there. */

#include "gst/live/originurl.h"

#include <gst/check/gstcheck.h>

static const struct
{
  const gchar *text;
  const gchar *host; /* NULL: it is wrong */
  guint16 port;
  gboolean is_tls;
} urls[] = {
  { "rtmp://example.net", "example.net", 1935, FALSE },
  { "rtmp://example.net/", "example.net", 1935, FALSE },
  { "rtmp://192.0.2.1:19350", "192.0.2.1", 19350, FALSE },
  { "rtmp://[2001:db8::1]:1936", "2001:db8::1", 1936, FALSE },
  { "rtmps://example.net", "example.net", 443, TRUE },
  { "RTMPS://example.net:1936", "example.net", 1936, TRUE },
  { "", NULL, 0, FALSE },
  { "example.net", NULL, 0, FALSE },
  { "http://example.net", NULL, 0, FALSE },
  { "rtmp://", NULL, 0, FALSE },
  { "rtmp://:1935", NULL, 0, FALSE },
  { "rtmp://example.net:99999", NULL, 0, FALSE },
  { "rtmp://example.net/live", NULL, 0, FALSE },
  { "rtmp://example.net?token=x", NULL, 0, FALSE },
  { "rtmp://user:secret@example.net", NULL, 0, FALSE },
};

GST_START_TEST (a_url_names_a_server_and_nothing_else)
{
  for (guint i = 0; i < G_N_ELEMENTS (urls); i++) {
    OriginUrl url;
    const gchar *why = origin_url_init (&url, urls[i].text);

    ck_assert_msg ((why == NULL) == (urls[i].host != NULL), "%s: %s",
        urls[i].text, why);
    if (why == NULL) {
      ck_assert_str_eq (url.host, urls[i].host);
      ck_assert_uint_eq (url.port, urls[i].port);
      ck_assert_int_eq (url.is_tls, urls[i].is_tls);
    }
    origin_url_clear (&url);
  }
}
GST_END_TEST;

static const struct
{
  const gchar *name, *token;
  const gchar *app, *key; /* NULL: RTMP cannot carry it */
} streams[] = {
  { "live/cam", NULL, "live", "cam?wait=0" },
  { "live/cam/1", NULL, "live", "cam/1?wait=0" },
  { "live/cam", "a&b=c/d?\xc3\xa4", "live",
      "cam?wait=0&token=a%26b%3Dc%2Fd%3F%C3%A4" },
  { "live/k\xc3\xbc"
    "che 2",
      NULL, "live",
      "k\xc3\xbc"
      "che 2?wait=0" },
  { "live/cam?token=stolen", NULL, NULL, NULL },
  { "live?token=stolen/cam", NULL, NULL, NULL },
  { "live/a\\b", NULL, NULL, NULL },
  { "live", NULL, NULL, NULL },
  { "/cam", NULL, NULL, NULL },
  { "live/", NULL, NULL, NULL },
};

GST_START_TEST (nothing_of_a_name_becomes_part_of_the_query)
{
  for (guint i = 0; i < G_N_ELEMENTS (streams); i++) {
    OriginStream stream;
    gboolean is_valid =
        origin_stream_init (&stream, streams[i].name, streams[i].token);

    ck_assert_msg (is_valid == (streams[i].app != NULL), "%s", streams[i].name);
    ck_assert_msg (g_strcmp0 (stream.app, streams[i].app) == 0, "%s",
        stream.app);
    ck_assert_msg (g_strcmp0 (stream.key, streams[i].key) == 0, "%s",
        stream.key);
    origin_stream_clear (&stream);
  }
}
GST_END_TEST;

GST_START_TEST (a_name_that_is_too_long_is_not_asked_for)
{
  g_autofree gchar *most = g_strnfill (ORIGIN_STREAM_MAX_BYTES + 1, 'a');
  OriginStream stream;

  most[4] = '/';
  ck_assert (!origin_stream_init (&stream, most, NULL));
  origin_stream_clear (&stream);
  most[ORIGIN_STREAM_MAX_BYTES] = '\0';
  ck_assert (origin_stream_init (&stream, most, NULL));
  origin_stream_clear (&stream);
}
GST_END_TEST;

static Suite *
originurl_suite (void)
{
  Suite *suite = suite_create ("originurl");
  TCase *tcase = tcase_create ("originurl");

  tcase_add_test (tcase, a_url_names_a_server_and_nothing_else);
  tcase_add_test (tcase, nothing_of_a_name_becomes_part_of_the_query);
  tcase_add_test (tcase, a_name_that_is_too_long_is_not_asked_for);
  suite_add_tcase (suite, tcase);
  return suite;
}

GST_CHECK_MAIN (originurl);
