/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Claims allow what they name, for as long as they say, and nothing else. */

#include "gst/access/claims.h"

#include <gst/check/gstcheck.h>
#include <string.h>

static AccessClaims *
parse (const gchar *text)
{
  return access_claims_parse (text, strlen (text));
}

static const struct
{
  const gchar *claims, *stream;
  gboolean may_publish, may_watch, is_admin;
} tokens[] = {
  { "{}", "live/cam", FALSE, FALSE, FALSE },
  { "{\"watch\":\"live/cam\"}", "live/cam", FALSE, TRUE, FALSE },
  { "{\"watch\":\"live/cam\"}", "live/camera", FALSE, FALSE, FALSE },
  { "{\"watch\":\"live/cam\"}", "live/ca", FALSE, FALSE, FALSE },
  { "{\"publish\":[\"live/a\",\"live/b\"]}", "live/b", TRUE, FALSE, FALSE },
  { "{\"publish\":[\"live/a\",\"live/b\"]}", "live/c", FALSE, FALSE, FALSE },
  { "{\"watch\":\"live/*\"}", "live/cam", FALSE, TRUE, FALSE },
  { "{\"watch\":\"live/*\"}", "live/a/b", FALSE, TRUE, FALSE },
  { "{\"watch\":\"live/*\"}", "lively/cam", FALSE, FALSE, FALSE },
  { "{\"watch\":\"live/*\"}", "other/live/cam", FALSE, FALSE, FALSE },
  { "{\"watch\":\"*\",\"publish\":[]}", "a/b", FALSE, TRUE, FALSE },
  { "{\"watch\":\"*/cam\"}", "live/cam", FALSE, FALSE, FALSE },
  { "{\"watch\":\"\"}", "live/cam", FALSE, FALSE, FALSE },
  { "{\"admin\":true}", "live/cam", FALSE, FALSE, TRUE },
  { "{\"admin\":false}", "live/cam", FALSE, FALSE, FALSE },
  { "{\"aud\":\"rtmp-webrtc\",\"watch\":\"*\"}", "a/b", FALSE, TRUE, FALSE },
  { "{\"aud\":[\"x\",\"rtmp-webrtc\"],\"watch\":\"*\"}", "a/b", FALSE, TRUE,
      FALSE },
  { "{\"iss\":\"joe\",\"sub\":[{}],\"watch\":\"*\"}", "a/b", FALSE, TRUE,
      FALSE },
};

GST_START_TEST (a_token_allows_what_it_names)
{
  for (guint i = 0; i < G_N_ELEMENTS (tokens); i++) {
    AccessClaims *claims = parse (tokens[i].claims);
    const gchar *stream = tokens[i].stream;

    ck_assert_msg (claims != NULL, "%s", tokens[i].claims);
    ck_assert_msg (access_claims_may_publish (claims, stream) ==
            tokens[i].may_publish,
        "%s, %s", tokens[i].claims, stream);
    ck_assert_msg (access_claims_may_watch (claims, stream) ==
            tokens[i].may_watch,
        "%s, %s", tokens[i].claims, stream);
    ck_assert_msg (access_claims_is_admin (claims) == tokens[i].is_admin, "%s",
        tokens[i].claims);
    access_claims_free (claims);
  }
}
GST_END_TEST;

static const gchar *const invalid[] = {
  "",
  "nonsense",
  "[]",
  "\"live/cam\"",
  "{\"watch\":\"live/cam\"",
  "{\"watch\":1}",
  "{\"watch\":null}",
  "{\"watch\":{\"live/cam\":true}}",
  "{\"watch\":[\"live/cam\",1]}",
  "{\"publish\":[[\"live/cam\"]]}",
  "{\"admin\":\"true\"}",
  "{\"admin\":1}",
  "{\"exp\":\"tomorrow\"}",
  "{\"exp\":null}",
  "{\"exp\":true}",
  "{\"nbf\":[1]}",
  "{\"aud\":\"other\"}",
  "{\"aud\":[]}",
  "{\"aud\":1}",
};

