/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The answers that stay in use while the directory is away. */

#include "gst/directory/answercache.h"

#include <gst/check/gstcheck.h>

GST_START_TEST (the_last_answer_counts)
{
  DirectoryAnswerCache *self = directory_answer_cache_new ();

  ck_assert (directory_answer_cache_get (self, "live/cam") == NULL);
  directory_answer_cache_put (self, "live/cam", "rtmp://a");
  directory_answer_cache_put (self, "live/cam", "rtmp://b");
  directory_answer_cache_put (self, "live/other", "rtmp://c");
  ck_assert_str_eq (directory_answer_cache_get (self, "live/cam"), "rtmp://b");
  ck_assert_uint_eq (directory_answer_cache_count (self), 2);
  directory_answer_cache_put (self, "live/cam", NULL);
  directory_answer_cache_put (self, "live/cam", NULL);
  ck_assert (directory_answer_cache_get (self, "live/cam") == NULL);
  ck_assert_uint_eq (directory_answer_cache_count (self), 1);
  directory_answer_cache_free (self);
}
GST_END_TEST;

GST_START_TEST (a_full_cache_drops_the_least_recently_used)
{
  DirectoryAnswerCache *self = directory_answer_cache_new ();

  for (guint i = 0; i < DIRECTORY_ANSWER_CACHE_MAX + 10; i++) {
    g_autofree gchar *name = g_strdup_printf ("live/%u", i);

    directory_answer_cache_put (self, name, "rtmp://a");
    ck_assert (directory_answer_cache_get (self, "live/0") != NULL);
  }
  ck_assert_uint_eq (directory_answer_cache_count (self),
      DIRECTORY_ANSWER_CACHE_MAX);
  ck_assert (directory_answer_cache_get (self, "live/1") == NULL);
  ck_assert (directory_answer_cache_get (self, "live/10") == NULL);
  ck_assert (directory_answer_cache_get (self, "live/11") != NULL);
  directory_answer_cache_free (self);
}
GST_END_TEST;

static Suite *
answercache_suite (void)
{
  Suite *suite = suite_create ("answercache");
  TCase *tcase = tcase_create ("answercache");

  tcase_add_test (tcase, the_last_answer_counts);
  tcase_add_test (tcase, a_full_cache_drops_the_least_recently_used);
  suite_add_tcase (suite, tcase);
  return suite;
}

GST_CHECK_MAIN (answercache);
