/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Another element's properties: see gstproxiedproperties.h. */

#include "gst/live/gstproxiedproperties.h"

/* Returns: (nullable) (transfer full): the class of an element, without
 * including its headers. */
static GObjectClass *
ref_class (const gchar *element)
{
  g_autoptr (GstElementFactory) factory = gst_element_factory_find (element);
  g_autoptr (GstPluginFeature) loaded = NULL;

  if (factory == NULL)
    return NULL;
  loaded = gst_plugin_feature_load (GST_PLUGIN_FEATURE (factory));
  if (loaded == NULL)
    return NULL;
  return g_type_class_ref (
      gst_element_factory_get_element_type (GST_ELEMENT_FACTORY (loaded)));
}

void
gst_proxied_properties_install (GObjectClass *klass, const gchar *element,
    guint first_id)
{
  GObjectClass *other = ref_class (element);
  g_autofree GParamSpec **specs = NULL;
  guint n_specs, id = first_id;

  if (other == NULL)
    return;
  specs = g_object_class_list_properties (other, &n_specs);
  for (guint i = 0; i < n_specs; i++) {
    const gchar *name = specs[i]->name;

    if (specs[i]->owner_type == G_OBJECT_CLASS_TYPE (other) &&
        g_object_class_find_property (klass, name) == NULL)
      g_object_class_install_property (klass, id++,
          g_param_spec_override (name, specs[i]));
  }
  g_type_class_unref (other);
}

static void
on_notify (GObject *element, GParamSpec *pspec, GObject *bin)
{
  if (pspec->owner_type == G_OBJECT_TYPE (element))
    g_object_notify (bin, pspec->name);
}

void
gst_proxied_properties_follow (GstBin *bin, GstElement *element)
{
  g_signal_connect_object (element, "notify", G_CALLBACK (on_notify), bin, 0);
}
