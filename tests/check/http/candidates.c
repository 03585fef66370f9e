/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The candidate addresses of an answer. */

#include "ext/whep/http/candidates.h"

#include <gst/check/gstcheck.h>
#include <string.h>

static const struct
{
  const gchar *why;
  const gchar *added[6];
  const gchar *list; /* joined by spaces */
} lists[] = {
  { "the order is kept", { "192.0.2.2", "192.0.2.1", "2001:db8::1" },
      "192.0.2.2 192.0.2.1 2001:db8::1" },
  { "no duplicates", { "192.0.2.1", "192.0.2.1", "::ffff:192.0.2.1" },
      "192.0.2.1" },
  { "not even in another notation", { "2001:db8::1", "2001:DB8:0::0:1" },
      "2001:db8::1" },
  { "loopback is the last", { "127.0.0.1", "192.0.2.1", "2001:db8::1" },
      "192.0.2.1 2001:db8::1 127.0.0.1" },
  { "link-local IPv6 needs a zone id, which candidates do not have",
      { "fe80::1", "febf::1" }, "" },
  { "unreachable addresses",
      { "0.0.0.0", "::", "::1", "224.0.0.1", "255.255.255.255", "ff02::1" },
      "" },
};

GST_START_TEST (candidates_are_addresses_that_browsers_may_reach)
{
  for (guint i = 0; i < G_N_ELEMENTS (lists); i++) {
    g_autofree gchar *list = NULL;
    WhepCandidates candidates;

    whep_candidates_init (&candidates, FALSE);
    for (guint j = 0; j < 6 && lists[i].added[j] != NULL; j++)
      ck_assert (whep_candidates_add (&candidates, lists[i].added[j]));
    list = g_strjoinv (" ", candidates.texts);
    ck_assert_msg (g_str_equal (list, lists[i].list), "%s: %s", lists[i].why,
        list);
    whep_candidates_clear (&candidates);
  }
}
GST_END_TEST;

GST_START_TEST (names_are_not_accepted_as_addresses)
{
  static const gchar *const names[] = { "localhost", "", "192.0.2",
    "192.0.2.1 ", "fe80::1%eth0", "[2001:db8::1]" };
  WhepCandidates candidates;

  whep_candidates_init (&candidates, FALSE);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    ck_assert_msg (!whep_candidates_add (&candidates, names[i]), "%s",
        names[i]);
  ck_assert_uint_eq (candidates.n_texts, 0);
  whep_candidates_clear (&candidates);
}
GST_END_TEST;

GST_START_TEST (an_ipv4_socket_has_no_ipv6_candidates)
{
  WhepCandidates candidates;

  whep_candidates_init (&candidates, TRUE);
  ck_assert (whep_candidates_add (&candidates, "2001:db8::1"));
  ck_assert (whep_candidates_add (&candidates, "::ffff:192.0.2.1"));
  ck_assert_uint_eq (candidates.n_texts, 1);
  ck_assert_str_eq (candidates.texts[0], "192.0.2.1");
  whep_candidates_clear (&candidates);
}
GST_END_TEST;

GST_START_TEST (a_long_list_is_truncated)
{
  WhepCandidates candidates;

  whep_candidates_init (&candidates, FALSE);
  for (guint i = 0; i <= WHEP_CANDIDATES_MAX; i++) {
    g_autofree gchar *text = g_strdup_printf ("192.0.2.%u", i);

    ck_assert (whep_candidates_add (&candidates, text));
  }
  ck_assert_uint_eq (candidates.n_texts, WHEP_CANDIDATES_MAX);
  ck_assert (candidates.texts[WHEP_CANDIDATES_MAX] == NULL);
  whep_candidates_clear (&candidates);
}
GST_END_TEST;

GST_START_TEST (a_list_is_checked)
{
  static const gchar *const good[] = { "192.0.2.1", "", "2001:db8::1", NULL };
  static const gchar *const bad[] = { "192.0.2.1", "gateway.example", NULL };
  g_autoptr (GError) error = NULL;

  ck_assert (whep_candidates_check (good, &error));
  ck_assert (error == NULL);
  ck_assert (!whep_candidates_check (bad, &error));
  ck_assert (strstr (error->message, "gateway.example") != NULL);
}
GST_END_TEST;

static Suite *
candidates_suite (void)
{
  Suite *suite = suite_create ("candidates");
  TCase *tcase = tcase_create ("candidates");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, candidates_are_addresses_that_browsers_may_reach);
  tcase_add_test (tcase, names_are_not_accepted_as_addresses);
  tcase_add_test (tcase, an_ipv4_socket_has_no_ipv6_candidates);
  tcase_add_test (tcase, a_long_list_is_truncated);
  tcase_add_test (tcase, a_list_is_checked);
  return suite;
}

GST_CHECK_MAIN (candidates);
