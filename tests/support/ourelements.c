/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The plugin's elements: see ourelements.h. */

#include "tests/support/ourelements.h"

#include <gst/check/gstcheck.h>

static gboolean
is_ours (GstPluginFeature *feature, gpointer user_data)
{
  return GST_IS_ELEMENT_FACTORY (feature) &&
      g_strcmp0 (gst_plugin_feature_get_plugin_name (feature), "rtmpwebrtc") ==
      0;
}

GList *
our_elements_list (void)
{
  GList *ours =
      gst_registry_feature_filter (gst_registry_get (), is_ours, FALSE, NULL);

  ck_assert (ours != NULL);
  return ours;
}
