/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The names that this machine has, whatever machine it is. */

#include "gst/net/machinenames-io.h"
#include "gst/net/selfsigned.h"

#include <gio/gio.h>
#include <gst/check/gstcheck.h>
#include <string.h>

#define NOW_S 1800000000

GST_START_TEST (the_names_begin_with_the_host_and_have_loopback)
{
  g_auto (GStrv) names = net_machinenames_list ();
  const gchar *const *all = (const gchar *const *) names;

  ck_assert_str_eq (names[0], g_get_host_name ());
  ck_assert (g_str_has_suffix (names[1], ".local"));
  ck_assert (g_strv_contains (all, "localhost"));
  ck_assert (g_strv_contains (all, "127.0.0.1"));
  ck_assert_uint_le (g_strv_length (names), NET_MACHINENAMES_MAX);
}
GST_END_TEST;

GST_START_TEST (no_name_is_there_twice)
{
  g_auto (GStrv) names = net_machinenames_list ();

  for (guint i = 0; names[i] != NULL; i++)
    for (guint j = 0; j < i; j++)
      ck_assert_str_ne (names[i], names[j]);
}
GST_END_TEST;

GST_START_TEST (no_address_is_link_local)
{
  g_auto (GStrv) names = net_machinenames_list ();

  for (guint i = 0; names[i] != NULL; i++) {
    g_autoptr (GInetAddress) ip = g_inet_address_new_from_string (names[i]);

    ck_assert_msg (strchr (names[i], '%') == NULL, "%s", names[i]);
    ck_assert_msg (ip == NULL ||
            g_inet_address_get_family (ip) == G_SOCKET_FAMILY_IPV4 ||
            !g_inet_address_get_is_link_local (ip),
        "%s", names[i]);
  }
}
GST_END_TEST;

GST_START_TEST (a_certificate_can_be_for_all_of_them)
{
  g_auto (GStrv) names = net_machinenames_list ();
  const gchar *const *all = (const gchar *const *) names;
  NetSelfsigned *made = net_selfsigned_new (all, NOW_S);

  ck_assert (net_selfsigned_lacks (made->x509, all) == NULL);
  net_selfsigned_free (made);
}
GST_END_TEST;

static Suite *
machinenames_suite (void)
{
  Suite *suite = suite_create ("machinenames");
  TCase *tcase = tcase_create ("machinenames");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, the_names_begin_with_the_host_and_have_loopback);
  tcase_add_test (tcase, no_name_is_there_twice);
  tcase_add_test (tcase, no_address_is_link_local);
  tcase_add_test (tcase, a_certificate_can_be_for_all_of_them);
  return suite;
}

GST_CHECK_MAIN (machinenames);
