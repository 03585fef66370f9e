/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a process uses: see usage-io.h. */

#include "tests/bench/usage-io.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static gchar *
read_proc (gint pid, const gchar *name)
{
  g_autofree gchar *path = g_strdup_printf ("/proc/%d/%s", pid, name);
  gchar *text = NULL;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    g_error ("cannot read %s", path);
  return text;
}

/* The command in parentheses may contain anything, so fields are counted from
 * the end of it; utime, stime and num_threads are the 12th, 13th, 18th. */
static void
read_stat (gint pid, Usage *usage)
{
  g_autofree gchar *stat = read_proc (pid, "stat");
  g_auto (GStrv) fields = g_strsplit (strrchr (stat, ')') + 2, " ", -1);
  gint64 ticks = g_ascii_strtoll (fields[11], NULL, 10) +
      g_ascii_strtoll (fields[12], NULL, 10);

  usage->cpu_us = ticks * G_USEC_PER_SEC / sysconf (_SC_CLK_TCK);
  usage->n_threads = g_ascii_strtoull (fields[17], NULL, 10);
}

static guint64
read_kb (const gchar *rollup, const gchar *name)
{
  const gchar *line = strstr (rollup, name);

  return line == NULL ? 0 : g_ascii_strtoull (line + strlen (name), NULL, 10);
}

static guint
count_fds (gint pid)
{
  g_autofree gchar *path = g_strdup_printf ("/proc/%d/fd", pid);
  g_autoptr (GDir) fds = g_dir_open (path, 0, NULL);
  guint n_fds = 0;

  while (fds != NULL && g_dir_read_name (fds) != NULL)
    n_fds++;
  return n_fds;
}

Usage
usage_read (gint pid)
{
  g_autofree gchar *rollup = read_proc (pid, "smaps_rollup");
  Usage usage = { .n_fds = count_fds (pid),
    .rss_kb = read_kb (rollup, "\nRss:"),
    .pss_kb = read_kb (rollup, "\nPss:"),
    .private_kb = read_kb (rollup, "\nPrivate_Dirty:") };

  read_stat (pid, &usage);
  return usage;
}

static gboolean
has_prefix (const gchar *name, const gchar *const *prefixes)
{
  for (; *prefixes != NULL; prefixes++)
    if (g_str_has_prefix (name, *prefixes))
      return TRUE;
  return FALSE;
}

gint64
usage_threads_cpu_ns (gint pid, const gchar *const *prefixes)
{
  g_autofree gchar *path = g_strdup_printf ("/proc/%d/task", pid);
  g_autoptr (GDir) tasks = g_dir_open (path, 0, NULL);
  const gchar *task;
  gint64 cpu_ns = 0;

  while (tasks != NULL && (task = g_dir_read_name (tasks)) != NULL) {
    g_autofree gchar *comm_path = g_build_filename (path, task, "comm", NULL);
    g_autofree gchar *stat_path =
        g_build_filename (path, task, "schedstat", NULL);
    g_autofree gchar *comm = NULL;
    g_autofree gchar *stat = NULL;

    if (g_file_get_contents (comm_path, &comm, NULL, NULL) &&
        has_prefix (comm, prefixes) &&
        g_file_get_contents (stat_path, &stat, NULL, NULL))
      cpu_ns += g_ascii_strtoll (stat, NULL, 10);
  }
  return cpu_ns;
}

gdouble
usage_machine_percent (void)
{
  static guint64 all_before, idle_before;
  guint64 all = 0, idle = 0;
  g_autofree gchar *text = NULL;
  g_auto (GStrv) fields = NULL;
  gdouble percent;

  if (!g_file_get_contents ("/proc/stat", &text, NULL, NULL))
    g_error ("cannot read /proc/stat");
  /* "cpu", an empty field, user, nice, system, idle, iowait, …, steal */
  fields = g_strsplit (text, " ", 11);
  for (guint i = 2; i < 10; i++)
    all += g_ascii_strtoull (fields[i], NULL, 10);
  idle = g_ascii_strtoull (fields[5], NULL, 10) +
      g_ascii_strtoull (fields[6], NULL, 10);
  percent = 100.0 - 100.0 * (idle - idle_before) / MAX (all - all_before, 1);
  all_before = all;
  idle_before = idle;
  return percent;
}
