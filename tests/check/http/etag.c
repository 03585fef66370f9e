/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* If-Match and If-None-Match, in every form that clients send. */

#include "ext/whep/http/etag.h"

#include <gst/check/gstcheck.h>

#define TAG "Abcd1234"

static const struct
{
  const gchar *if_match;
  WhepEtagVerdict verdict;
} headers[] = {
  { NULL, WHEP_ETAG_MISSING },
  { "\"" TAG "\"", WHEP_ETAG_MATCHES },
  { " \"" TAG "\" ", WHEP_ETAG_MATCHES },
  { "\"other\", \"" TAG "\"", WHEP_ETAG_MATCHES },
  { "\"other\",\"" TAG "\",\"third\"", WHEP_ETAG_MATCHES },
  { "*", WHEP_ETAG_MATCHES },
  { "\"*\"", WHEP_ETAG_MATCHES },
  { "", WHEP_ETAG_DIFFERS },
  { ",,", WHEP_ETAG_DIFFERS },
  { TAG, WHEP_ETAG_DIFFERS },
  { "W/\"" TAG "\"", WHEP_ETAG_DIFFERS },
  { "\"abcd1234\"", WHEP_ETAG_DIFFERS },
  { "\"" TAG, WHEP_ETAG_DIFFERS },
  { "\"" TAG "5\"", WHEP_ETAG_DIFFERS },
  { "\"other\"", WHEP_ETAG_DIFFERS },
};

GST_START_TEST (only_the_strong_tag_and_the_asterisk_match)
{
  for (guint i = 0; i < G_N_ELEMENTS (headers); i++)
    ck_assert_msg (whep_etag_read (headers[i].if_match, TAG) ==
            headers[i].verdict,
        "%s", headers[i].if_match);
}
GST_END_TEST;

GST_START_TEST (a_weak_tag_is_known_as_well)
{
  ck_assert (whep_etag_is_known ("W/\"" TAG "\"", TAG));
  ck_assert (whep_etag_is_known ("\"other\", W/\"" TAG "\"", TAG));
  for (guint i = 0; i < G_N_ELEMENTS (headers); i++) {
    if (headers[i].if_match != NULL && *headers[i].if_match == 'W')
      continue;
    ck_assert_msg (whep_etag_is_known (headers[i].if_match, TAG) ==
            (headers[i].verdict == WHEP_ETAG_MATCHES),
        "%s", headers[i].if_match);
  }
}
GST_END_TEST;

GST_START_TEST (a_tag_matches_as_it_is_written)
{
  g_autofree gchar *written = whep_etag_write (TAG);

  ck_assert_str_eq (written, "\"" TAG "\"");
  ck_assert_int_eq (whep_etag_read (written, TAG), WHEP_ETAG_MATCHES);
}
GST_END_TEST;

static Suite *
etag_suite (void)
{
  Suite *suite = suite_create ("etag");
  TCase *tcase = tcase_create ("etag");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, only_the_strong_tag_and_the_asterisk_match);
  tcase_add_test (tcase, a_weak_tag_is_known_as_well);
  tcase_add_test (tcase, a_tag_matches_as_it_is_written);
  return suite;
}

GST_CHECK_MAIN (etag);
