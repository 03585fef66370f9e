/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Each viewer has one owner, and no message that was posted is lost or
 * leaked. */

#include "ext/whep/media/workerpool-io.h"

#include <gst/check/gstcheck.h>

#define N_WORKERS 3
#define N_VIEWERS 300
#define LIMIT 2

static WhepWorkerPool pool;

static void
set_up (void)
{
  GError *error = NULL;

  ck_assert_msg (whep_worker_pool_init (&pool, N_WORKERS, &error), "%s",
      error == NULL ? "" : error->message);
}

static void
tear_down (void)
{
  whep_worker_pool_clear (&pool);
}

GST_START_TEST (each_viewer_has_one_owner_and_each_worker_has_some)
{
  guint n_owned[N_WORKERS] = { 0 };

  for (guint i = 0; i < N_VIEWERS; i++) {
    g_autofree gchar *ufrag = g_strdup_printf ("ufrag%u", i);
    guint owner = whep_worker_pool_owner (&pool, ufrag);

    ck_assert_uint_lt (owner, N_WORKERS);
    ck_assert_uint_eq (whep_worker_pool_owner (&pool, ufrag), owner);
    n_owned[owner]++;
  }
  for (guint i = 0; i < N_WORKERS; i++)
    ck_assert_uint_gt (n_owned[i], 0);
}
GST_END_TEST;

GST_START_TEST (a_message_goes_to_its_worker_only)
{
  WhepMessage *message = whep_message_new_end_track (7);

  whep_worker_pool_post (&pool, 1, message);
  ck_assert (whep_mailbox_take (pool.mailboxes[0]) == NULL);
  ck_assert (whep_mailbox_take (pool.mailboxes[2]) == NULL);
  ck_assert_ptr_eq (whep_mailbox_take (pool.mailboxes[1]), message);
  whep_message_free (message);
}
GST_END_TEST;

GST_START_TEST (beyond_the_limit_a_message_is_rejected_and_freed)
{
  for (guint i = 0; i < LIMIT; i++)
    ck_assert (whep_worker_pool_try_post (&pool, 0,
        whep_message_new_close_viewer ("ufrag"), LIMIT));
  ck_assert (!whep_worker_pool_try_post (&pool, 0,
      whep_message_new_close_viewer ("ufrag"), LIMIT));
  whep_worker_pool_post (&pool, 0, whep_message_new_stop ());
}
GST_END_TEST;

static Suite *
workerpool_suite (void)
{
  Suite *suite = suite_create ("workerpool");
  TCase *tests = tcase_create ("workerpool");

  tcase_add_checked_fixture (tests, set_up, tear_down);
  tcase_add_test (tests, each_viewer_has_one_owner_and_each_worker_has_some);
  tcase_add_test (tests, a_message_goes_to_its_worker_only);
  tcase_add_test (tests, beyond_the_limit_a_message_is_rejected_and_freed);
  suite_add_tcase (suite, tests);
  return suite;
}

GST_CHECK_MAIN (workerpool);
