/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A stream's name falls apart at its first slash. */

#include "gst/access/request.h"

#include <gst/check/gstcheck.h>

static const struct
{
  const gchar *stream, *app, *key;
} names[] = {
  { "live/cam", "live", "cam" },
  { "live/cam/2", "live", "cam/2" },
  { "live/", "live", "" },
  { "/cam", "", "cam" },
  { "live", "live", "" },
  { "", "", "" },
};

GST_START_TEST (the_app_ends_at_the_first_slash)
{
  const AccessRequest request = { "watch", names[__i__].stream, "", "" };
  const gchar *key;
  g_autofree gchar *app = access_request_split (&request, &key);

  ck_assert_str_eq (app, names[__i__].app);
  ck_assert_str_eq (key, names[__i__].key);
}
GST_END_TEST;

static Suite *
request_suite (void)
{
  Suite *suite = suite_create ("request");
  TCase *tcase = tcase_create ("request");

  suite_add_tcase (suite, tcase);
  tcase_add_loop_test (tcase, the_app_ends_at_the_first_slash, 0,
      G_N_ELEMENTS (names));
  return suite;
}

GST_CHECK_MAIN (request);
