/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Each row of a table of settings is a property that keeps its value. */

#include "gst/live/gstrtmpwebrtcsinksettings.h"
#include "gst/rtmp/gstrtmpserversettings.h"
#include "gst/settings/gstwhepsinksettings.h"

#include <gst/check/gstcheck.h>

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

/* No two rows share a name, or a member that both write. */
GST_START_TEST (no_two_settings_share_a_member)
{
  for (const GstSetting *row = tables[__i__].table (); row->name != NULL; row++)
    for (const GstSetting *other = row + 1; other->name != NULL; other++) {
      ck_assert_str_ne (row->name, other->name);
      if ((row->flags & other->flags & G_PARAM_WRITABLE) != 0)
        ck_assert_msg (row->offset != other->offset, "%s and %s", row->name,
            other->name);
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
  tcase_add_test (tcase, an_unset_address_means_any);
  return suite;
}

GST_CHECK_MAIN (settings);
