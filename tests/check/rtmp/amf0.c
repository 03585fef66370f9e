/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* AMF0 values are read within limits, and read back as they were written. */

#include "gst/rtmp/amf0.h"

#include <gst/check/gstcheck.h>
#include <string.h>

#define BYTES(text) (const guint8 *) text, sizeof text - 1

static const struct
{
  const gchar *why;
  const guint8 *data;
  gsize size;
  gboolean valid;
  RtmpAmf0Type type;
} values[] = {
  { "nothing", BYTES (""), FALSE },
  { "a number", BYTES ("\x00\x3f\xf0\0\0\0\0\0\0"), TRUE, RTMP_AMF0_NUMBER },
  { "half a number", BYTES ("\x00\x3f\xf0\0\0"), FALSE },
  { "a date", BYTES ("\x0b\x3f\xf0\0\0\0\0\0\0\0\0"), TRUE, RTMP_AMF0_NUMBER },
  { "a date, no zone", BYTES ("\x0b\x3f\xf0\0\0\0\0\0\0"), FALSE },
  { "true", BYTES ("\x01\x01"), TRUE, RTMP_AMF0_BOOLEAN },
  { "no boolean", BYTES ("\x01"), FALSE },
  { "a string", BYTES ("\x02\0\3cam"), TRUE, RTMP_AMF0_STRING },
  { "an empty string", BYTES ("\x02\0\0"), TRUE, RTMP_AMF0_STRING },
  { "a truncated string", BYTES ("\x02\0\4cam"), FALSE },
  { "a long string", BYTES ("\x0c\0\0\0\3cam"), TRUE, RTMP_AMF0_STRING },
  { "an endless one", BYTES ("\x0c\xff\xff\xff\xff_cam"), FALSE },
  { "an empty object", BYTES ("\x03\0\0\x09"), TRUE, RTMP_AMF0_OBJECT },
  { "an object without end", BYTES ("\x03\0\1a\5"), FALSE },
  { "an empty key", BYTES ("\x03\0\0\5\0\0\x09"), TRUE, RTMP_AMF0_OBJECT },
  { "an ECMA array with a wrong count", BYTES ("\x08\0\0\0\x63\0\1a\5\0\0\x09"),
      TRUE, RTMP_AMF0_OBJECT },
  { "a typed object", BYTES ("\x10\0\1T\0\1a\5\0\0\x09"), TRUE,
      RTMP_AMF0_OBJECT },
  { "a strict array", BYTES ("\x0a\0\0\0\2\5\5"), TRUE, RTMP_AMF0_ARRAY },
  { "a truncated strict array", BYTES ("\x0a\0\0\0\3\5\5"), FALSE },
  { "a strict array of billions", BYTES ("\x0a\xff\xff\xff\xff\5\5"), FALSE },
  { "null", BYTES ("\x05"), TRUE, RTMP_AMF0_NULL },
  { "undefined", BYTES ("\x06"), TRUE, RTMP_AMF0_NULL },
  { "a reference", BYTES ("\x07\0\1"), TRUE, RTMP_AMF0_NULL },
  { "half a reference", BYTES ("\x07\0"), FALSE },
  { "an end without an object", BYTES ("\x09"), FALSE },
  { "AMF3", BYTES ("\x11\x0a\x0b\x01"), TRUE, RTMP_AMF0_AMF3 },
  { "no marker of AMF0", BYTES ("\x12"), FALSE },
};

GST_START_TEST (each_type_of_value_is_read_or_rejected)
{
  for (guint i = 0; i < G_N_ELEMENTS (values); i++) {
    RtmpAmf0Reader reader;
    RtmpAmf0Value value;
    gboolean valid;

    rtmp_amf0_reader_init (&reader, values[i].data, values[i].size);
    valid = rtmp_amf0_read (&reader, &value);
    ck_assert_msg (valid == values[i].valid, "%s", values[i].why);
    ck_assert_msg (reader.size == 0, "%s", values[i].why);
    if (valid)
      ck_assert_msg (value.type == values[i].type, "%s", values[i].why);
  }
}
GST_END_TEST;

