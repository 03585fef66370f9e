/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Queries are read as people type them. */

#include "gst/access/query.h"

#include <gst/check/gstcheck.h>

static const struct
{
  const gchar *query, *name, *value;
} values[] = {
  { "a=1&b=2", "a", "1" },
  { "a=1&b=2", "b", "2" },
  { "a=1&b=2", "c", NULL },
  { "", "a", NULL },
  { "a", "a", NULL },
  { "a=", "a", "" },
  { "a=1&a=2", "a", "1" },
  { "aa=1&a=2", "a", "2" },
  { "&&a=1", "a", "1" },
  { "a=x=y==", "a", "x=y==" },
  { "a=%41%2f", "a", "A/" },
  { "a=1+1/2", "a", "1+1/2" },
  { "a=100%", "a", "100%" },
  { "a=%00", "a", "%00" },
  { "a=b?c=d", "a", "b?c=d" },
};

GST_START_TEST (a_value_is_found_by_its_name)
{
  for (guint i = 0; i < G_N_ELEMENTS (values); i++) {
    g_autofree gchar *value =
        access_query_get (values[i].query, values[i].name);

    ck_assert_msg (g_strcmp0 (value, values[i].value) == 0, "%s in %s: %s",
        values[i].name, values[i].query, value);
  }
}
GST_END_TEST;

static const struct
{
  const gchar *query, *secret;
} secrets[] = {
  { "token=sesame", "sesame" },
  { "user=anna&pass=geheim", "anna:geheim" },
  { "pass=geheim&bw=1&user=anna", "anna:geheim" },
  { "token=sesame&user=anna&pass=geheim", "sesame" },
  { "user=anna", NULL },
  { "pass=geheim", NULL },
  { "", NULL },
};

GST_START_TEST (a_secret_is_a_token_or_a_login)
{
  for (guint i = 0; i < G_N_ELEMENTS (secrets); i++) {
    g_autofree gchar *secret = access_query_secret (secrets[i].query);

    ck_assert_msg (g_strcmp0 (secret, secrets[i].secret) == 0, "%s: %s",
        secrets[i].query, secret);
  }
}
GST_END_TEST;

static Suite *
query_suite (void)
{
  Suite *suite = suite_create ("query");
  TCase *tcase = tcase_create ("query");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_value_is_found_by_its_name);
  tcase_add_test (tcase, a_secret_is_a_token_or_a_login);
  return suite;
}

GST_CHECK_MAIN (query);
