/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The clients that requests and datagrams are attributed to. */

#include "ext/whep/http/clientaddress.h"

#include <gst/check/gstcheck.h>

static const struct
{
  const gchar *peer, *forwarded, *client;
} requests[] = {
  { "192.0.2.1", NULL, "192.0.2.1" },
  { "::ffff:192.0.2.1", NULL, "192.0.2.1" },
  { "2001:db8:1:2:3:4:5:6", NULL, "2001:db8:1:2::/64" },
  { "2001:db8:1:2::1", NULL, "2001:db8:1:2::/64" },
  { "2001:db8:1:3::1", NULL, "2001:db8:1:3::/64" },
  { "fe80::1%eth0", NULL, "fe80::1%eth0" },
  { "", NULL, "" },
  /* Only a proxy on this machine is trusted. */
  { "192.0.2.1", "198.51.100.7", "192.0.2.1" },
  { "2001:db8:1:2::1", "198.51.100.7", "2001:db8:1:2::/64" },
  { "127.0.0.1", "198.51.100.7", "198.51.100.7" },
  { "127.1.2.3", "198.51.100.7", "198.51.100.7" },
  { "::1", "198.51.100.7", "198.51.100.7" },
  { "::ffff:127.0.0.1", "2001:db8:1:2:3::4", "2001:db8:1:2::/64" },
  /* The proxy adds the last address; the client may have sent the others. */
  { "127.0.0.1", "203.0.113.9, 198.51.100.7", "198.51.100.7" },
  { "127.0.0.1", "203.0.113.9,198.51.100.7 ", "198.51.100.7" },
  { "127.0.0.1", "", "127.0.0.1" },
  { "127.0.0.1", "unknown", "127.0.0.1" },
  { "127.0.0.1", "198.51.100.7,", "127.0.0.1" },
  { "127.0.0.1", NULL, "127.0.0.1" },
  { "::1", NULL, "::/64" },
};

GST_START_TEST (a_request_is_attributed_to_its_client)
{
  for (guint i = 0; i < G_N_ELEMENTS (requests); i++) {
    gchar client[NET_CLIENT_MAX + 1];

    whep_client_from_request (requests[i].peer, requests[i].forwarded, client);
    ck_assert_msg (strcmp (client, requests[i].client) == 0, "%s, %s: %s",
        requests[i].peer, requests[i].forwarded, client);
  }
}
GST_END_TEST;

static const struct
{
  const gchar *peer, *forwarded, *address;
} addresses[] = {
  { "127.0.0.1", "198.51.100.7", "198.51.100.7" },
  { "::1", "203.0.113.9, 2001:db8:1:2::3", "2001:db8:1:2::3" },
  { "192.0.2.1", "198.51.100.7", NULL },
  { "127.0.0.1", "unknown", NULL },
  { "127.0.0.1", NULL, NULL },
};

GST_START_TEST (only_a_proxy_on_this_machine_says_the_address)
{
  for (guint i = 0; i < G_N_ELEMENTS (addresses); i++) {
    g_autofree gchar *address =
        whep_client_dup_forwarded (addresses[i].peer, addresses[i].forwarded);

    ck_assert_msg (g_strcmp0 (address, addresses[i].address) == 0, "%s, %s: %s",
        addresses[i].peer, addresses[i].forwarded, address);
  }
}
GST_END_TEST;

static const struct
{
  const gchar *peer, *forwarded, *scheme;
} schemes[] = {
  { "127.0.0.1", "https", "https" },
  { "::1", "HTTPS", "https" },
  { "::ffff:127.0.0.1", "http", "http" },
  /* The proxy adds the last one; the client may have sent the others. */
  { "127.0.0.1", "https, http", "http" },
  { "127.0.0.1", "http,https ", "https" },
  { "127.0.0.1", "", NULL },
  { "127.0.0.1", "https,", NULL },
  { "127.0.0.1", NULL, NULL },
  { "192.0.2.1", "https", NULL },
  { "2001:db8::1", "https", NULL },
  { "", "https", NULL },
};

GST_START_TEST (only_a_proxy_on_this_machine_says_the_scheme)
{
  for (guint i = 0; i < G_N_ELEMENTS (schemes); i++) {
    g_autofree gchar *scheme =
        whep_client_dup_scheme (schemes[i].peer, schemes[i].forwarded);

    ck_assert_msg (g_strcmp0 (scheme, schemes[i].scheme) == 0, "%s, %s: %s",
        schemes[i].peer, schemes[i].forwarded, scheme);
  }
}
GST_END_TEST;

GST_START_TEST (a_datagram_is_attributed_to_the_same_client)
{
  const WhepAddress ipv4 = { .remote_ip = { [10] = 0xff, 0xff, 192, 0, 2, 1 },
    .remote_port = 5000 };
  const WhepAddress ipv6 = { .remote_ip = { 0x20, 0x01, 0x0d, 0xb8, 0, 1, 0, 2,
                                 0, 3, 0, 4, 0, 5, 0, 6 },
    .remote_port = 5000 };
  g_autofree gchar *ipv4_text = whep_client_address_to_string (&ipv4);
  g_autofree gchar *ipv6_text = whep_client_address_to_string (&ipv6);
  gchar client[NET_CLIENT_MAX + 1];

  net_client_from_ip (ipv4.remote_ip, client);
  ck_assert_str_eq (client, "192.0.2.1");
  net_client_from_ip (ipv6.remote_ip, client);
  ck_assert_str_eq (client, "2001:db8:1:2::/64");
  ck_assert_str_eq (ipv4_text, "192.0.2.1:5000");
  ck_assert_str_eq (ipv6_text, "[2001:db8:1:2:3:4:5:6]:5000");
}
GST_END_TEST;

GST_START_TEST (an_overlong_peer_is_truncated)
{
  g_autofree gchar *peer = g_strnfill (1000, 'x');
  gchar client[NET_CLIENT_MAX + 1];

  whep_client_from_request (peer, peer, client);
  ck_assert_uint_eq (strlen (client), NET_CLIENT_MAX);
}
GST_END_TEST;

static Suite *
clientaddress_suite (void)
{
  Suite *suite = suite_create ("clientaddress");
  TCase *tcase = tcase_create ("clientaddress");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_request_is_attributed_to_its_client);
  tcase_add_test (tcase, only_a_proxy_on_this_machine_says_the_address);
  tcase_add_test (tcase, only_a_proxy_on_this_machine_says_the_scheme);
  tcase_add_test (tcase, a_datagram_is_attributed_to_the_same_client);
  tcase_add_test (tcase, an_overlong_peer_is_truncated);
  return suite;
}

GST_CHECK_MAIN (clientaddress);
