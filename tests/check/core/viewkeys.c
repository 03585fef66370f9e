/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The list of who may watch. */

#include "ext/whep/net/viewkeys.h"

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
  WhepViewKeys *keys = whep_viewkeys_parse (list, strlen (list), &bad_line);

  ck_assert_msg (keys != NULL, "line %u", bad_line);
  for (guint i = 0; i < G_N_ELEMENTS (visits); i++)
    ck_assert_msg (whep_viewkeys_allow (keys, visits[i].stream,
                       visits[i].secret) == visits[i].is_allowed,
        "%s %s", visits[i].stream, visits[i].secret);
  whep_viewkeys_free (keys);
}
GST_END_TEST;

GST_START_TEST (an_empty_list_lets_nobody_in)
{
  guint bad_line;
  WhepViewKeys *keys = whep_viewkeys_parse (NULL, 0, &bad_line);

  ck_assert (keys != NULL);
  ck_assert (!whep_viewkeys_allow (keys, "live/cam", ""));
  whep_viewkeys_free (keys);
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

    ck_assert (whep_viewkeys_parse (mistakes[i].text, strlen (mistakes[i].text),
                   &bad_line) == NULL);
    ck_assert_msg (bad_line == mistakes[i].bad_line, "%s: %u", mistakes[i].text,
        bad_line);
  }
}
GST_END_TEST;

GST_START_TEST (a_list_is_not_endless)
{
  g_autofree gchar *text = g_strnfill (WHEP_VIEWKEYS_MAX_BYTES + 1, '\n');
  guint bad_line;
  WhepViewKeys *keys;

  ck_assert (whep_viewkeys_parse (text, WHEP_VIEWKEYS_MAX_BYTES + 1,
                 &bad_line) == NULL);
  ck_assert_uint_eq (bad_line, 0);
  keys = whep_viewkeys_parse (text, WHEP_VIEWKEYS_MAX_BYTES, &bad_line);
  ck_assert (keys != NULL);
  whep_viewkeys_free (keys);
}
GST_END_TEST;

static Suite *
viewkeys_suite (void)
{
  Suite *suite = suite_create ("viewkeys");
  TCase *tcase = tcase_create ("viewkeys");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_secret_opens_its_stream_and_no_other);
  tcase_add_test (tcase, an_empty_list_lets_nobody_in);
  tcase_add_test (tcase, a_mistake_is_told_by_its_line);
  tcase_add_test (tcase, a_list_is_not_endless);
  return suite;
}

GST_CHECK_MAIN (viewkeys);