GST_START_TEST (written_values_are_read_back)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();
  RtmpAmf0Reader reader;
  RtmpAmf0Value value, member;

  rtmp_amf0_begin_object (out);
  rtmp_amf0_write_key (out, "app");
  rtmp_amf0_write_string (out, "live");
  rtmp_amf0_write_key (out, "list");
  rtmp_amf0_begin_array (out, 2);
  rtmp_amf0_write_null (out);
  rtmp_amf0_write_number (out, -2.5);
  rtmp_amf0_write_key (out, "size");
  rtmp_amf0_write_number (out, 640);
  rtmp_amf0_end_object (out);
  rtmp_amf0_write_number (out, 7);
  rtmp_amf0_write_boolean (out, TRUE);

  rtmp_amf0_reader_init (&reader, out->data, out->len);
  ck_assert (rtmp_amf0_read (&reader, &value));
  ck_assert (rtmp_amf0_get (&value, "app", &member));
  ck_assert_int_eq (member.type, RTMP_AMF0_STRING);
  ck_assert_uint_eq (member.size, 4);
  ck_assert_int_eq (memcmp (member.text, "live", 4), 0);
  ck_assert (rtmp_amf0_get (&value, "size", &member));
  ck_assert (member.number == 640);
  ck_assert (rtmp_amf0_get (&value, "list", &member));
  ck_assert_int_eq (member.type, RTMP_AMF0_ARRAY);
  ck_assert (!rtmp_amf0_get (&value, "ap", &member));

  ck_assert (rtmp_amf0_read (&reader, &value));
  ck_assert (value.number == 7);
  ck_assert (!rtmp_amf0_get (&value, "app", &member));
  ck_assert (rtmp_amf0_read (&reader, &value));
  ck_assert_int_eq (value.type, RTMP_AMF0_BOOLEAN);
  ck_assert (value.number == 1);
  ck_assert (!rtmp_amf0_read (&reader, &value));
}
GST_END_TEST;

/* Appends @depth nested objects. */
static void
nest (GByteArray *out, guint depth)
{
  for (guint i = 0; i < depth; i++) {
    rtmp_amf0_begin_object (out);
    rtmp_amf0_write_key (out, "a");
  }
  rtmp_amf0_write_null (out);
  for (guint i = 0; i < depth; i++)
    rtmp_amf0_end_object (out);
}

static gboolean
can_read (const GByteArray *bytes)
{
  RtmpAmf0Reader reader;
  RtmpAmf0Value value;

  rtmp_amf0_reader_init (&reader, bytes->data, bytes->len);
  return rtmp_amf0_read (&reader, &value);
}

GST_START_TEST (objects_nest_up_to_the_limit)
{
  g_autoptr (GByteArray) deep = g_byte_array_new ();
  g_autoptr (GByteArray) too_deep = g_byte_array_new ();

  nest (deep, RTMP_AMF0_MAX_DEPTH);
  ck_assert (can_read (deep));
  nest (too_deep, RTMP_AMF0_MAX_DEPTH + 1);
  ck_assert (!can_read (too_deep));
}
GST_END_TEST;

GST_START_TEST (nested_values_count_towards_the_limit)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();

  /* The array itself counts as one. */
  rtmp_amf0_begin_array (out, RTMP_AMF0_MAX_VALUES - 1);
  for (guint i = 0; i < RTMP_AMF0_MAX_VALUES; i++)
    rtmp_amf0_write_null (out);
  ck_assert (can_read (out));

  g_byte_array_set_size (out, 0);
  rtmp_amf0_begin_array (out, RTMP_AMF0_MAX_VALUES);
  for (guint i = 0; i < RTMP_AMF0_MAX_VALUES; i++)
    rtmp_amf0_write_null (out);
  ck_assert (!can_read (out));
}
GST_END_TEST;

GST_START_TEST (amf3_in_an_object_hides_only_later_members)
{
  static const guint8 bytes[] = "\x03\0\3app\x02\0\4live\0\1x\x11\x09\x01";
  RtmpAmf0Reader reader;
  RtmpAmf0Value value, app;

  rtmp_amf0_reader_init (&reader, bytes, sizeof bytes - 1);
  ck_assert (rtmp_amf0_read (&reader, &value));
  ck_assert (rtmp_amf0_get (&value, "app", &app));
  ck_assert_uint_eq (app.size, 4);
  ck_assert (!rtmp_amf0_get (&value, "y", &app));
}
GST_END_TEST;

static Suite *
amf0_suite (void)
{
  Suite *suite = suite_create ("amf0");
  TCase *tcase = tcase_create ("amf0");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, each_type_of_value_is_read_or_rejected);
  tcase_add_test (tcase, written_values_are_read_back);
  tcase_add_test (tcase, objects_nest_up_to_the_limit);
  tcase_add_test (tcase, nested_values_count_towards_the_limit);
  tcase_add_test (tcase, amf3_in_an_object_hides_only_later_members);
  return suite;
}

GST_CHECK_MAIN (amf0);
