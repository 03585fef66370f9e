/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Detection of sequence headers in temporal units. */

#include "gst/flv/av1.h"

#include <gst/check/gstcheck.h>

#define BYTES(text) text, sizeof text - 1
#define DELIMITER "\x12\0"
#define SEQUENCE "\x0a\3abc"
#define FRAME "\x32\2xy"

static const struct
{
  const gchar *why;
  const gchar *unit;
  gsize size;
  gboolean has_header;
} units[] = {
  { "nothing", BYTES (""), FALSE },
  { "a frame", BYTES (DELIMITER FRAME), FALSE },
  { "a sequence header", BYTES (SEQUENCE), TRUE },
  { "after a delimiter", BYTES (DELIMITER SEQUENCE FRAME), TRUE },
  { "after metadata", BYTES (DELIMITER "\x2a\2mm" SEQUENCE FRAME), TRUE },
  { "after an extension", BYTES ("\x2e\x08\2mm" SEQUENCE), TRUE },
  { "with a size of two bytes", BYTES ("\x0a\x83\0abc"), TRUE },
  { "without a size, up to the end",
      BYTES (DELIMITER "\x08"
                       "abc"),
      TRUE },
  { "a frame without a size", BYTES ("\x30" SEQUENCE), FALSE },
  { "an empty one", BYTES ("\x0a\0"), FALSE },
  { "a truncated one", BYTES ("\x0a\4abc"), FALSE },
  { "a truncated size", BYTES ("\x0a\x83"), FALSE },
  { "a size that does not end", BYTES ("\x0a\x83\x80\x80\x80\x80\x80\x80\x80"),
      FALSE },
  { "no OBU at all", BYTES ("\x8a\3abc"), FALSE },
  { "a truncated extension", BYTES ("\x2e"), FALSE },
};

GST_START_TEST (a_sequence_header_in_a_unit_is_found)
{
  for (guint i = 0; i < G_N_ELEMENTS (units); i++)
    ck_assert_msg (flv_av1_has_sequence_header ((const guint8 *) units[i].unit,
                       units[i].size) == units[i].has_header,
        "%s", units[i].why);
}
GST_END_TEST;

GST_START_TEST (the_search_for_a_sequence_header_is_limited)
{
  g_autoptr (GByteArray) unit = g_byte_array_new ();

  for (guint i = 0; i < 100; i++)
    g_byte_array_append (unit, (const guint8 *) DELIMITER, 2);
  g_byte_array_append (unit, (const guint8 *) SEQUENCE, 5);
  ck_assert (!flv_av1_has_sequence_header (unit->data, unit->len));
}
GST_END_TEST;

static Suite *
av1_suite (void)
{
  Suite *suite = suite_create ("av1");
  TCase *tcase = tcase_create ("av1");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_sequence_header_in_a_unit_is_found);
  tcase_add_test (tcase, the_search_for_a_sequence_header_is_limited);
  return suite;
}

GST_CHECK_MAIN (av1);
