/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* whepbench: watches streams of a WHEP server as many browsers would, and
 * reports what came of it. See docs/man/whepbench.1. */

#include "whepbench/viewers-io.h"

#include <errno.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

/* A token is a line; the rest is a comment. */
#define TOKEN_FILE_MAX_BYTES (64 * 1024)
/* For all that is no viewer: requests, libraries, the terminal. */
#define OTHER_FDS 128

/* sysexits.h has no name for it that others use. */
#define EXIT_USAGE 2

static volatile sig_atomic_t is_over;

static void
on_signal (int number)
{
  is_over = TRUE;
}

/* Returns: (nullable) (transfer full): the token; NULL with an error. */
static gchar *
read_token (const gchar *path, GError **error)
{
  g_autofree gchar *text = NULL;
  gsize size;

  if (!g_file_get_contents (path, &text, &size, error))
    return NULL;
  text[MIN (strcspn (text, "\r\n"), TOKEN_FILE_MAX_BYTES)] = '\0';
  if (bench_token_is_valid (text))
    return g_steal_pointer (&text);
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
      "%s: the first line is not a token", path);
  return NULL;
}

/* Each viewer has a socket, and while it joins a connection. */
static gboolean
has_fds (guint n_viewers, GError **error)
{
  rlim_t n_needed = n_viewers + OTHER_FDS;
  struct rlimit limit;

  if (getrlimit (RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= n_needed)
    return TRUE;
  limit.rlim_cur = MIN (n_needed, limit.rlim_max);
  if (setrlimit (RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur >= n_needed)
    return TRUE;
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
      "%u viewers need %lu open files, and ulimit -n allows %lu", n_viewers,
      (gulong) n_needed, (gulong) limit.rlim_max);
  return FALSE;
}

static gboolean
prepare (BenchOptions *options, GError **error)
{
  if (options->token_file != NULL) {
    options->token = read_token (options->token_file, error);
    if (options->token == NULL)
      return FALSE;
  }
  return has_fds (options->n_viewers, error);
}

static int
run (const BenchOptions *options)
{
  Viewers *viewers = viewers_new (options, options->token);
  g_autofree gchar *text = NULL;
  BenchReport report;
  gboolean is_good;

  viewers_run (viewers, &is_over);
  bench_report_init (&report);
  viewers_fill_report (viewers, &report);
  viewers_leave (viewers);
  is_good = bench_report_is_good (&report, options->is_strict);
  text = options->is_json ? bench_report_to_json (&report)
                          : bench_report_to_text (&report);
  g_print ("%s", text);
  bench_report_clear (&report);
  viewers_free (viewers);
  return is_good ? EXIT_SUCCESS : EXIT_FAILURE;
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  BenchOptions options;
  int status = EXIT_USAGE;

  setlocale (LC_ALL, "");
  if (!bench_options_parse (&options, &argc, &argv, &error) ||
      (!options.shows_version && !prepare (&options, &error))) {
    g_printerr ("whepbench: %s\n", error->message);
  } else if (options.shows_version) {
    g_print ("whepbench %s\n", PACKAGE_VERSION);
    status = EXIT_SUCCESS;
  } else {
    signal (SIGINT, on_signal);
    signal (SIGTERM, on_signal);
    status = run (&options);
  }
  bench_options_clear (&options);
  return status;
}
