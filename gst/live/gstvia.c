/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What converts a track: see gstvia.h. */

#include "gst/live/gstvia.h"

#include "gst/isolation/gstisolateddecoder.h"

static gboolean
is_worth_naming (GstElement *element)
{
  GstElementFactory *factory = gst_element_get_factory (element);

  return factory != NULL &&
      gst_element_factory_list_is_type (factory,
          GST_ELEMENT_FACTORY_TYPE_DECODER | GST_ELEMENT_FACTORY_TYPE_ENCODER |
              GST_ELEMENT_FACTORY_TYPE_PAYLOADER);
}

/* Returns: (transfer full): of a decoder, not of what isolates it. */
static gchar *
dup_name (GstElement *element)
{
  if (GST_IS_ISOLATED_DECODER (element))
    return gst_isolated_decoder_dup_name (GST_ISOLATED_DECODER (element));
  return gst_object_get_name (GST_OBJECT (gst_element_get_factory (element)));
}

gchar *
gst_via_dup (GstElement *chain)
{
  g_autoptr (GstIterator) elements = gst_bin_iterate_sorted (GST_BIN (chain));
  g_autoptr (GString) via = g_string_new (NULL);
  g_auto (GValue) item = G_VALUE_INIT;

  /* The iterator begins with the last element; the bin does not change while it
   * is used. */
  while (gst_iterator_next (elements, &item) == GST_ITERATOR_OK) {
    GstElement *element = g_value_get_object (&item);

    if (is_worth_naming (element)) {
      g_autofree gchar *name = dup_name (element);

      if (via->len > 0)
        g_string_prepend (via, " ! ");
      g_string_prepend (via, name);
    }
    g_value_reset (&item);
  }
  return g_string_free (g_steal_pointer (&via), FALSE);
}

void
gst_via_say (GstPadProbeInfo *info, const gchar *via)
{
  GstEvent *event = GST_PAD_PROBE_INFO_EVENT (info);
  g_autoptr (GstCaps) caps = NULL;
  GstCaps *old;

  if (via == NULL || GST_EVENT_TYPE (event) != GST_EVENT_CAPS)
    return;
  gst_event_parse_caps (event, &old);
  if (gst_structure_has_field (gst_caps_get_structure (old, 0), "via"))
    return;
  caps = gst_caps_copy (old);
  gst_caps_set_simple (caps, "via", G_TYPE_STRING, via, NULL);
  GST_PAD_PROBE_INFO_DATA (info) = gst_event_new_caps (caps);
  gst_event_unref (event);
}
