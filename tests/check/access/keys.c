/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The list of who may watch or publish. */

#include "gst/access/keys.h"

#include <gst/check/gstcheck.h>
#include <string.h>

/* SHA-256 of "abc", as in FIPS 180-2 appendix B.1. */
#define ABC "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

static const gchar list[] = "# who may watch\n"
                            "\n"
                            "live/cam open\r\n"
                            "  live/cam\tsesame  \n"
                            "live/door sha256:" ABC "\n"
                            "* everywhere";

static const struct
{
  const gchar *stream, *secret;
  gboolean is_allowed;
} visits[] = {
  { "live/cam", "open", TRUE },
  { "live/cam", "sesame", TRUE },
  { "live/cam", "Open", FALSE },
  { "live/cam", "", FALSE },
  { "live/cam", "abc", FALSE },
  { "live/door", "abc", TRUE },
  { "live/door", "open", FALSE },
  { "live/door", "sha256:" ABC, FALSE },
  { "live/door", ABC, FALSE },
  { "live/other", "open", FALSE },
  { "live/other", "everywhere", TRUE },
  { "live/cam", "everywhere", TRUE },
  { "#", "who", FALSE },
};

GST_START_TEST (a_secret_opens_its_stream_and_no_other)
{
  guint bad_line;
  AccessKeys *keys =
      access_keys_parse (list, strlen (list), ACCESS_KEYS_BY_STREAM, &bad_line);

  ck_assert_msg (keys != NULL, "line %u", bad_line);
  for (guint i = 0; i < G_N_ELEMENTS (visits); i++)
    ck_assert_msg (access_keys_allow (keys, visits[i].stream,
                       visits[i].secret) == visits[i].is_allowed,
        "%s %s", visits[i].stream, visits[i].secret);
  access_keys_free (keys);
}
GST_END_TEST;

GST_START_TEST (a_list_of_secrets_alone_is_for_every_stream)
{
  static const gchar text[] = "# administrators\n\n one \nsha256:"
                              "3fc4ccfe745870e2c0d99f71f30ff0656c8dedd41cc1d7d3"
                              "d376b0dbe685e2f3\n";
  guint8 digest[ACCESS_KEYS_DIGEST_BYTES];
  guint bad_line;
  AccessKeys *keys =
      access_keys_parse (text, strlen (text), ACCESS_KEYS_ALONE, &bad_line);

  ck_assert (access_keys_allow (keys, "live/cam", "one"));
  ck_assert (access_keys_allow (keys, "live/cam", "two"));
  access_keys_digest ("two", digest);
  ck_assert (access_keys_have_digest (keys, NULL, digest));
  access_keys_digest ("three", digest);
  ck_assert (!access_keys_have_digest (keys, NULL, digest));
  access_keys_digest ("", digest);
  ck_assert (!access_keys_have_digest (keys, NULL, digest));
  access_keys_free (keys);
  ck_assert (access_keys_parse ("live/cam one", strlen ("live/cam one"),
                 ACCESS_KEYS_ALONE, &bad_line) == NULL);
  ck_assert_uint_eq (bad_line, 1);
}
GST_END_TEST;

GST_START_TEST (an_empty_list_lets_nobody_in)
{
  guint bad_line;
  AccessKeys *keys =
      access_keys_parse (NULL, 0, ACCESS_KEYS_BY_STREAM, &bad_line);

  ck_assert (keys != NULL);
  ck_assert (!access_keys_allow (keys, "live/cam", ""));
  access_keys_free (keys);
}
GST_END_TEST;

static const struct
{
  const gchar *text;
  guint bad_line;
} mistakes[] = {
  { "live/cam", 1 },
  { "live/cam open\nlive/door \n", 2 },
  { "live/cam open sesame", 1 },
  { "\n\nlive/cam sha256:" ABC "0", 3 },
  { "live/cam sha256:", 1 },
  { "live/cam sha256:g" ABC, 1 },
};

GST_START_TEST (a_mistake_is_told_by_its_line)
{
  for (guint i = 0; i < G_N_ELEMENTS (mistakes); i++) {
    guint bad_line;

    ck_assert (access_keys_parse (mistakes[i].text, strlen (mistakes[i].text),
                   ACCESS_KEYS_BY_STREAM, &bad_line) == NULL);
    ck_assert_msg (bad_line == mistakes[i].bad_line, "%s: %u", mistakes[i].text,
        bad_line);
  }
}
GST_END_TEST;

