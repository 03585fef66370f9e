/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How often one address may ask. */

#include "ext/whep/http/toll.h"

#include <gst/check/gstcheck.h>

#define START_US (1000 * G_USEC_PER_SEC)
#define TOKEN_US WHEP_TOLL_TOKEN_US

/* How many requests in a row are let through. */
static guint
ask_until_refused (WhepToll *toll, const gchar *address, gint64 now_us)
{
  guint count = 0;

  while (whep_toll_pay (toll, address, now_us) && count <= WHEP_TOLL_BURST)
    count++;
  return count;
}

GST_START_TEST (a_burst_and_then_a_rate)
{
  WhepToll *toll = whep_toll_new (WHEP_TOLL_BURST, TOKEN_US);

  ck_assert_uint_eq (ask_until_refused (toll, "192.0.2.1", START_US),
      WHEP_TOLL_BURST);
  ck_assert (!whep_toll_pay (toll, "192.0.2.1", START_US + TOKEN_US - 1));
  ck_assert (whep_toll_pay (toll, "192.0.2.1", START_US + TOKEN_US));
  ck_assert (!whep_toll_pay (toll, "192.0.2.1", START_US + TOKEN_US));
  ck_assert_uint_eq (ask_until_refused (toll, "192.0.2.1",
                         START_US + (gint64) 3600 * G_USEC_PER_SEC),
      WHEP_TOLL_BURST);
  whep_toll_free (toll);
}
GST_END_TEST;

GST_START_TEST (one_address_costs_no_other)
{
  WhepToll *toll = whep_toll_new (WHEP_TOLL_BURST, TOKEN_US);

  ask_until_refused (toll, "192.0.2.1", START_US);
  ck_assert_uint_eq (ask_until_refused (toll, "192.0.2.2", START_US),
      WHEP_TOLL_BURST);
  whep_toll_free (toll);
}
GST_END_TEST;

GST_START_TEST (the_quietest_address_is_forgotten)
{
  WhepToll *toll = whep_toll_new (WHEP_TOLL_BURST, TOKEN_US);

  ask_until_refused (toll, "first", START_US);
  ask_until_refused (toll, "second", START_US);
  for (guint i = 2; i < WHEP_TOLL_MAX_ADDRESSES; i++) {
    g_autofree gchar *address = g_strdup_printf ("%u", i);

    ck_assert (whep_toll_pay (toll, address, START_US));
  }
  /* "first" asks again: now "second" is the quietest, and makes room. */
  ck_assert (!whep_toll_pay (toll, "first", START_US));
  ck_assert (whep_toll_pay (toll, "one more", START_US));
  ck_assert_uint_eq (whep_toll_count (toll), WHEP_TOLL_MAX_ADDRESSES);
  ck_assert (!whep_toll_pay (toll, "first", START_US));
  ck_assert (whep_toll_pay (toll, "second", START_US));
  whep_toll_free (toll);
}
GST_END_TEST;

static Suite *
toll_suite (void)
{
  Suite *suite = suite_create ("toll");
  TCase *tcase = tcase_create ("toll");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_burst_and_then_a_rate);
  tcase_add_test (tcase, one_address_costs_no_other);
  tcase_add_test (tcase, the_quietest_address_is_forgotten);
  return suite;
}

GST_CHECK_MAIN (toll);
