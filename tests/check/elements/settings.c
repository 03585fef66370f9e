/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Each row of a table of settings is a property that keeps its value. */

#include "gst/live/gstrtmpwebrtcsinksettings.h"
#include "gst/rtmp/gstrtmpserversettings.h"
#include "gst/settings/gstwhepsinksettings.h"

#include <gst/check/gstcheck.h>
#include <string.h>

static const struct
{
  const gchar *element;
  const GstSetting *(*table) (void);
} tables[] = {
  { "rtmpserversrc", gst_rtmp_server_settings_table },
  { "whepsink", gst_whep_settings_table },
  { "rtmpwebrtcsink", gst_rtmp_webrtc_sink_settings_table },
  /* Properties of the same names, stored by the element inside. */
  { "rtmpwebrtcsink", gst_whep_settings_table },
};

static void
append_text (GValue *array, const gchar *text)
{
  GValue item = G_VALUE_INIT;

  g_value_init (&item, G_TYPE_STRING);
  g_value_set_static_string (&item, text);
  gst_value_array_append_and_take_value (array, &item);
}

/* The minimum and the maximum, or two values. */
static void
make_values (GParamSpec *spec, GValue *one, GValue *other)
{
  g_value_init (one, spec->value_type);
  g_value_init (other, spec->value_type);
  if (G_IS_PARAM_SPEC_UINT (spec)) {
    g_value_set_uint (one, G_PARAM_SPEC_UINT (spec)->minimum);
    g_value_set_uint (other, G_PARAM_SPEC_UINT (spec)->maximum);
  } else if (G_IS_PARAM_SPEC_UINT64 (spec)) {
    g_value_set_uint64 (one, G_PARAM_SPEC_UINT64 (spec)->minimum);
    g_value_set_uint64 (other, G_PARAM_SPEC_UINT64 (spec)->maximum);
  } else if (G_IS_PARAM_SPEC_BOOLEAN (spec)) {
    g_value_set_boolean (one, TRUE);
  } else if (G_IS_PARAM_SPEC_ENUM (spec)) {
    const GEnumClass *values = G_PARAM_SPEC_ENUM (spec)->enum_class;

    g_value_set_enum (one, values->values[values->n_values - 1].value);
    g_value_set_enum (other, values->values[0].value);
  } else if (GST_IS_PARAM_SPEC_ARRAY_LIST (spec)) {
    append_text (one, "one");
    append_text (other, "another");
    append_text (other, "third");
  } else {
    ck_assert (G_IS_PARAM_SPEC_STRING (spec));
    g_value_set_static_string (one, "one");
    g_value_set_static_string (other, "another");
  }
}

static void
check_value (GstElement *element, GParamSpec *spec, const GValue *expected)
{
  GValue read = G_VALUE_INIT;

  g_object_get_property (G_OBJECT (element), spec->name, &read);
  ck_assert_msg (g_param_values_cmp (spec, &read, expected) == 0, "%s",
      spec->name);
  g_value_unset (&read);
}

static void
check_setting (GstElement *element, GParamSpec *spec)
{
  GValue one = G_VALUE_INIT, other = G_VALUE_INIT;

  make_values (spec, &one, &other);
  g_object_set_property (G_OBJECT (element), spec->name, &one);
  check_value (element, spec, &one);
  g_object_set_property (G_OBJECT (element), spec->name, &other);
  check_value (element, spec, &other);
  /* A list and its text are one member. */
  g_object_set_property (G_OBJECT (element), spec->name,
      g_param_spec_get_default_value (spec));
  g_value_unset (&one);
  g_value_unset (&other);
}

GST_START_TEST (each_setting_has_its_default_and_reads_as_it_was_set)
{
  GstElement *element = gst_element_factory_make (tables[__i__].element, NULL);

  for (const GstSetting *row = tables[__i__].table (); row->name != NULL;
       row++) {
    GParamSpec *spec =
        g_object_class_find_property (G_OBJECT_GET_CLASS (element), row->name);

    ck_assert_msg (spec != NULL, "%s", row->name);
    ck_assert_int_eq (spec->flags & G_PARAM_READWRITE,
        row->flags & G_PARAM_READWRITE);
    check_value (element, spec, g_param_spec_get_default_value (spec));
    if ((spec->flags & G_PARAM_WRITABLE) != 0)
      check_setting (element, spec);
  }
  gst_object_unref (element);
}
GST_END_TEST;

/* A list shares the member of the text that it reads and writes. */
static gboolean
may_share (const GstSetting *row, const GstSetting *other)
{
  return (row->kind == GST_SETTING_LIST && other->kind == GST_SETTING_STRING) ||
      (row->kind == GST_SETTING_STRING && other->kind == GST_SETTING_LIST);
}

