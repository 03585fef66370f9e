/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where one can publish to, and where not. */

#include "pipelines/publishurl.h"

#include <gst/check/gstcheck.h>
#include <string.h>

GST_START_TEST (addresses_of_streams_have_no_fault)
{
  static const gchar *const urls[] = { "rtmp://host/live/cam",
    "rtmps://host:1936/live/cam", "rtmp://192.0.2.7/live/cam?token=a/b",
    "rtmp://[2001:db8::7]:1935/live/cam", "rtmp://[::1]/live/cam",
    "rtmp://user:pass@host/live/cam", "rtmp://host/a/b/c/d",
    "rtmp://host:65535/live/c%20d" };

  for (guint i = 0; i < G_N_ELEMENTS (urls); i++) {
    g_autofree gchar *fault = publish_url_fault (urls[i]);

    ck_assert_msg (fault == NULL, "%s: %s", urls[i], fault);
  }
}
GST_END_TEST;

GST_START_TEST (what_cannot_work_is_told_why)
{
  static const struct
  {
    const gchar *url, *says;
  } urls[] = {
    { "", "not an address" },
    { "live/cam", "not an address" },
    { "http://host/live/cam", "http:// is not RTMP" },
    { "srt://host/live/cam", "srt:// is not RTMP" },
    { "://host/live/cam", "is not RTMP" },
    { "rtmp://", "no host" },
    { "rtmp:///live/cam", "no host" },
    { "rtmp://:1935/live/cam", "no host" },
    { "rtmp://user@/live/cam", "no host" },
    { "rtmp://host", "no app" },
    { "rtmp://host/", "no app" },
    { "rtmp://host//cam", "no app" },
    { "rtmp://host?a/b", "no app" },
    { "rtmp://host/live", "no key" },
    { "rtmp://host/live/", "no key" },
    { "rtmp://host/live?a=b/c", "no key" },
    { "rtmp://host:0/live/cam", "\"0\" is not a port" },
    { "rtmp://host:65536/live/cam", "\"65536\" is not a port" },
    { "rtmp://host:-1/live/cam", "\"-1\" is not a port" },
    { "rtmp://host:x/live/cam", "\"x\" is not a port" },
    { "rtmp://host:/live/cam", "\"\" is not a port" },
    { "rtmp://[::1]:99999/live/cam", "\"99999\" is not a port" },
    { "rtmp://[::1/live/cam", "without its" },
    { "rtmp://ho st/live/cam", "blanks" },
    { "rtmp://host/live/cam\n", "blanks" },
    { "rtmp://host/live/\xff", "UTF-8" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (urls); i++) {
    g_autofree gchar *fault = publish_url_fault (urls[i].url);

    ck_assert_msg (fault != NULL, "%s", urls[i].url);
    ck_assert_msg (strstr (fault, urls[i].says) != NULL, "%s: %s", urls[i].url,
        fault);
  }
}
GST_END_TEST;

static Suite *
publishurl_suite (void)
{
  Suite *suite = suite_create ("publishurl");
  TCase *tcase = tcase_create ("publishurl");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, addresses_of_streams_have_no_fault);
  tcase_add_test (tcase, what_cannot_work_is_told_why);
  return suite;
}

GST_CHECK_MAIN (publishurl);
