/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A name is APP/KEY, however encoders split URLs, and nothing else. */

#include "gst/rtmp/streamname.h"

#include <gst/check/gstcheck.h>
#include <string.h>

#define HOST "rtmp://h:1935/"

static const struct
{
  const gchar *app;
  const gchar *url; /* nullable */
  const gchar *key;
  const gchar *name;
  const gchar *query;
} names[] = {
  { "live", NULL, "cam", "live/cam", "" },
  { "live/", NULL, "/cam/", "live/cam", "" },
  { "live", NULL, "studio/cam", "live/studio/cam", "" },
  { "live/studio", NULL, "cam", "live/studio/cam", "" },
  { "live/cam", NULL, "", "live/cam", "" },
  { "", NULL, "live/cam", "live/cam", "" },
  /* A query in the right place: OBS, ffmpeg, librtmp, Larix. */
  { "live", NULL, "cam?user=a&pass=b", "live/cam", "user=a&pass=b" },
  { "live", NULL, "cam?token=a/b/c==", "live/cam", "token=a/b/c==" },
  { "live", NULL, "cam?a?b", "live/cam", "a?b" },
  { "live?token=a/b", NULL, "cam", "live/cam", "token=a/b" },
  { "live?b=2", HOST "live?b=2", "cam?a=1", "live/cam", "a=1&b=2" },
  { "live", HOST "live?c=3", "cam", "live/cam", "c=3" },
  { "live", HOST "live?c=3/4", "cam?a=1", "live/cam", "a=1&c=3/4" },
  { "live/cam?token=a", NULL, "", "live/cam", "token=a" },
  { "live/cam", HOST "live/cam?token=a/b", "", "live/cam", "token=a/b" },
  { "live/cam?b=2", NULL, "?a=1", "live/cam", "a=1&b=2" },
  { "live?", NULL, "cam", "live/cam", "" },
  /* ffmpeg, librtmp: the app ends at a slash within the query. */
  { "live/cam1?token=abc", HOST "live/cam1?token=abc", "def==", "live/cam1",
      "token=abc/def==" },
  { "live/cam1?token=abc", NULL, "/def==", "live/cam1", "token=abc//def==" },
  { "live/cam1?token=a", NULL, "b/c=", "live/cam1", "token=a/b/c=" },
  { "live/cam1?token=a/b", NULL, "c&x=1", "live/cam1", "token=a/b/c&x=1" },
  { "live/cam1?token=a", NULL, "b=?c", "live/cam1", "token=a/b=?c" },
  { "live/cam1?a=1&", NULL, "user=x&pass=y", "live/cam1", "a=1&user=x&pass=y" },
  { "live/cam1", HOST "live/cam1?token=abc", "def==", "live/cam1",
      "token=abc/def==" },
  { "live/cam1", HOST "live/cam1?token=abc/def==", "def==", "live/cam1",
      "token=abc/def==" },
  /* The server's address ends with the question mark. */
  { "live/mystream?", NULL, "user=a&pass=b/c", "live/mystream",
      "user=a&pass=b/c" },
  { "live/mystream?", HOST "live/mystream?", "token=a", "live/mystream",
      "token=a" },
  /* The URL is complete. */
  { "live/studio", HOST "live/studio/cam?token=a", "cam", "live/studio/cam",
      "token=a" },
  /* Characters that are allowed in a name. */
  { "live", NULL, "Kamera-\xc3\xbc 1", "live/Kamera-\xc3\xbc 1", "" },
  { "live", NULL, "my%20cam", "live/my%20cam", "" },
  { "live", NULL, "100%", "live/100%", "" },
  { "live", NULL, "%zz", "live/%zz", "" },
  { "live", NULL, "abc==", "live/abc==", "" },
  { "live", NULL, "...a", "live/...a", "" },
  { "live", NULL, "mp4:cam#1", "live/mp4:cam#1", "" },
};

GST_START_TEST (split_urls_are_put_together)
{
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_auto (RtmpStreamName) stream = { 0 };

    rtmp_streamname_parse (&stream, names[i].app, names[i].url, names[i].key);
    ck_assert_msg (g_strcmp0 (stream.name, names[i].name) == 0,
        "'%s' and '%s': %s, %s", names[i].app, names[i].key, stream.name,
        stream.why);
    ck_assert_str_eq (stream.query, names[i].query);
  }
}
GST_END_TEST;

