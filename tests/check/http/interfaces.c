/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The machine's addresses, which the kernel is asked for at most once a
 * second. */

#include "ext/whep/http/interfaces-io.h"

#include <gst/check/gstcheck.h>
#include <ifaddrs.h>

static guint n_asked;

int __real_getifaddrs (struct ifaddrs **all);
int __wrap_getifaddrs (struct ifaddrs **all);

int
__wrap_getifaddrs (struct ifaddrs **all)
{
  n_asked++;
  return __real_getifaddrs (all);
}

static void
assert_lists_loopback (WhepInterfaces *interfaces)
{
  WhepCandidates candidates;

  whep_candidates_init (&candidates, TRUE);
  whep_candidates_add (&candidates, "192.0.2.1");
  whep_interfaces_list (interfaces, &candidates);
  ck_assert_str_eq (candidates.texts[0], "192.0.2.1");
  ck_assert (
      g_strv_contains ((const gchar *const *) candidates.texts, "127.0.0.1"));
  whep_candidates_clear (&candidates);
}

GST_START_TEST (the_kernel_is_asked_at_most_once_a_second)
{
  WhepInterfaces interfaces;

  whep_interfaces_init (&interfaces, TRUE);
  assert_lists_loopback (&interfaces);
  ck_assert_uint_eq (n_asked, 1);
  /* As if it had only been now, however long this test has been waiting. */
  interfaces.listed_us = g_get_monotonic_time () + G_USEC_PER_SEC;
  assert_lists_loopback (&interfaces);
  ck_assert_uint_eq (n_asked, 1);
  interfaces.listed_us = g_get_monotonic_time () - G_USEC_PER_SEC;
  assert_lists_loopback (&interfaces);
  ck_assert_uint_eq (n_asked, 2);
  ck_assert (interfaces.listed.is_ipv4_only);
  whep_interfaces_clear (&interfaces);
}
GST_END_TEST;

static Suite *
interfaces_suite (void)
{
  Suite *suite = suite_create ("interfaces");
  TCase *tcase = tcase_create ("interfaces");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, the_kernel_is_asked_at_most_once_a_second);
  return suite;
}

GST_CHECK_MAIN (interfaces);
