/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A slip of the fingers is understood, nonsense is not. */

#include "pipelines/suggestion.h"

#include <gst/check/gstcheck.h>

GST_START_TEST (a_slip_is_understood)
{
  static const gchar *const names[] = { "port", "rtmp-port", "rtmps-port",
    "linger", "max-viewers", "max-publishers", "gop", "json", NULL };
  static const struct
  {
    const gchar *name, *meant;
  } slips[] = {
    { "linger", "linger" },
    { "lingr", "linger" },
    { "lingger", "linger" },
    { "lnigre", "linger" },
    { "prot", "port" },
    { "ports", "port" },
    { "rmtp-port", "rtmp-port" },
    { "max-viewer", "max-viewers" },
    { "maxviewers", "max-viewers" },
    { "jsn", "json" },
    { "gob", "gop" },
    { "nonsense", NULL },
    { "x", NULL },
    { "", NULL },
    { "takeover", NULL },
  };
  g_autofree gchar *longest = g_strnfill (1000, 'p');

  for (guint i = 0; i < G_N_ELEMENTS (slips); i++)
    ck_assert (
        g_strcmp0 (suggestion_for (slips[i].name, names), slips[i].meant) == 0);
  ck_assert (suggestion_for (longest, names) == NULL);
}
GST_END_TEST;

static Suite *
suggestion_suite (void)
{
  Suite *suite = suite_create ("suggestion");
  TCase *tcase = tcase_create ("suggestion");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_slip_is_understood);
  return suite;
}

GST_CHECK_MAIN (suggestion);
