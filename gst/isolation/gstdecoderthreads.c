/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The threads of decoders: see gstdecoderthreads.h. */

#include "gst/isolation/gstdecoderthreads.h"

/* A decoder has them by one of these properties. */
static void
limit (const GValue *item, gpointer text)
{
  static const gchar *const names[] = { "max-threads", "threads", "n-threads" };
  GstElement *element = g_value_get_object (item);
  GObjectClass *klass = G_OBJECT_GET_CLASS (element);
  GstElementFactory *factory = gst_element_get_factory (element);

  if (factory == NULL ||
      !gst_element_factory_list_is_type (factory,
          GST_ELEMENT_FACTORY_TYPE_DECODER |
              GST_ELEMENT_FACTORY_TYPE_MEDIA_VIDEO))
    return;
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    if (g_object_class_find_property (klass, names[i]) != NULL)
      gst_util_set_object_arg (G_OBJECT (element), names[i], text);
  }
}

void
gst_decoder_threads_limit (GstBin *bin, guint n_threads)
{
  g_autofree gchar *text = g_strdup_printf ("%u", n_threads);
  GstIterator *elements = gst_bin_iterate_elements (bin);

  gst_iterator_foreach (elements, limit, text);
  gst_iterator_free (elements);
}
