/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One host is one client, and so is one IPv6 network. */

#include "gst/net/client.h"

#include <gst/check/gstcheck.h>

static const struct
{
  const gchar *address;
  const gchar *client;
} clients[] = {
  { "192.0.2.1", "192.0.2.1" },
  { "::ffff:192.0.2.1", "192.0.2.1" },
  { "2001:db8:1:2::1", "2001:db8:1:2::/64" },
  { "2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::/64" },
  { "2001:db8:1:3::1", "2001:db8:1:3::/64" },
  { "::1", "::/64" },
  { "fe80::1%eth0", "fe80::1%eth0" },
  { "", "" },
};

GST_START_TEST (an_address_belongs_to_one_client)
{
  for (guint i = 0; i < G_N_ELEMENTS (clients); i++) {
    gchar client[NET_CLIENT_MAX + 1];

    net_client_from_text (clients[i].address, client);
    ck_assert_str_eq (client, clients[i].client);
  }
}
GST_END_TEST;

GST_START_TEST (a_text_that_is_too_long_is_cut)
{
  gchar client[NET_CLIENT_MAX + 1];
  gchar text[3 * NET_CLIENT_MAX];

  memset (text, 'x', sizeof (text) - 1);
  text[sizeof (text) - 1] = '\0';
  net_client_from_text (text, client);
  ck_assert_uint_eq (strlen (client), NET_CLIENT_MAX);
}
GST_END_TEST;

static Suite *
client_suite (void)
{
  Suite *suite = suite_create ("client");
  TCase *tests = tcase_create ("client");

  tcase_add_test (tests, an_address_belongs_to_one_client);
  tcase_add_test (tests, a_text_that_is_too_long_is_cut);
  suite_add_tcase (suite, tests);
  return suite;
}

GST_CHECK_MAIN (client);
