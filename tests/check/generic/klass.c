/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The klass of each element of the plugin, by which applications choose. */

#include "tests/support/ourelements.h"

#include <gst/check/gstcheck.h>

#define TYPE(name) GST_ELEMENT_FACTORY_TYPE_##name

/* Of GStreamer's design document about klasses, and of gst-plugins-bad. */
static const gchar *const first_words[] = { "Codec", "Filter", "Generic",
  "Sink", "Source", NULL };
static const gchar *const further_words[] = { "Audio", "Bin", "Converter",
  "Demuxer", "Effect", "Muxer", "Network", "Parser", "Payloader", "RTP",
  "Video", "WebRTC", NULL };

GST_START_TEST (each_klass_consists_of_words_that_gstreamer_knows)
{
  g_autolist (GstElementFactory) ours = our_elements_list ();

  for (GList *link = ours; link != NULL; link = link->next) {
    const gchar *klass = gst_element_factory_get_metadata (link->data,
        GST_ELEMENT_METADATA_KLASS);
    g_auto (GStrv) words = g_strsplit (klass, "/", -1);

    ck_assert_msg (g_strv_contains (first_words, words[0]), "%s", klass);
    for (guint i = 1; words[i] != NULL; i++)
      ck_assert_msg (g_strv_contains (further_words, words[i]), "%s: %s",
          GST_OBJECT_NAME (link->data), words[i]);
  }
}
GST_END_TEST;

/* What applications and decodebin3 ask a factory for. */
static const struct
{
  const gchar *element;
  GstElementFactoryListType is, is_not;
} types[] = {
  { "flvlivedemux", TYPE (DEMUXER), TYPE (PARSER) | TYPE (DECODER) },
  { "rtmplivedemux", TYPE (DEMUXER), TYPE (PARSER) | TYPE (DECODER) },
  { "rtmpserversrc", TYPE (SRC), TYPE (SINK) },
  { "rtmpwebrtcsink", TYPE (SINK), TYPE (SRC) },
  { "whepsink", TYPE (SINK), TYPE (SRC) },
  { "h264livepay", TYPE (PAYLOADER), TYPE (DEPAYLOADER) | TYPE (SINK) },
  { "h265livepay", TYPE (PAYLOADER), TYPE (DEPAYLOADER) | TYPE (SINK) },
  { "av1livepay", TYPE (PAYLOADER), TYPE (DEPAYLOADER) | TYPE (SINK) },
};

GST_START_TEST (a_factory_is_found_by_what_it_does)
{
  g_autoptr (GstElementFactory) factory =
      gst_element_factory_find (types[__i__].element);

  ck_assert (factory != NULL);
  ck_assert (gst_element_factory_list_is_type (factory, types[__i__].is));
  ck_assert (!gst_element_factory_list_is_type (factory, types[__i__].is_not));
}
GST_END_TEST;

/* A bin sends an EOS event to its sources, and waits for the EOS messages of
 * its sinks. WebRTC's are both: without publishers there is no pad that an EOS
 * could come down. For what they do with it, see elements/ending.c. */
static const struct
{
  const gchar *element;
  guint flags;
} ends[] = {
  { "rtmpserversrc", GST_ELEMENT_FLAG_SOURCE },
  { "whepsink", GST_ELEMENT_FLAG_SOURCE | GST_ELEMENT_FLAG_SINK },
  { "rtmpwebrtcsink", GST_ELEMENT_FLAG_SOURCE | GST_ELEMENT_FLAG_SINK },
  { "flvlivedemux", 0 },
  { "rtmplivedemux", 0 },
  { "sdpmunger", 0 },
};

GST_START_TEST (an_element_says_whether_it_is_a_source_or_a_sink)
{
  GstElement *element = gst_element_factory_make (ends[__i__].element, NULL);

  ck_assert (element != NULL);
  ck_assert_uint_eq (GST_OBJECT_FLAGS (element) &
          (GST_ELEMENT_FLAG_SOURCE | GST_ELEMENT_FLAG_SINK),
      ends[__i__].flags);
  gst_object_unref (element);
}
GST_END_TEST;

static Suite *
klass_suite (void)
{
  Suite *suite = suite_create ("klass");
  TCase *tcase = tcase_create ("klass");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, each_klass_consists_of_words_that_gstreamer_knows);
  tcase_add_loop_test (tcase, a_factory_is_found_by_what_it_does, 0,
      G_N_ELEMENTS (types));
  tcase_add_loop_test (tcase, an_element_says_whether_it_is_a_source_or_a_sink,
      0, G_N_ELEMENTS (ends));
  return suite;
}

GST_CHECK_MAIN (klass);
