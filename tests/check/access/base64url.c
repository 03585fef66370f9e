/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Only what can be decoded is valid. */

#include "gst/access/base64url.h"

#include <gst/check/gstcheck.h>
#include <string.h>

static const struct
{
  const gchar *text;
  gboolean is_valid;
} texts[] = {
  { "AA", TRUE },
  { "AAA", TRUE },
  { "AAAA", TRUE },
  { "AAAAAA", TRUE },
  { "a-_9", TRUE },
  { "", FALSE },
  { "A", FALSE },
  { "AAAAA", FALSE },
  { "AA==", FALSE },
  { "a+/9", FALSE },
  { "AA.A", FALSE },
  { "AA A", FALSE },
  { "AA\n", FALSE },
  { "A\xc3\xa9", FALSE },
};

GST_START_TEST (a_text_is_valid_if_it_can_be_decoded)
{
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    ck_assert_msg (access_base64url_is_valid (texts[i].text,
                       strlen (texts[i].text)) == texts[i].is_valid,
        "%s", texts[i].text);
}
GST_END_TEST;

static Suite *
base64url_suite (void)
{
  Suite *suite = suite_create ("base64url");
  TCase *tests = tcase_create ("base64url");

  tcase_add_test (tests, a_text_is_valid_if_it_can_be_decoded);
  suite_add_tcase (suite, tests);
  return suite;
}

GST_CHECK_MAIN (base64url);
