/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the kernel knows about this process. */

#include "ext/whep/http/process-io.h"

#include <gst/check/gstcheck.h>
#include <unistd.h>

#define PAGES 4096

GST_START_TEST (the_figures_are_those_of_this_process)
{
  WhepProcess before, after;
  gdouble now_s = (gdouble) g_get_real_time () / G_USEC_PER_SEC;
  gint fds[2];

  ck_assert (whep_process_read (&before));
  ck_assert (before.start_s > 0 && before.start_s <= now_s + 1);
  ck_assert (before.resident_bytes > 0);
  ck_assert (before.resident_bytes < before.virtual_bytes);
  ck_assert (before.max_fds >= before.n_fds);

  ck_assert_int_eq (pipe (fds), 0);
  ck_assert (whep_process_read (&after));
  ck_assert_uint_eq (after.n_fds, before.n_fds + 2);
  ck_assert (after.cpu_s >= before.cpu_s);
  close (fds[0]);
  close (fds[1]);
}
GST_END_TEST;

GST_START_TEST (memory_that_is_used_is_resident)
{
  gsize size = PAGES * sysconf (_SC_PAGESIZE);
  WhepProcess before, after;
  guint8 *block;

  ck_assert (whep_process_read (&before));
  block = g_malloc (size);
  for (gsize i = 0; i < size; i++)
    block[i] = i;
  ck_assert (whep_process_read (&after));
  ck_assert_uint_ge (after.resident_bytes, before.resident_bytes + size / 2);
  g_free (block);
}
GST_END_TEST;

GST_START_TEST (work_takes_cpu_time)
{
  WhepProcess before, now;

  ck_assert (whep_process_read (&before));
  do
    ck_assert (whep_process_read (&now));
  while (now.cpu_s == before.cpu_s);
  ck_assert (now.start_s == before.start_s);
}
GST_END_TEST;

static Suite *
process_suite (void)
{
  Suite *suite = suite_create ("process");
  TCase *tcase = tcase_create ("process");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, the_figures_are_those_of_this_process);
  tcase_add_test (tcase, memory_that_is_used_is_resident);
  tcase_add_test (tcase, work_takes_cpu_time);
  return suite;
}

GST_CHECK_MAIN (process);
