/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What of an access unit is worth sending, and length sizes. */

#include "gst/flv/avc.h"

#include <gst/check/gstcheck.h>
#include <string.h>

#define BYTES(text) text, sizeof text - 1
#define AUD "\0\0\0\2\x09\xf0"
#define IDR "\0\0\0\3\x65xy"
#define SLICE "\0\0\0\2\x41x"
#define FILLER "\0\0\0\3\x0c\xff\x80"
#define USER_DATA "\0\0\0\5\x06\x05\1a\x80"
#define RECOVERY "\0\0\0\5\x06\x06\1\xc4\x80"
#define USER_DATA_AND_RECOVERY "\0\0\0\x08\x06\x05\1a\x06\1\xc4\x80"
#define EMPTY "\0\0\0\0"

static const struct
{
  const gchar *why;
  guint n_length_bytes;
  const gchar *data;
  gsize size;
  gboolean is_whole;
  const gchar *kept;
  gsize kept_size;
} frames[] = {
  { "nothing", 4, BYTES (""), TRUE, BYTES ("") },
  { "a slice", 4, BYTES (SLICE), TRUE, BYTES (SLICE) },
  { "a delimiter", 4, BYTES (AUD IDR), TRUE, BYTES (IDR) },
  { "only a delimiter", 4, BYTES (AUD), TRUE, BYTES ("") },
  { "filler", 4, BYTES (SLICE FILLER SLICE FILLER), TRUE, BYTES (SLICE SLICE) },
  { "user data", 4, BYTES (AUD USER_DATA IDR), TRUE, BYTES (IDR) },
  { "a recovery point", 4, BYTES (AUD RECOVERY SLICE), TRUE,
      BYTES (RECOVERY SLICE) },
  { "a recovery point behind user data", 4,
      BYTES (USER_DATA_AND_RECOVERY SLICE), TRUE,
      BYTES (USER_DATA_AND_RECOVERY SLICE) },
  { "information that is cut", 4, BYTES ("\0\0\0\2\x06\xff" SLICE), TRUE,
      BYTES (SLICE) },
  { "empty units", 4, BYTES (EMPTY SLICE EMPTY), TRUE, BYTES (SLICE) },
  { "a unit beyond the end", 4, BYTES (SLICE "\0\0\0\3\x41x"), FALSE },
  { "the longest length", 4, BYTES ("\xff\xff\xff\xff\x41x"), FALSE },
  { "a length that is cut", 4, BYTES (SLICE "\0\0\0"), FALSE },
  { "lengths of a byte", 1, BYTES ("\2\x09\xf0\2\x41x"), TRUE,
      BYTES ("\2\x41x") },
  { "lengths of two", 2, BYTES ("\0\2\x09\xf0\0\2\x41x"), TRUE,
      BYTES ("\0\2\x41x") },
  { "lengths of three", 3, BYTES ("\0\0\2\x41x"), TRUE, BYTES ("\0\0\2\x41x") },
};

GST_START_TEST (only_what_is_worth_sending_stays)
{
  for (guint i = 0; i < G_N_ELEMENTS (frames); i++) {
    const guint8 *data = (const guint8 *) frames[i].data;
    g_autoptr (GByteArray) kept = g_byte_array_new ();
    FlvAvcFrame frame;
    gboolean is_whole =
        flv_avc_look (&frame, frames[i].n_length_bytes, data, frames[i].size);

    ck_assert_msg (is_whole == frames[i].is_whole, "%s", frames[i].why);
    if (!is_whole)
      continue;
    for (guint j = 0; j < frame.n_runs; j++)
      g_byte_array_append (kept, data + frame.runs[j].offset,
          frame.runs[j].size);
    ck_assert_msg (kept->len == frames[i].kept_size, "%s", frames[i].why);
    ck_assert_msg (kept->len == 0 ||
            memcmp (kept->data, frames[i].kept, kept->len) == 0,
        "%s", frames[i].why);
  }
}
GST_END_TEST;

