/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The command line of whepbench. */

#include "whepbench/options.h"

#include <gst/check/gstcheck.h>

#define URL "http://localhost:8080/whep/live/cam"
#define MAX_WORDS 6

static gboolean
parse (BenchOptions *options, const gchar *const *words, GError **error)
{
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  gint argc;
  gchar **args;

  g_ptr_array_add (argv, (gchar *) "whepbench");
  for (guint i = 0; i < MAX_WORDS && words[i] != NULL; i++)
    g_ptr_array_add (argv, (gchar *) words[i]);
  argc = argv->len;
  g_ptr_array_add (argv, NULL);
  args = (gchar **) argv->pdata;
  return bench_options_parse (options, &argc, &args, error);
}

GST_START_TEST (a_url_is_enough)
{
  static const gchar *const words[MAX_WORDS] = { URL };
  BenchOptions options;

  ck_assert (parse (&options, words, NULL));
  ck_assert_int_eq (options.n_viewers, 1);
  ck_assert_str_eq (options.urls[0], URL);
  ck_assert (options.urls[1] == NULL);
  bench_options_clear (&options);
}
GST_END_TEST;

GST_START_TEST (options_and_urls_may_be_mixed)
{
  static const gchar *const words[MAX_WORDS] = { URL, "--viewers=20", "-r",
    "0.5", "https://example.org/whep", "--video-codec=vp8" };
  BenchOptions options;

  ck_assert (parse (&options, words, NULL));
  ck_assert_int_eq (options.n_viewers, 20);
  ck_assert (options.rate == 0.5);
  ck_assert_uint_eq (g_strv_length (options.urls), 2);
  ck_assert_str_eq (options.video_codec, "vp8");
  bench_options_clear (&options);
}
GST_END_TEST;

static const gchar *const wrong[][MAX_WORDS] = {
  { NULL },
  { "localhost:8080" },
  { "rtmp://localhost/live/cam" },
  { "http:///whep" },
  { URL, "--viewers=0" },
  { URL, "--viewers=10001" },
  { URL, "--viewers=x" },
  { URL, "--rate=0" },
  { URL, "--rate=nan" },
  { URL, "--duration=-1" },
  { URL, "--token=a b" },
  { URL, "--token=" },
  { URL, "--token=a", "--token-file=b" },
  { URL, "--video-codec=H263" },
  { URL, "--video-codec=VP8", "--audio-only" },
  { URL, "--unknown" },
};

GST_START_TEST (a_wrong_command_is_an_error_in_words)
{
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++) {
    g_autoptr (GError) error = NULL;
    BenchOptions options;

    ck_assert_msg (!parse (&options, wrong[i], &error), "%u", i);
    ck_assert (error->domain == G_OPTION_ERROR && error->message[0] != '\0');
    bench_options_clear (&options);
  }
}
GST_END_TEST;

GST_START_TEST (the_version_needs_no_url)
{
  static const gchar *const words[MAX_WORDS] = { "--version" };
  BenchOptions options;

  ck_assert (parse (&options, words, NULL));
  ck_assert (options.shows_version);
  bench_options_clear (&options);
}
GST_END_TEST;

static Suite *
options_suite (void)
{
  Suite *suite = suite_create ("options");
  TCase *tcase = tcase_create ("options");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_url_is_enough);
  tcase_add_test (tcase, options_and_urls_may_be_mixed);
  tcase_add_test (tcase, a_wrong_command_is_an_error_in_words);
  tcase_add_test (tcase, the_version_needs_no_url);
  return suite;
}

GST_CHECK_MAIN (options);
