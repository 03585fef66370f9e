/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The units of byte streams, however they are delimited. */

#include "gst/bitstream/nalunits.h"

#include <gst/check/gstcheck.h>
#include <string.h>

#define MAX_UNITS 4

static const struct
{
  const gchar *why;
  const gchar *bytes;
  gsize size;
  guint n_units;
  const gchar *units[MAX_UNITS];
} streams[] = {
#define STREAM(bytes) bytes, sizeof bytes - 1
  { "nothing", STREAM (""), 0 },
  { "no start code", STREAM ("abc"), 0 },
  { "nothing after a start code", STREAM ("\0\0\1"), 0 },
  { "one unit", STREAM ("\0\0\1abc"), 1, { "abc" } },
  { "a long start code", STREAM ("\0\0\0\1abc"), 1, { "abc" } },
  { "bytes before the first one", STREAM ("x\0\0\1abc"), 1, { "abc" } },
  { "several", STREAM ("\0\0\1a\0\0\1bc\0\0\0\1d"), 3, { "a", "bc", "d" } },
  { "empty ones are no units", STREAM ("\0\0\1\0\0\1\0\0\0\1a"), 1, { "a" } },
  { "zeroes at an end are padding", STREAM ("\0\0\1a\0\0\0\0\0\1b\0\0"), 2,
      { "a", "b" } },
  { "as many as there is room for",
      STREAM ("\0\0\1a\0\0\1b\0\0\1c\0\0\1d\0\0\1e"), MAX_UNITS,
      { "a", "b", "c", "d" } },
};

static void
check_unit (const NalUnit *unit, const gchar *text, const gchar *why)
{
  ck_assert_msg (unit->size == strlen (text), "%s", why);
  ck_assert_msg (memcmp (unit->data, text, unit->size) == 0, "%s", why);
}

GST_START_TEST (units_are_what_is_between_start_codes)
{
  for (guint i = 0; i < G_N_ELEMENTS (streams); i++) {
    NalUnit units[MAX_UNITS];
    gsize at = 0;
    guint n_units = nal_units_read ((const guint8 *) streams[i].bytes,
        streams[i].size, &at, units, MAX_UNITS);

    ck_assert_msg (n_units == streams[i].n_units, "%s: %u", streams[i].why,
        n_units);
    for (guint j = 0; j < n_units; j++)
      check_unit (&units[j], streams[i].units[j], streams[i].why);
  }
}
GST_END_TEST;

GST_START_TEST (reading_continues_where_it_stopped)
{
  for (guint i = 0; i < G_N_ELEMENTS (streams); i++) {
    gsize at = 0;
    NalUnit unit;

    for (guint j = 0; j < streams[i].n_units; j++) {
      ck_assert_uint_eq (nal_units_read ((const guint8 *) streams[i].bytes,
                             streams[i].size, &at, &unit, 1),
          1);
      check_unit (&unit, streams[i].units[j], streams[i].why);
    }
  }
}
GST_END_TEST;

static Suite *
nalunits_suite (void)
{
  Suite *suite = suite_create ("nalunits");
  TCase *tcase = tcase_create ("nalunits");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, units_are_what_is_between_start_codes);
  tcase_add_test (tcase, reading_continues_where_it_stopped);
  return suite;
}

GST_CHECK_MAIN (nalunits);