GST_START_TEST (units_side_by_side_are_one_run)
{
  const gchar data[] = AUD SLICE SLICE SLICE;
  FlvAvcFrame frame;

  ck_assert (flv_avc_look (&frame, 4, (const guint8 *) data, sizeof data - 1));
  ck_assert_uint_eq (frame.n_runs, 1);
  ck_assert_uint_eq (frame.runs[0].offset, sizeof AUD - 1);
}
GST_END_TEST;

static gboolean
runs_fit (guint n_runs)
{
  g_autoptr (GByteArray) data = g_byte_array_new ();
  FlvAvcFrame frame;

  for (guint i = 0; i < n_runs; i++) {
    g_byte_array_append (data, (const guint8 *) SLICE, sizeof SLICE - 1);
    g_byte_array_append (data, (const guint8 *) FILLER, sizeof FILLER - 1);
  }
  return flv_avc_look (&frame, 4, data->data, data->len);
}

GST_START_TEST (runs_have_a_limit)
{
  ck_assert (runs_fit (FLV_AVC_MAX_RUNS));
  ck_assert (!runs_fit (FLV_AVC_MAX_RUNS + 1));
}
GST_END_TEST;

static const struct
{
  const gchar *why;
  const gchar *data;
  gsize size;
  guint n_length_bytes;
} configs[] = {
  { "empty", BYTES (""), 0 },
  { "cut after the length size", BYTES ("\1\x42\0\x1e\xff"), 0 },
  { "whole", BYTES ("\1\x42\0\x1e\xff\xe1\0\1\x67\1\0\1\x68"), 4 },
  { "lengths of a byte", BYTES ("\1\x42\0\x1e\xfc\xe1\0\1\x67\1\0\1\x68"), 1 },
  { "lengths of two", BYTES ("\1\x42\0\x1e\xfd\xe1\0\1\x67\1\0\1\x68"), 2 },
  { "lengths of three", BYTES ("\1\x42\0\x1e\xfe\xe1\0\1\x67\1\0\1\x68"), 3 },
  { "two of each",
      BYTES ("\1\x42\0\x1e\xff\xe2\0\1\x67\0\1\x67\2\0\1\x68"
             "\0\1\x68"),
      4 },
  { "with extensions", BYTES ("\1\x64\0\x1e\xff\xe1\0\1\x67\1\0\1\x68\xfd"),
      4 },
  { "no SPS", BYTES ("\1\x42\0\x1e\xff\xe0\1\0\1\x68"), 0 },
  { "no PPS", BYTES ("\1\x42\0\x1e\xff\xe1\0\1\x67\0"), 0 },
  { "no number of PPS", BYTES ("\1\x42\0\x1e\xff\xe1\0\1\x67"), 0 },
  { "SPS cut", BYTES ("\1\x42\0\x1e\xff\xe1\0\2\x67"), 0 },
  { "PPS cut", BYTES ("\1\x42\0\x1e\xff\xe1\0\1\x67\1\0\2\x68"), 0 },
  { "an empty SPS", BYTES ("\1\x42\0\x1e\xff\xe1\0\0\1\0\1\x68"), 0 },
  { "another version", BYTES ("\2\x42\0\x1e\xff\xe1\0\1\x67\1\0\1\x68"), 0 },
};

GST_START_TEST (a_sequence_header_has_parameter_sets)
{
  for (guint i = 0; i < G_N_ELEMENTS (configs); i++) {
    guint n_length_bytes =
        flv_avc_parse_config ((const guint8 *) configs[i].data,
            configs[i].size);

    ck_assert_msg (n_length_bytes == configs[i].n_length_bytes, "%s",
        configs[i].why);
  }
}
GST_END_TEST;

static Suite *
avc_suite (void)
{
  Suite *suite = suite_create ("avc");
  TCase *tcase = tcase_create ("avc");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, only_what_is_worth_sending_stays);
  tcase_add_test (tcase, units_side_by_side_are_one_run);
  tcase_add_test (tcase, runs_have_a_limit);
  tcase_add_test (tcase, a_sequence_header_has_parameter_sets);
  return suite;
}

GST_CHECK_MAIN (avc);