GST_START_TEST (claims_of_a_wrong_type_and_for_others_are_rejected)
{
  for (guint i = 0; i < G_N_ELEMENTS (invalid); i++)
    ck_assert_msg (parse (invalid[i]) == NULL, "%s", invalid[i]);
}
GST_END_TEST;

static const struct
{
  const gchar *claims;
  gint64 now_s;
  gboolean is_current;
} times[] = {
  { "{}", 0, TRUE },
  { "{}", G_MAXINT64, TRUE },
  { "{\"exp\":1000}", 999, TRUE },
  { "{\"exp\":1000}", 1000 + ACCESS_CLAIMS_LEEWAY_S - 1, TRUE },
  { "{\"exp\":1000}", 1000 + ACCESS_CLAIMS_LEEWAY_S, FALSE },
  { "{\"exp\":1000.5}", 1000 + ACCESS_CLAIMS_LEEWAY_S, TRUE },
  { "{\"exp\":-1}", 1000, FALSE },
  { "{\"exp\":1e300}", G_MAXINT64, TRUE },
  { "{\"nbf\":1000}", 1000, TRUE },
  { "{\"nbf\":1000}", 1000 - ACCESS_CLAIMS_LEEWAY_S, TRUE },
  { "{\"nbf\":1000}", 1000 - ACCESS_CLAIMS_LEEWAY_S - 1, FALSE },
  { "{\"nbf\":1000,\"exp\":2000}", 1500, TRUE },
  { "{\"nbf\":1000,\"exp\":2000}", 2500, FALSE },
  { "{\"nbf\":2000,\"exp\":1000}", 1500, FALSE },
};

GST_START_TEST (a_token_is_valid_from_nbf_to_exp)
{
  for (guint i = 0; i < G_N_ELEMENTS (times); i++) {
    AccessClaims *claims = parse (times[i].claims);

    ck_assert_msg (access_claims_is_current (claims, times[i].now_s) ==
            times[i].is_current,
        "%s at %" G_GINT64_FORMAT, times[i].claims, times[i].now_s);
    access_claims_free (claims);
  }
}
GST_END_TEST;

static gchar *
repeat (const gchar *before, const gchar *what, guint n, const gchar *after)
{
  GString *text = g_string_new (before);

  for (guint i = 0; i < n; i++)
    g_string_append (text, what);
  g_string_append (text, after);
  return g_string_free (text, FALSE);
}

GST_START_TEST (the_size_of_claims_is_limited)
{
  g_autofree gchar *most = repeat ("{\"watch\":[\"a/b\"", ",\"a/b\"",
      ACCESS_CLAIMS_MAX_NAMES - 1, "]}");
  g_autofree gchar *more =
      repeat ("{\"watch\":[\"a/b\"", ",\"a/b\"", ACCESS_CLAIMS_MAX_NAMES, "]}");
  g_autofree gchar *large =
      repeat ("{\"watch\":\"", "x", ACCESS_CLAIMS_MAX_BYTES, "\"}");
  g_autofree gchar *deep = repeat ("{\"sub\":", "[", 4000, "");
  AccessClaims *claims = parse (most);

  ck_assert (claims != NULL);
  access_claims_free (claims);
  ck_assert (parse (more) == NULL);
  ck_assert (parse (large) == NULL);
  ck_assert (parse (deep) == NULL);
}
GST_END_TEST;

static Suite *
claims_suite (void)
{
  Suite *suite = suite_create ("claims");
  TCase *tests = tcase_create ("claims");

  tcase_add_test (tests, a_token_allows_what_it_names);
  tcase_add_test (tests, claims_of_a_wrong_type_and_for_others_are_rejected);
  tcase_add_test (tests, a_token_is_valid_from_nbf_to_exp);
  tcase_add_test (tests, the_size_of_claims_is_limited);
  suite_add_tcase (suite, tests);
  return suite;
}

GST_CHECK_MAIN (claims);