static const struct
{
  const gchar *app;
  const gchar *url; /* nullable */
  const gchar *key;
  const gchar *why; /* part of the reason */
} invalid[] = {
  { "live", NULL, "", "APP/KEY" },
  { "", NULL, "cam", "APP/KEY" },
  { "", NULL, "", "APP/KEY" },
  { "//", NULL, "?a/b", "APP/KEY" },
  { "mystream?", NULL, "user=a&pass=b", "APP/KEY" },
  { "cam?token=abc", NULL, "def==", "APP/KEY" },
  /* A key, or a part of the token? */
  { "live/cam1?token=abc", NULL, "def", "ambiguous" },
  { "live/cam1", HOST "live/cam1?token=abc", "def", "ambiguous" },
  { "live/cam1?token=", NULL, "abc", "ambiguous" },
  { "live/a?token=b", NULL, "c?d=e", "ambiguous" },
  /* A query without a visible question mark. */
  { "live", NULL, "user=a&pass=b", "parameter" },
  { "live/cam", NULL, "token=abc/def==", "parameter" },
  { "live", NULL, "cam%26token%3Dabc", "parameter" },
  { "live", NULL, "cam%3Ftoken=abc", "parameter" },
  { "live", NULL, "cam%3Fabc", "characters" },
  { "live", NULL, "cam%253ftoken", "characters" },
  /* Segments that a path would lose or that lead upwards. */
  { "live", NULL, "..", "dots" },
  { "..", NULL, "cam", "dots" },
  { "live", NULL, "a/../b", "dots" },
  { "live", NULL, "./cam", "dots" },
  { "live", NULL, "...", "dots" },
  { "live", NULL, "a//b", "empty" },
  { "live//a", NULL, "cam", "empty" },
  { "live", NULL, "%2e%2E", "dots" },
  { "live", NULL, ".%2e", "dots" },
  { "live", NULL, "%252e", "dots" },
  { "live", NULL, "%25252e%25252e/cam", "dots" },
  { "live", NULL, "a%2fb", "characters" },
  { "live", NULL, "%2F..%2F", "characters" },
  { "live", NULL, "a\\b", "characters" },
  { "live", NULL, "a%5Cb", "characters" },
  /* Characters that are invisible or ambiguous. */
  { "live", NULL, "a%00b", "characters" },
  { "live", NULL, "a%0ab", "characters" },
  { "live", NULL, "a%c2%85b", "characters" },
  { "live", NULL, "a%ffb", "characters" },
  { "live", NULL, "a\nb", "characters" },
  { "live", NULL, "a\x7f", "characters" },
  { "live", NULL,
      "a\xe2\x80\xa8"
      "b",
      "characters" },
  { "live", NULL,
      "a\xe2\x80\xae"
      "b",
      "characters" },
  { "live", NULL,
      "a\xc2\xa0"
      "b",
      "characters" },
  { "live", NULL, " cam", "characters" },
  { "live", NULL, "cam ", "characters" },
  { "live ", NULL, "cam", "characters" },
  { "live", NULL, "cam%20", "characters" },
};

GST_START_TEST (an_invalid_name_is_rejected_with_a_reason)
{
  for (guint i = 0; i < G_N_ELEMENTS (invalid); i++) {
    g_auto (RtmpStreamName) stream = { 0 };

    rtmp_streamname_parse (&stream, invalid[i].app, invalid[i].url,
        invalid[i].key);
    ck_assert_msg (stream.name == NULL, "'%s' and '%s': %s", invalid[i].app,
        invalid[i].key, stream.name);
    ck_assert_msg (strstr (stream.why, invalid[i].why) != NULL,
        "'%s' and '%s': %s", invalid[i].app, invalid[i].key, stream.why);
  }
}
GST_END_TEST;

GST_START_TEST (a_name_is_limited_in_length)
{
  g_autofree gchar *key = g_strnfill (RTMP_STREAM_NAME_MAX_BYTES - 2, 'k');
  g_auto (RtmpStreamName) longest = { 0 };
  g_auto (RtmpStreamName) longer = { 0 };

  rtmp_streamname_parse (&longest, "a", NULL, key);
  rtmp_streamname_parse (&longer, "ab", NULL, key);
  ck_assert (longest.name != NULL);
  ck_assert (longer.name == NULL);
  ck_assert_str_eq (longer.why, "the stream's name is too long");
}
GST_END_TEST;

static Suite *
streamname_suite (void)
{
  Suite *suite = suite_create ("streamname");
  TCase *tcase = tcase_create ("streamname");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, split_urls_are_put_together);
  tcase_add_test (tcase, an_invalid_name_is_rejected_with_a_reason);
  tcase_add_test (tcase, a_name_is_limited_in_length);
  return suite;
}

GST_CHECK_MAIN (streamname);
