/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which pages of other origins may read replies. */

#include "ext/whep/http/cors.h"

#include <gst/check/gstcheck.h>

#define SITE "https://example.net"

static const struct
{
  const gchar *setting, *origin;
  gboolean is_for_players;
  const gchar *allowed;
} rows[] = {
  { NULL, SITE, TRUE, "*" },
  { NULL, NULL, TRUE, "*" },
  { NULL, SITE, FALSE, NULL },
  { "", SITE, TRUE, "*" },
  { "", SITE, FALSE, NULL },
  { "*", SITE, FALSE, "*" },
  { "*", NULL, FALSE, "*" },
  { SITE, SITE, TRUE, SITE },
  { SITE, SITE, FALSE, SITE },
  { SITE, NULL, TRUE, NULL },
  { SITE, "https://example.net:8443", TRUE, NULL },
  { SITE, "http://example.net", TRUE, NULL },
  { SITE, "null", TRUE, NULL },
  { "http://a:81, " SITE, SITE, FALSE, SITE },
  { "http://a:81," SITE, "http://a:81", FALSE, "http://a:81" },
};

GST_START_TEST (the_setting_decides_which_origin_is_allowed)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    WhepCors *self = whep_cors_new (rows[i].setting, NULL);

    ck_assert_msg (g_strcmp0 (whep_cors_allow (self, rows[i].origin,
                                  rows[i].is_for_players),
                       rows[i].allowed) == 0,
        "row %u", i);
    whep_cors_free (self);
  }
}
GST_END_TEST;

GST_START_TEST (only_a_list_of_origins_varies)
{
  static const struct
  {
    const gchar *setting;
    gboolean varies;
  } settings[] = {
    { NULL, FALSE },
    { "*", FALSE },
    { SITE ",*", FALSE },
    { SITE, TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (settings); i++) {
    WhepCors *self = whep_cors_new (settings[i].setting, NULL);

    ck_assert_int_eq (whep_cors_varies (self), settings[i].varies);
    whep_cors_free (self);
  }
}
GST_END_TEST;

GST_START_TEST (what_is_not_an_origin_is_an_error)
{
  static const gchar *const mistakes[] = {
    "example.net",
    "ftp://example.net",
    SITE "/",
    SITE "/page",
    SITE "?query",
    SITE "#fragment",
    "https://user@example.net",
    "https://",
    SITE ",,http://a",
    SITE " http://a",
  };

  for (guint i = 0; i < G_N_ELEMENTS (mistakes); i++) {
    g_autoptr (GError) error = NULL;

    ck_assert_msg (whep_cors_new (mistakes[i], &error) == NULL, "%s",
        mistakes[i]);
    ck_assert (g_error_matches (error, G_URI_ERROR, G_URI_ERROR_FAILED));
  }
}
GST_END_TEST;

GST_START_TEST (the_number_of_origins_is_limited)
{
  g_autoptr (GError) error = NULL;
  GString *origins = g_string_new (SITE);

  for (guint i = 0; i < WHEP_CORS_MAX_ORIGINS; i++)
    g_string_append_printf (origins, ",http://host-%u", i);
  ck_assert (whep_cors_new (origins->str, &error) == NULL);
  ck_assert (error != NULL);
  g_string_free (origins, TRUE);
}
GST_END_TEST;

static Suite *
cors_suite (void)
{
  Suite *suite = suite_create ("cors");
  TCase *tcase = tcase_create ("cors");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, the_setting_decides_which_origin_is_allowed);
  tcase_add_test (tcase, only_a_list_of_origins_varies);
  tcase_add_test (tcase, what_is_not_an_origin_is_an_error);
  tcase_add_test (tcase, the_number_of_origins_is_limited);
  return suite;
}

GST_CHECK_MAIN (cors);