GST_START_TEST (a_list_is_not_endless)
{
  g_autofree gchar *text = g_strnfill (ACCESS_KEYS_MAX_BYTES + 1, '\n');
  guint bad_line;
  AccessKeys *keys;

  ck_assert (access_keys_parse (text, ACCESS_KEYS_MAX_BYTES + 1,
                 ACCESS_KEYS_BY_STREAM, &bad_line) == NULL);
  ck_assert_uint_eq (bad_line, 0);
  keys = access_keys_parse (text, ACCESS_KEYS_MAX_BYTES, ACCESS_KEYS_BY_STREAM,
      &bad_line);
  ck_assert (keys != NULL);
  access_keys_free (keys);
}
GST_END_TEST;

static const gchar logins[] = "live/cam anna:geheim\n"
                              "live/cam anna:anders\n"
                              "live/cam bert:a:b\n"
                              "* root:god\n"
                              "lives/cam eve:no\n"
                              "event token\n";

static const struct
{
  const gchar *app, *stream, *user, *passwords;
} searches[] = {
  { "live", "live/cam", "anna", "geheim anders " },
  { "live", NULL, "anna", "geheim anders " },
  { "live/cam", NULL, "anna", "geheim anders " },
  { "live", "live/other", "anna", "" },
  { "live", "live/cam", "bert", "a:b " },
  { "live", "live/cam", "ann", "" },
  { "live", "live/cam", "", "" },
  { "liv", NULL, "anna", "" },
  { "live", NULL, "eve", "" },
  { "live", "live/cam", "root", "god " },
  { "event", NULL, "root", "god " },
  { "event", NULL, "token", "" },
};

GST_START_TEST (a_users_passwords_are_found)
{
  guint bad_line;
  AccessKeys *keys = access_keys_parse (logins, strlen (logins),
      ACCESS_KEYS_BY_STREAM, &bad_line);

  for (guint i = 0; i < G_N_ELEMENTS (searches); i++) {
    g_autoptr (GString) found = g_string_new (NULL);
    const gchar *password;
    guint index = 0;

    while ((password = access_keys_next_password (keys, &index, searches[i].app,
                searches[i].stream, searches[i].user)) != NULL)
      g_string_append_printf (found, "%s ", password);
    ck_assert_msg (strcmp (found->str, searches[i].passwords) == 0, "%s %s: %s",
        searches[i].app, searches[i].user, found->str);
  }
  ck_assert (access_keys_allow (keys, "live/cam", "bert:a:b"));
  access_keys_free (keys);
}
GST_END_TEST;

GST_START_TEST (an_app_asks_for_a_login_if_a_stream_of_it_has_one)
{
  static const struct
  {
    const gchar *text, *app;
    gboolean has_login;
  } lists[] = {
    { "live/cam anna:geheim", "live", TRUE },
    { "live/cam anna:geheim", "live/cam", TRUE },
    { "live/cam anna:geheim", "liv", FALSE },
    { "live/cam anna:geheim", "other", FALSE },
    { "live/cam token", "live", FALSE },
    { "live/cam sha256:" ABC, "live", FALSE },
    { "* anna:geheim", "live", TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (lists); i++) {
    guint bad_line;
    AccessKeys *keys = access_keys_parse (lists[i].text, strlen (lists[i].text),
        ACCESS_KEYS_BY_STREAM, &bad_line);

    ck_assert_msg (access_keys_have_login (keys, lists[i].app) ==
            lists[i].has_login,
        "%s of %s", lists[i].app, lists[i].text);
    access_keys_free (keys);
  }
}
GST_END_TEST;

GST_START_TEST (secrets_are_equal_to_the_last_byte)
{
  ck_assert (access_secret_equal ("abc", "abc", 3));
  ck_assert (access_secret_equal ("abc", "abd", 2));
  ck_assert (!access_secret_equal ("abc", "abd", 3));
  ck_assert (!access_secret_equal ("abc", "bbc", 3));
  ck_assert (!access_secret_equal ("\x7f", "\xff", 1));
  ck_assert (access_secret_equal ("", "", 0));
}
GST_END_TEST;

static Suite *
keys_suite (void)
{
  Suite *suite = suite_create ("keys");
  TCase *tcase = tcase_create ("keys");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_secret_opens_its_stream_and_no_other);
  tcase_add_test (tcase, a_list_of_secrets_alone_is_for_every_stream);
  tcase_add_test (tcase, an_empty_list_lets_nobody_in);
  tcase_add_test (tcase, a_mistake_is_told_by_its_line);
  tcase_add_test (tcase, a_list_is_not_endless);
  tcase_add_test (tcase, a_users_passwords_are_found);
  tcase_add_test (tcase, an_app_asks_for_a_login_if_a_stream_of_it_has_one);
  tcase_add_test (tcase, secrets_are_equal_to_the_last_byte);
  return suite;
}

GST_CHECK_MAIN (keys);
