/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Another element's properties: see gstproxiedproperties.h. */

#include "gst/live/gstproxiedproperties.h"

/* Returns: (nullable) (transfer full): the class of an element, without a
 * word of its headers. */
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

/* A property of our own with the words and limits of another's: a GParamSpec
 * serves one class only. */
static GParamSpec *
copy_spec (GParamSpec *spec)
{
  const gchar *name = spec->name;
  const gchar *nick = g_param_spec_get_nick (spec);
  const gchar *blurb = g_param_spec_get_blurb (spec);

  if (G_IS_PARAM_SPEC_UINT (spec)) {
    GParamSpecUInt *of = G_PARAM_SPEC_UINT (spec);

    return g_param_spec_uint (name, nick, blurb, of->minimum, of->maximum,
        of->default_value, spec->flags);
  }
  if (G_IS_PARAM_SPEC_UINT64 (spec)) {
    GParamSpecUInt64 *of = G_PARAM_SPEC_UINT64 (spec);

    return g_param_spec_uint64 (name, nick, blurb, of->minimum, of->maximum,
        of->default_value, spec->flags);
  }
  if (G_IS_PARAM_SPEC_STRING (spec))
    return g_param_spec_string (name, nick, blurb,
        G_PARAM_SPEC_STRING (spec)->default_value, spec->flags);
  if (G_IS_PARAM_SPEC_BOOLEAN (spec))
    return g_param_spec_boolean (name, nick, blurb,
        G_PARAM_SPEC_BOOLEAN (spec)->default_value, spec->flags);
  /* Works alike, but isn't listed by gst-inspect. */
  return g_param_spec_override (name, spec);
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
    if (specs[i]->owner_type == G_OBJECT_CLASS_TYPE (other))
      g_object_class_install_property (klass, id++, copy_spec (specs[i]));
  }
  g_type_class_unref (other);
}
