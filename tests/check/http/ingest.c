/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where to publish. */

#include "ext/whep/http/ingest.h"

#include <gst/check/gstcheck.h>
#include <string.h>

static const struct
{
  const gchar *address, *json; /* of host and port */
} addresses[] = {
  { "::", "{\"scheme\":\"rtmp\",\"port\":19350,\"path\":\"/live\"}" },
  { "0.0.0.0", "{\"scheme\":\"rtmp\",\"port\":19350,\"path\":\"/live\"}" },
  { "192.0.2.1",
      "{\"scheme\":\"rtmp\",\"host\":\"192.0.2.1\",\"port\":19350,"
      "\"path\":\"/live\"}" },
  { "2001:db8::1",
      "{\"scheme\":\"rtmp\",\"host\":\"[2001:db8::1]\",\"port\":19350,"
      "\"path\":\"/live\"}" },
};

GST_START_TEST (a_server_has_the_address_it_listens_on_or_the_page_s_host)
{
  for (guint i = 0; i < G_N_ELEMENTS (addresses); i++) {
    g_autoptr (WhepIngest) ingest = whep_ingest_new (WHEP_INGEST_OPEN);
    g_autofree gchar *json = NULL;

    whep_ingest_add (ingest, "rtmp", addresses[i].address, 19350);
    json = whep_ingest_to_json (ingest);
    ck_assert_msg (strstr (json, addresses[i].json) != NULL, "%s", json);
  }
}
GST_END_TEST;

static const struct
{
  const gchar *list, *json;
} lists[] = {
  { "", "{\"servers\":[],\"access\":\"keys\"}" },
  { "rtmp://in.example.net",
      "{\"servers\":[{\"scheme\":\"rtmp\",\"host\":\"in.example.net\","
      "\"port\":1935,\"path\":\"/live\"}],\"access\":\"keys\"}" },
  { "rtmp://in.example.net:19350/stage, rtmps://[2001:db8::1]/a/b",
      "{\"servers\":[{\"scheme\":\"rtmp\",\"host\":\"in.example.net\","
      "\"port\":19350,\"path\":\"/stage\"},"
      "{\"scheme\":\"rtmps\",\"host\":\"[2001:db8::1]\",\"port\":443,"
      "\"path\":\"/a/b\"}],\"access\":\"keys\"}" },
};

GST_START_TEST (urls_name_the_servers_as_seen_from_outside)
{
  for (guint i = 0; i < G_N_ELEMENTS (lists); i++) {
    g_autoptr (WhepIngest) ingest = whep_ingest_new (WHEP_INGEST_KEYS);
    g_autoptr (GError) error = NULL;
    g_autofree gchar *json = NULL;

    ck_assert (whep_ingest_add_urls (ingest, lists[i].list, &error));
    g_assert_no_error (error);
    json = whep_ingest_to_json (ingest);
    ck_assert_str_eq (json, lists[i].json);
  }
}
GST_END_TEST;

static const gchar *const mistakes[] = {
  "in.example.net",
  "http://in.example.net",
  "rtmp:///live",
  "rtmp://in.example.net:99999/live",
  "rtmp://anna:secret@in.example.net/live",
  "rtmp://in.example.net/live?token=secret",
  "rtmp://1 rtmp://2 rtmp://3 rtmp://4 rtmp://5",
};

GST_START_TEST (an_invalid_url_is_rejected_without_showing_its_secret)
{
  for (guint i = 0; i < G_N_ELEMENTS (mistakes); i++) {
    g_autoptr (WhepIngest) ingest = whep_ingest_new (WHEP_INGEST_OPEN);
    g_autoptr (GError) error = NULL;

    ck_assert_msg (!whep_ingest_add_urls (ingest, mistakes[i], &error), "%s",
        mistakes[i]);
    ck_assert (strstr (error->message, "rtmp://HOST:PORT/APP") != NULL);
    ck_assert (strstr (error->message, "secret") == NULL);
  }
}
GST_END_TEST;

GST_START_TEST (without_publishing_there_are_no_servers)
{
  g_autofree gchar *json = whep_ingest_to_json (NULL);

  ck_assert_str_eq (json, "{\"servers\":[]}");
}
GST_END_TEST;

static Suite *
ingest_suite (void)
{
  Suite *suite = suite_create ("ingest");
  TCase *tcase = tcase_create ("ingest");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase,
      a_server_has_the_address_it_listens_on_or_the_page_s_host);
  tcase_add_test (tcase, urls_name_the_servers_as_seen_from_outside);
  tcase_add_test (tcase, an_invalid_url_is_rejected_without_showing_its_secret);
  tcase_add_test (tcase, without_publishing_there_are_no_servers);
  return suite;
}

GST_CHECK_MAIN (ingest);
