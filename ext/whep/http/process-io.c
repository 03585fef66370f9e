/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the kernel knows about this process: see process-io.h. */

#include "ext/whep/http/process-io.h"

#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* proc(5): the fields behind the program's name, which may hold anything. */
#define FIELD_STARTTIME 22
#define FIRST_FIELD_AFTER_NAME 3

/* The fields of /proc/self/statm, in pages. */
#define STATM_SIZE 0
#define STATM_RESIDENT 1

static gdouble
seconds_of (const struct timeval *time)
{
  return time->tv_sec + time->tv_usec / (gdouble) G_USEC_PER_SEC;
}

static gdouble
cpu_s (void)
{
  struct rusage usage;

  if (getrusage (RUSAGE_SELF, &usage) != 0)
    return 0;
  return seconds_of (&usage.ru_utime) + seconds_of (&usage.ru_stime);
}

static guint64
count_fds (void)
{
  g_autoptr (GDir) dir = g_dir_open ("/proc/self/fd", 0, NULL);
  guint64 n = 0;

  if (dir == NULL)
    return 0;
  while (g_dir_read_name (dir) != NULL)
    n++;
  /* The directory's own. */
  return n - 1;
}

guint64
whep_process_max_fds (void)
{
  struct rlimit limit;

  return getrlimit (RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_cur : 0;
}

/* When the machine was booted, since 1970. */
static gdouble
boot_s (void)
{
  g_autofree gchar *text = NULL;
  const gchar *line;

  if (!g_file_get_contents ("/proc/stat", &text, NULL, NULL))
    return 0;
  line = strstr (text, "\nbtime ");
  return line == NULL ? 0
                      : g_ascii_strtoull (line + strlen ("\nbtime "), NULL, 10);
}

static gboolean
read_memory (WhepProcess *self)
{
  g_autofree gchar *text = NULL;
  g_auto (GStrv) pages = NULL;
  glong page_size = sysconf (_SC_PAGESIZE);

  if (!g_file_get_contents ("/proc/self/statm", &text, NULL, NULL))
    return FALSE;
  pages = g_strsplit (text, " ", -1);
  if (g_strv_length (pages) <= STATM_RESIDENT)
    return FALSE;
  self->virtual_bytes =
      g_ascii_strtoull (pages[STATM_SIZE], NULL, 10) * page_size;
  self->resident_bytes =
      g_ascii_strtoull (pages[STATM_RESIDENT], NULL, 10) * page_size;
  return TRUE;
}

gboolean
whep_process_read (WhepProcess *self)
{
  g_autofree gchar *text = NULL;
  g_auto (GStrv) fields = NULL;
  const gchar *name_end, *start_ticks;

  if (!g_file_get_contents ("/proc/self/stat", &text, NULL, NULL))
    return FALSE;
  name_end = strrchr (text, ')');
  if (name_end == NULL || name_end[1] != ' ')
    return FALSE;
  fields = g_strsplit (name_end + strlen (") "), " ", -1);
  if (g_strv_length (fields) <= FIELD_STARTTIME - FIRST_FIELD_AFTER_NAME)
    return FALSE;
  start_ticks = fields[FIELD_STARTTIME - FIRST_FIELD_AFTER_NAME];
  *self = (WhepProcess){
    .cpu_s = cpu_s (),
    .n_fds = count_fds (),
    .max_fds = whep_process_max_fds (),
    .start_s = boot_s () +
        (gdouble) g_ascii_strtoull (start_ticks, NULL, 10) /
            sysconf (_SC_CLK_TCK),
  };
  return read_memory (self);
}