/* No two rows share a name, or a member that both write. */
GST_START_TEST (no_two_settings_share_a_member)
{
  for (const GstSetting *row = tables[__i__].table (); row->name != NULL; row++)
    for (const GstSetting *other = row + 1; other->name != NULL; other++) {
      ck_assert_str_ne (row->name, other->name);
      if ((row->flags & other->flags & G_PARAM_WRITABLE) != 0 &&
          !may_share (row, other))
        ck_assert_msg (row->offset != other->offset, "%s and %s", row->name,
            other->name);
    }
}
GST_END_TEST;

/* As gst-launch-1.0 sets an array, and as the text then is. */
static const struct
{
  const gchar *array;
  const gchar *text; /* nullable */
} lists[] = {
  { "<stun://a, \"turn://u:p@b\">", "stun://a,turn://u:p@b" },
  { "<\"turn://u:p,q r@b\">", "turn://u:p%2Cq%20r@b" },
  { "<\"\", stun://a>", "stun://a" },
  { "<>", NULL },
};

GST_START_TEST (an_array_is_the_list_of_the_text)
{
  static const gchar *const elements[] = { "whepsink", "rtmpwebrtcsink" };

  for (guint i = 0; i < G_N_ELEMENTS (elements); i++) {
    GstElement *element = gst_element_factory_make (elements[i], NULL);
    g_autofree gchar *text = NULL;

    g_object_set (element, "ice-servers", "stun://old", NULL);
    gst_util_set_object_arg (G_OBJECT (element), "ice-servers-list",
        lists[__i__].array);
    g_object_get (element, "ice-servers", &text, NULL);
    ck_assert_msg (g_strcmp0 (text, lists[__i__].text) == 0, "%s", text);
    gst_object_unref (element);
  }
}
GST_END_TEST;

GST_START_TEST (a_text_is_read_as_an_array)
{
  GstElement *sink = gst_element_factory_make ("whepsink", NULL);
  GValue array = G_VALUE_INIT;
  static const gchar *const expected[] = { "192.0.2.7", "2001:db8::7" };

  g_object_set (sink, "advertise", "192.0.2.7, ,2001:db8::7", NULL);
  g_object_get_property (G_OBJECT (sink), "advertise-list", &array);
  ck_assert_uint_eq (gst_value_array_get_size (&array),
      G_N_ELEMENTS (expected));
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    ck_assert_str_eq (g_value_get_string (
                          gst_value_array_get_value (&array, i)),
        expected[i]);
  g_value_unset (&array);
  gst_object_unref (sink);
}
GST_END_TEST;

/* Each setting that its blurb calls one of several. */
GST_START_TEST (each_text_that_is_a_list_has_an_array)
{
  for (const GstSetting *row = tables[__i__].table (); row->name != NULL;
       row++) {
    gboolean has_array = FALSE;

    if (row->kind != GST_SETTING_STRING ||
        strstr (row->blurb, "separated by commas") == NULL)
      continue;
    for (const GstSetting *other = tables[__i__].table (); other->name != NULL;
         other++)
      has_array |= other->kind == GST_SETTING_LIST &&
          other->offset == row->offset && other->flags == row->flags;
    ck_assert_msg (has_array, "%s", row->name);
  }
}
GST_END_TEST;

GST_START_TEST (an_unset_address_means_any)
{
  GstElement *src = gst_element_factory_make ("rtmpserversrc", NULL);
  g_autofree gchar *address = NULL;

  g_object_set (src, "address", NULL, NULL);
  g_object_get (src, "address", &address, NULL);
  ck_assert_str_eq (address, "::");
  gst_object_unref (src);
}
GST_END_TEST;

static Suite *
settings_suite (void)
{
  Suite *suite = suite_create ("settings");
  TCase *tcase = tcase_create ("settings");

  suite_add_tcase (suite, tcase);
  tcase_add_loop_test (tcase,
      each_setting_has_its_default_and_reads_as_it_was_set, 0,
      G_N_ELEMENTS (tables));
  tcase_add_loop_test (tcase, no_two_settings_share_a_member, 0,
      G_N_ELEMENTS (tables));
  tcase_add_loop_test (tcase, an_array_is_the_list_of_the_text, 0,
      G_N_ELEMENTS (lists));
  tcase_add_test (tcase, a_text_is_read_as_an_array);
  tcase_add_loop_test (tcase, each_text_that_is_a_list_has_an_array, 0,
      G_N_ELEMENTS (tables));
  tcase_add_test (tcase, an_unset_address_means_any);
  return suite;
}

GST_CHECK_MAIN (settings);
