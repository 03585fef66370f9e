/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Addresses are equal if all of their parts are. */

#include "ext/whep/viewer/address.h"

#include <gst/check/gstcheck.h>

static const WhepAddress base = {
  .remote_ip = { [15] = 1 },
  .local_ip = { [15] = 2 },
  .remote_port = 3,
};

GST_START_TEST (each_part_of_an_address_counts)
{
  WhepAddress others[] = { base, base, base };

  others[0].remote_ip[0] = 1;
  others[1].local_ip[0] = 1;
  others[2].remote_port = 4;
  ck_assert (whep_address_equal (&base, &base));
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    ck_assert_msg (!whep_address_equal (&base, &others[i]), "other %u", i);
}
GST_END_TEST;

GST_START_TEST (a_table_finds_an_address_by_its_value)
{
  GHashTable *table = whep_address_table_new (g_free);
  WhepAddress same = base, other = base;

  other.remote_port = 4;
  g_hash_table_insert (table, g_memdup2 (&base, sizeof (base)), "found");
  ck_assert_str_eq (g_hash_table_lookup (table, &same), "found");
  ck_assert (!g_hash_table_contains (table, &other));
  g_hash_table_unref (table);
}
GST_END_TEST;

static Suite *
address_suite (void)
{
  Suite *suite = suite_create ("address");
  TCase *tests = tcase_create ("address");

  tcase_add_test (tests, each_part_of_an_address_counts);
  tcase_add_test (tests, a_table_finds_an_address_by_its_value);
  suite_add_tcase (suite, tests);
  return suite;
}

GST_CHECK_MAIN (address);
