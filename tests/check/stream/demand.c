/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A rendition is made from the first viewer that needs it until some seconds
 * after the last. */

#include "ext/whep/stream/demand.h"

#include <gst/check/gstcheck.h>

#define NOW_US (1000 * G_USEC_PER_SEC)

GST_START_TEST (without_viewers_no_rendition_is_made)
{
  WhepDemand *demand = whep_demand_new ();

  ck_assert (!whep_demand_is_wanted (demand, 0));
  ck_assert (!whep_demand_is_wanted (demand, NOW_US));
  whep_demand_unref (demand);
}
GST_END_TEST;

GST_START_TEST (
    a_rendition_starts_at_once_and_ends_some_seconds_after_its_last_viewer)
{
  WhepDemand *demand = whep_demand_new ();

  whep_demand_set_viewers (demand, 2);
  ck_assert (whep_demand_is_wanted (demand, NOW_US));
  whep_demand_set_viewers (demand, 0);
  ck_assert (whep_demand_is_wanted (demand, NOW_US + WHEP_DEMAND_REST_US - 1));
  whep_demand_set_viewers (demand, 1);
  ck_assert (whep_demand_is_wanted (demand, NOW_US + WHEP_DEMAND_REST_US));
  whep_demand_set_viewers (demand, 0);
  ck_assert (
      whep_demand_is_wanted (demand, NOW_US + 2 * WHEP_DEMAND_REST_US - 1));
  ck_assert (!whep_demand_is_wanted (demand, NOW_US + 2 * WHEP_DEMAND_REST_US));
  ck_assert (!whep_demand_is_wanted (demand, NOW_US + 2 * WHEP_DEMAND_REST_US));
  whep_demand_unref (demand);
}
GST_END_TEST;

static Suite *
demand_suite (void)
{
  Suite *suite = suite_create ("demand");
  TCase *tcase = tcase_create ("demand");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, without_viewers_no_rendition_is_made);
  tcase_add_test (tcase,
      a_rendition_starts_at_once_and_ends_some_seconds_after_its_last_viewer);
  return suite;
}

GST_CHECK_MAIN (demand);
