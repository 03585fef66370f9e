/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A recovery point is found among the messages of an SEI. */

#include "gst/bitstream/sei.h"

#include <gst/check/gstcheck.h>

#define BYTES(text) (const guint8 *) text, sizeof text - 1

static const struct
{
  const gchar *what;
  const guint8 *bytes;
  gsize size;
  gboolean has_recovery_point;
} cases[] = {
  { "nothing", BYTES (""), FALSE },
  { "no message", BYTES ("\x80"), FALSE },
  { "a recovery point", BYTES ("\6\1\xc4\x80"), TRUE },
  { "one after user data", BYTES ("\5\1a\6\1\xc4\x80"), TRUE },
  { "one with a truncated payload", BYTES ("\6\1"), TRUE },
  { "user data alone", BYTES ("\5\1\6\x80"), FALSE },
  { "a type of two bytes", BYTES ("\xff\6\1a\x80"), FALSE },
  { "a truncated type", BYTES ("\xff\xff"), FALSE },
  { "a truncated size", BYTES ("\6"), FALSE },
  { "a size beyond the end", BYTES ("\5\7a\6\1\xc4"), FALSE },
};

GST_START_TEST (a_recovery_point_is_found)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    ck_assert_msg (sei_has_recovery_point (cases[i].bytes, cases[i].size) ==
            cases[i].has_recovery_point,
        "%s", cases[i].what);
}
GST_END_TEST;

static Suite *
sei_suite (void)
{
  Suite *suite = suite_create ("sei");
  TCase *tcase = tcase_create ("sei");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_recovery_point_is_found);
  return suite;
}

GST_CHECK_MAIN (sei);
