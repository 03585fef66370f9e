/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The names of request pads: numbered by the element, or chosen. */

#include <gst/check/gstcheck.h>

#define N_PADS 12

/* The elements that the pads are requested from, in that order. */
static const struct
{
  const gchar *element, *template, *other, *chosen;
} kinds[] = {
  { "whepsink", "video_%u", "audio_%u", "video_4" },
  { "whepsink", "video_%u", "audio_%u", "video_4294967294" },
  { "rtmpwebrtcsink", "sink_%u", "sink_%u", "sink_4" },
  { "rtmpwebrtcsink", "sink_%u", "sink_%u", "sink_4294967294" },
};

static void
release (GstElement *element, GstPad *pad)
{
  gst_element_release_request_pad (element, pad);
  gst_object_unref (pad);
}

GST_START_TEST (numbered_and_chosen_names_never_collide)
{
  GstElement *element = gst_element_factory_make (kinds[__i__].element, NULL);
  GstPad *chosen =
      gst_element_request_pad_simple (element, kinds[__i__].chosen);
  GstPad *pads[N_PADS];

  ck_assert (chosen != NULL);
  for (guint i = 0; i < N_PADS; i++) {
    pads[i] = gst_element_request_pad_simple (element,
        i % 2 == 0 ? kinds[__i__].template : kinds[__i__].other);
    ck_assert_msg (pads[i] != NULL, "pad %u", i);
    ck_assert (pads[i] != chosen);
  }
  ck_assert_uint_eq (element->numsinkpads, N_PADS + 1);
  for (guint i = 0; i < N_PADS; i++)
    release (element, pads[i]);
  release (element, chosen);
  gst_object_unref (element);
}
GST_END_TEST;

GST_START_TEST (each_element_numbers_its_own_pads)
{
  for (guint i = 0; i < 2; i++) {
    GstElement *element = gst_element_factory_make (kinds[__i__].element, NULL);
    GstPad *pad =
        gst_element_request_pad_simple (element, kinds[__i__].template);
    g_autofree gchar *name = gst_pad_get_name (pad);

    ck_assert_msg (g_str_has_suffix (name, "_0"), "%s", name);
    release (element, pad);
    gst_object_unref (element);
  }
}
GST_END_TEST;

GST_START_TEST (a_name_is_given_once)
{
  GstElement *element = gst_element_factory_make (kinds[__i__].element, NULL);
  GstElementClass *klass = GST_ELEMENT_GET_CLASS (element);
  GstPadTemplate *template =
      gst_element_class_get_pad_template (klass, kinds[__i__].template);
  GstPad *chosen =
      gst_element_request_pad (element, template, kinds[__i__].chosen, NULL);
  GstPad *again = chosen;

  /* GStreamer itself warns about this. */
  ASSERT_CRITICAL (again = gst_element_request_pad (element, template,
                       kinds[__i__].chosen, NULL));
  ck_assert (chosen != NULL && again == NULL);
  ck_assert_uint_eq (element->numsinkpads, 1);
  release (element, chosen);
  /* It is free again. */
  chosen =
      gst_element_request_pad (element, template, kinds[__i__].chosen, NULL);
  ck_assert (chosen != NULL);
  release (element, chosen);
  gst_object_unref (element);
}
GST_END_TEST;

static Suite *
padnames_suite (void)
{
  Suite *suite = suite_create ("padnames");
  TCase *tcase = tcase_create ("padnames");
  const gint n = G_N_ELEMENTS (kinds);

  suite_add_tcase (suite, tcase);
  tcase_add_loop_test (tcase, numbered_and_chosen_names_never_collide, 0, n);
  tcase_add_loop_test (tcase, each_element_numbers_its_own_pads, 0, n);
  tcase_add_loop_test (tcase, a_name_is_given_once, 0, n);
  return suite;
}

GST_CHECK_MAIN (padnames);
