/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A server that is drained, in virtual time. */

#include "ext/whep/http/drain.h"

#include <gst/check/gstcheck.h>

#define NOW_US (1000 * G_USEC_PER_SEC)
#define LATER_US (NOW_US + 60 * G_USEC_PER_SEC)

static void
assert_json (const WhepDrain *drain, guint n_viewers, gint64 now_us,
    const gchar *expected)
{
  g_autofree gchar *json = whep_drain_to_json (drain, n_viewers, now_us);

  ck_assert_str_eq (json, expected);
}

GST_START_TEST (a_server_that_is_not_drained_admits_viewers)
{
  WhepDrain drain = { 0 };

  ck_assert (!whep_drain_is_on (&drain));
  ck_assert (!whep_drain_check (&drain, 3, NOW_US));
  ck_assert (!whep_drain_check (&drain, 0, NOW_US));
  ck_assert (!whep_drain_is_on (&drain));
  assert_json (&drain, 3, NOW_US, "{\"state\":\"off\",\"viewers\":3}");
}
GST_END_TEST;

GST_START_TEST (it_is_drained_once_the_last_viewer_has_left)
{
  WhepDrain drain = { 0 };

  whep_drain_begin (&drain, LATER_US);
  ck_assert (whep_drain_is_on (&drain));
  ck_assert (!whep_drain_check (&drain, 2, NOW_US));
  assert_json (&drain, 2, NOW_US + 1,
      "{\"state\":\"draining\",\"viewers\":2,\"remaining_s\":60}");
  ck_assert (!whep_drain_check (&drain, 0, NOW_US));
  ck_assert_int_eq (drain.state, WHEP_DRAIN_DRAINED);
  ck_assert (whep_drain_is_on (&drain));
  assert_json (&drain, 0, NOW_US, "{\"state\":\"drained\",\"viewers\":0}");
}
GST_END_TEST;

GST_START_TEST (viewers_are_disconnected_at_the_deadline)
{
  WhepDrain drain = { 0 };

  whep_drain_begin (&drain, LATER_US);
  ck_assert (!whep_drain_check (&drain, 1, LATER_US - 1));
  ck_assert (whep_drain_check (&drain, 1, LATER_US));
  assert_json (&drain, 1, LATER_US + 1,
      "{\"state\":\"draining\",\"viewers\":1,\"remaining_s\":0}");
  ck_assert (!whep_drain_check (&drain, 0, LATER_US));
  ck_assert (!whep_drain_check (&drain, 1, LATER_US));
}
GST_END_TEST;

GST_START_TEST (it_can_be_ended_and_its_deadline_changed)
{
  WhepDrain drain = { 0 };

  whep_drain_begin (&drain, LATER_US);
  whep_drain_begin (&drain, NOW_US);
  ck_assert (whep_drain_check (&drain, 1, NOW_US));
  whep_drain_end (&drain);
  ck_assert (!whep_drain_is_on (&drain));
  ck_assert (!whep_drain_check (&drain, 1, LATER_US));
}
GST_END_TEST;

static Suite *
drain_suite (void)
{
  Suite *suite = suite_create ("drain");
  TCase *tcase = tcase_create ("drain");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_server_that_is_not_drained_admits_viewers);
  tcase_add_test (tcase, it_is_drained_once_the_last_viewer_has_left);
  tcase_add_test (tcase, viewers_are_disconnected_at_the_deadline);
  tcase_add_test (tcase, it_can_be_ended_and_its_deadline_changed);
  return suite;
}

GST_CHECK_MAIN (drain);
