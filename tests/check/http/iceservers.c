/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* STUN and TURN servers as Link headers. */

#include "ext/whep/http/iceservers.h"

#include <gst/check/gstcheck.h>
#include <string.h>

static const struct
{
  const gchar *list;
  const gchar *links[3];
} lists[] = {
  { NULL, { NULL } },
  { "", { NULL } },
  { " , ", { NULL } },
  { "stun://stun.example.net",
      { "<stun:stun.example.net>; rel=\"ice-server\"" } },
  { "stun://192.0.2.1:3478,stuns://[2001:db8::1]:5349",
      { "<stun:192.0.2.1:3478>; rel=\"ice-server\"",
          "<stuns:[2001:db8::1]:5349>; rel=\"ice-server\"" } },
  { "turn://anna:geheim@turn.example.net:3478?transport=udp",
      { "<turn:turn.example.net:3478?transport=udp>; rel=\"ice-server\"; "
        "username=\"anna\"; credential=\"geheim\"; "
        "credential-type=\"password\"" } },
  { "turns://a%22b:c%5Cd@turn.example.net",
      { "<turns:turn.example.net>; rel=\"ice-server\"; "
        "username=\"a\\\"b\"; credential=\"c\\\\d\"; "
        "credential-type=\"password\"" } },
};

GST_START_TEST (each_server_becomes_a_link)
{
  for (guint i = 0; i < G_N_ELEMENTS (lists); i++) {
    g_autoptr (GError) error = NULL;
    g_auto (GStrv) links = whep_iceservers_links (lists[i].list, &error);

    g_assert_no_error (error);
    ck_assert_msg (g_strv_equal ((const gchar *const *) links, lists[i].links),
        "%s: %s", lists[i].list, links[0]);
  }
}
GST_END_TEST;

static const gchar *const mistakes[] = {
  "stun.example.net",
  "stun:stun.example.net",
  "http://example.net",
  "stun://",
  "stun://host/path",
  "stun://host#fragment",
  "turn://anna:ge%0Aheim@host",
  "turn://anna:secret@ho<st",
  "stun://host:99999",
  ("stun://1 stun://2 stun://3 stun://4 stun://5 stun://6 stun://7 stun://8 "
   "stun://9"),
};

GST_START_TEST (an_invalid_server_is_rejected_without_showing_its_password)
{
  for (guint i = 0; i < G_N_ELEMENTS (mistakes); i++) {
    g_autoptr (GError) error = NULL;

    ck_assert_msg (whep_iceservers_links (mistakes[i], &error) == NULL, "%s",
        mistakes[i]);
    ck_assert (strstr (error->message, "ICE server") != NULL);
    ck_assert (strstr (error->message, "secret") == NULL);
  }
}
GST_END_TEST;

static Suite *
iceservers_suite (void)
{
  Suite *suite = suite_create ("iceservers");
  TCase *tcase = tcase_create ("iceservers");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, each_server_becomes_a_link);
  tcase_add_test (tcase,
      an_invalid_server_is_rejected_without_showing_its_password);
  return suite;
}

GST_CHECK_MAIN (iceservers);
