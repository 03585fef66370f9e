/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The URL of a Redis server. */

#include "gst/directory/redisurl.h"

#include <gst/check/gstcheck.h>

static const struct
{
  const gchar *text;
  DirectoryRedisUrl url; /* without a host: it is wrong */
} urls[] = {
  { "redis://example.net", { FALSE, "example.net", 6379 } },
  { "redis://example.net/", { FALSE, "example.net", 6379 } },
  { "redis://192.0.2.1:6380/3", { FALSE, "192.0.2.1", 6380, NULL, NULL, 3 } },
  { "redis://[2001:db8::1]", { FALSE, "2001:db8::1", 6379 } },
  { "rediss://example.net", { TRUE, "example.net", 6379 } },
  { "redis://:se%40cret@example.net",
      { FALSE, "example.net", 6379, NULL, "se@cret" } },
  { "redis://edge:secret@example.net",
      { FALSE, "example.net", 6379, "edge", "secret" } },
  { "", { 0 } },
  { "example.net", { 0 } },
  { "http://example.net", { 0 } },
  { "redis://", { 0 } },
  { "redis://:6379", { 0 } },
  { "redis://example.net:99999", { 0 } },
  { "redis://example.net/x", { 0 } },
  { "redis://example.net/-1", { 0 } },
  { "redis://example.net/65536", { 0 } },
  { "redis://example.net?db=1", { 0 } },
};

GST_START_TEST (a_url_names_a_server_and_a_database)
{
  for (guint i = 0; i < G_N_ELEMENTS (urls); i++) {
    const DirectoryRedisUrl *expected = &urls[i].url;
    DirectoryRedisUrl url;
    const gchar *why = directory_redis_url_init (&url, urls[i].text);

    ck_assert_msg ((why == NULL) == (expected->host != NULL), "%s: %s",
        urls[i].text, why);
    if (why == NULL) {
      ck_assert_str_eq (url.host, expected->host);
      ck_assert_uint_eq (url.port, expected->port);
      ck_assert_int_eq (url.is_tls, expected->is_tls);
      ck_assert (g_strcmp0 (url.user, expected->user) == 0);
      ck_assert (g_strcmp0 (url.password, expected->password) == 0);
      ck_assert_uint_eq (url.database, expected->database);
    }
    directory_redis_url_clear (&url);
  }
}
GST_END_TEST;

static Suite *
redisurl_suite (void)
{
  Suite *suite = suite_create ("redisurl");
  TCase *tcase = tcase_create ("redisurl");

  tcase_add_test (tcase, a_url_names_a_server_and_a_database);
  suite_add_tcase (suite, tcase);
  return suite;
}

GST_CHECK_MAIN (redisurl);
