/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A list of texts: see gsttextlist.h. */

#include "gst/settings/gsttextlist.h"

#include <string.h>

#define SEPARATORS ", \t\r\n"

static void
append (GString *list, const gchar *text)
{
  if (list->len > 0)
    g_string_append_c (list, ',');
  for (const gchar *c = text; *c != '\0'; c++) {
    if (strchr (SEPARATORS, *c) != NULL)
      g_string_append_printf (list, "%%%02X", *c);
    else
      g_string_append_c (list, *c);
  }
}

gchar *
gst_text_list_join (const GValue *array)
{
  GString *list = g_string_new (NULL);

  for (guint i = 0; i < gst_value_array_get_size (array); i++) {
    const gchar *text =
        g_value_get_string (gst_value_array_get_value (array, i));

    if (text != NULL && *text != '\0')
      append (list, text);
  }
  return g_string_free (list, list->len == 0);
}

void
gst_text_list_split (const gchar *text, GValue *array)
{
  g_auto (GStrv) words =
      g_strsplit_set (text != NULL ? text : "", SEPARATORS, -1);

  g_value_reset (array);
  for (guint i = 0; words[i] != NULL; i++) {
    GValue item = G_VALUE_INIT;

    if (*words[i] == '\0')
      continue;
    g_value_init (&item, G_TYPE_STRING);
    g_value_set_string (&item, words[i]);
    gst_value_array_append_and_take_value (array, &item);
  }
}
