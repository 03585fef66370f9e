/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How many requests one address may send. */

#include "ext/whep/http/ratelimit.h"

#include <gst/check/gstcheck.h>

#define START_US (1000 * G_USEC_PER_SEC)
#define TOKEN_US WHEP_RATE_LIMIT_TOKEN_US

/* Returns how many requests in a row are allowed. */
static guint
ask_until_rejected (WhepRateLimit *rate_limit, const gchar *address,
    gint64 now_us)
{
  guint count = 0;

  while (whep_rate_limit_take (rate_limit, address, now_us) &&
      count <= WHEP_RATE_LIMIT_BURST)
    count++;
  return count;
}

GST_START_TEST (an_address_has_a_burst_and_then_a_rate)
{
  WhepRateLimit *rate_limit =
      whep_rate_limit_new (WHEP_RATE_LIMIT_BURST, TOKEN_US);

  ck_assert_uint_eq (ask_until_rejected (rate_limit, "192.0.2.1", START_US),
      WHEP_RATE_LIMIT_BURST);
  ck_assert (
      !whep_rate_limit_take (rate_limit, "192.0.2.1", START_US + TOKEN_US - 1));
  ck_assert (
      whep_rate_limit_take (rate_limit, "192.0.2.1", START_US + TOKEN_US));
  ck_assert (
      !whep_rate_limit_take (rate_limit, "192.0.2.1", START_US + TOKEN_US));
  ck_assert_uint_eq (ask_until_rejected (rate_limit, "192.0.2.1",
                         START_US + (gint64) 3600 * G_USEC_PER_SEC),
      WHEP_RATE_LIMIT_BURST);
  whep_rate_limit_free (rate_limit);
}
GST_END_TEST;

GST_START_TEST (looking_at_an_address_neither_counts_nor_remembers_it)
{
  WhepRateLimit *rate_limit = whep_rate_limit_new (1, TOKEN_US);

  ck_assert (whep_rate_limit_has_token (rate_limit, "192.0.2.1", START_US));
  ck_assert_uint_eq (whep_rate_limit_count (rate_limit), 0);
  ck_assert (whep_rate_limit_take (rate_limit, "192.0.2.1", START_US));
  ck_assert (!whep_rate_limit_has_token (rate_limit, "192.0.2.1", START_US));
  ck_assert (
      whep_rate_limit_has_token (rate_limit, "192.0.2.1", START_US + TOKEN_US));
  whep_rate_limit_free (rate_limit);
}
GST_END_TEST;

GST_START_TEST (an_address_does_not_use_the_tokens_of_another)
{
  WhepRateLimit *rate_limit =
      whep_rate_limit_new (WHEP_RATE_LIMIT_BURST, TOKEN_US);

  ask_until_rejected (rate_limit, "192.0.2.1", START_US);
  ck_assert_uint_eq (ask_until_rejected (rate_limit, "192.0.2.2", START_US),
      WHEP_RATE_LIMIT_BURST);
  whep_rate_limit_free (rate_limit);
}
GST_END_TEST;

GST_START_TEST (the_least_recent_address_is_forgotten)
{
  WhepRateLimit *rate_limit =
      whep_rate_limit_new (WHEP_RATE_LIMIT_BURST, TOKEN_US);

  ask_until_rejected (rate_limit, "first", START_US);
  ask_until_rejected (rate_limit, "second", START_US);
  for (guint i = 2; i < WHEP_RATE_LIMIT_MAX_ADDRESSES; i++) {
    g_autofree gchar *address = g_strdup_printf ("%u", i);

    ck_assert (whep_rate_limit_take (rate_limit, address, START_US));
  }
  /* "first" sends another request, so "second" is the least recent one and is
   * replaced. */
  ck_assert (!whep_rate_limit_take (rate_limit, "first", START_US));
  ck_assert (whep_rate_limit_take (rate_limit, "one more", START_US));
  ck_assert_uint_eq (whep_rate_limit_count (rate_limit),
      WHEP_RATE_LIMIT_MAX_ADDRESSES);
  ck_assert (!whep_rate_limit_take (rate_limit, "first", START_US));
  ck_assert (whep_rate_limit_take (rate_limit, "second", START_US));
  whep_rate_limit_free (rate_limit);
}
GST_END_TEST;

static Suite *
ratelimit_suite (void)
{
  Suite *suite = suite_create ("ratelimit");
  TCase *tcase = tcase_create ("ratelimit");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, an_address_has_a_burst_and_then_a_rate);
  tcase_add_test (tcase, looking_at_an_address_neither_counts_nor_remembers_it);
  tcase_add_test (tcase, an_address_does_not_use_the_tokens_of_another);
  tcase_add_test (tcase, the_least_recent_address_is_forgotten);
  return suite;
}

GST_CHECK_MAIN (ratelimit);
