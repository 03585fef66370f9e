/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The grades of encoders: see gstgrades.h. */

#include "pipelines/gstgrades.h"

static void
add_publisher (JsonObject *grades, const GValue *publisher)
{
  const GstStructure *s = gst_value_get_structure (publisher);
  const gchar *stream = gst_structure_get_string (s, "stream-name");
  const gchar *grade = gst_structure_get_string (s, "grade");

  if (stream != NULL && grade != NULL)
    json_object_set_string_member (grades, stream, grade);
}

/* Of an element that has publishers in its statistics. */
static void
add_element (const GValue *item, gpointer user_data)
{
  GObject *element = g_value_get_object (item);
  GParamSpec *pspec =
      g_object_class_find_property (G_OBJECT_GET_CLASS (element), "stats");
  g_autoptr (GstStructure) stats = NULL;
  const GValue *list;

  if (pspec == NULL || pspec->value_type != GST_TYPE_STRUCTURE)
    return;
  g_object_get (element, "stats", &stats, NULL);
  list = stats != NULL ? gst_structure_get_value (stats, "publishers") : NULL;
  if (list == NULL || !GST_VALUE_HOLDS_LIST (list))
    return;
  for (guint i = 0; i < gst_value_list_get_size (list); i++)
    add_publisher (user_data, gst_value_list_get_value (list, i));
}

JsonObject *
gst_grades_read (GstBin *bin)
{
  g_autoptr (JsonObject) grades = json_object_new ();
  GstIterator *elements = gst_bin_iterate_elements (bin);

  gst_iterator_foreach (elements, add_element, grades);
  gst_iterator_free (elements);
  return json_object_get_size (grades) > 0 ? g_steal_pointer (&grades) : NULL;
}
