/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An element's properties as a table: see gstsettings.h. */

#include "gst/settings/gstsettings.h"

#include "gst/settings/gsttextlist.h"

static gboolean
has_member (const GstSetting *row)
{
  return (row->flags & G_PARAM_WRITABLE) != 0;
}

static gboolean
is_owned_string (const GstSetting *row)
{
  return row->kind == GST_SETTING_STRING && has_member (row);
}

static gchar **
string_at (gpointer settings, const GstSetting *row)
{
  return G_STRUCT_MEMBER_P (settings, row->offset);
}

static void
set_default (gpointer settings, const GstSetting *row)
{
  gpointer member = G_STRUCT_MEMBER_P (settings, row->offset);

  switch (row->kind) {
    case GST_SETTING_STRING:
      *(gchar **) member = g_strdup (row->default_text);
      return;
    case GST_SETTING_LIST:
      /* The value is set by the other row. */
      return;
    case GST_SETTING_UINT64:
      *(guint64 *) member = row->default_value;
      return;
    case GST_SETTING_UINT:
    case GST_SETTING_BOOLEAN:
    case GST_SETTING_ENUM:
      g_atomic_int_set ((gint *) member, (gint) row->default_value);
      return;
  }
  g_assert_not_reached ();
}

void
gst_settings_init (gpointer settings, const GstSetting *table)
{
  for (const GstSetting *row = table; row->name != NULL; row++)
    if (has_member (row))
      set_default (settings, row);
}

void
gst_settings_clear (gpointer settings, const GstSetting *table)
{
  for (const GstSetting *row = table; row->name != NULL; row++)
    if (is_owned_string (row))
      g_clear_pointer (string_at (settings, row), g_free);
}

void
gst_settings_dup_strings (gpointer settings, const GstSetting *table)
{
  for (const GstSetting *row = table; row->name != NULL; row++)
    if (is_owned_string (row))
      *string_at (settings, row) = g_strdup (*string_at (settings, row));
}

static GParamSpec *
list_spec_new (const GstSetting *row)
{
  return gst_param_spec_array (row->name, row->nick, row->blurb,
      g_param_spec_string ("text", "Text", "An item of the list", NULL,
          row->flags),
      row->flags);
}

static GParamSpec *
param_spec_new (const GstSetting *row)
{
  if (row->param_spec_new != NULL)
    return row->param_spec_new ();
  switch (row->kind) {
    case GST_SETTING_STRING:
      return g_param_spec_string (row->name, row->nick, row->blurb,
          row->default_text, row->flags);
    case GST_SETTING_UINT:
      return g_param_spec_uint (row->name, row->nick, row->blurb, row->min,
          row->max, row->default_value, row->flags);
    case GST_SETTING_UINT64:
      return g_param_spec_uint64 (row->name, row->nick, row->blurb, row->min,
          row->max, row->default_value, row->flags);
    case GST_SETTING_BOOLEAN:
      return g_param_spec_boolean (row->name, row->nick, row->blurb,
          row->default_value, row->flags);
    case GST_SETTING_ENUM:
      return g_param_spec_enum (row->name, row->nick, row->blurb,
          row->enum_type (), row->default_value, row->flags);
    case GST_SETTING_LIST:
      return list_spec_new (row);
  }
  g_assert_not_reached ();
}

guint
gst_settings_install (GObjectClass *klass, const GstSetting *table,
    guint first_id)
{
  guint id = first_id;

  for (const GstSetting *row = table; row->name != NULL; row++)
    g_object_class_install_property (klass, id++, param_spec_new (row));
  return id;
}

const GstSetting *
gst_settings_find (const GstSetting *table, guint first_id, guint id)
{
  for (const GstSetting *row = table; row->name != NULL; row++)
    if (id == first_id++)
      return row;
  return NULL;
}

void
gst_settings_set (gpointer settings, const GstSetting *row, const GValue *value)
{
  gpointer member = G_STRUCT_MEMBER_P (settings, row->offset);

  g_assert (has_member (row));
  switch (row->kind) {
    case GST_SETTING_STRING:
      g_free (*(gchar **) member);
      *(gchar **) member = g_value_dup_string (value);
      return;
    case GST_SETTING_UINT:
      g_atomic_int_set ((gint *) member, (gint) g_value_get_uint (value));
      return;
    case GST_SETTING_UINT64:
      *(guint64 *) member = g_value_get_uint64 (value);
      return;
    case GST_SETTING_BOOLEAN:
      g_atomic_int_set ((gint *) member, g_value_get_boolean (value));
      return;
    case GST_SETTING_ENUM:
      g_atomic_int_set ((gint *) member, g_value_get_enum (value));
      return;
    case GST_SETTING_LIST:
      g_free (*(gchar **) member);
      *(gchar **) member = gst_text_list_join (value);
      return;
  }
  g_assert_not_reached ();
}

void
gst_settings_get (gconstpointer settings, const GstSetting *row, GValue *value)
{
  gconstpointer member = G_STRUCT_MEMBER_P (settings, row->offset);

  g_assert (has_member (row));
  switch (row->kind) {
    case GST_SETTING_STRING:
      g_value_set_string (value, *(gchar *const *) member);
      return;
    case GST_SETTING_UINT:
      g_value_set_uint (value, (guint) g_atomic_int_get ((gint *) member));
      return;
    case GST_SETTING_UINT64:
      g_value_set_uint64 (value, *(const guint64 *) member);
      return;
    case GST_SETTING_BOOLEAN:
      g_value_set_boolean (value, g_atomic_int_get ((gint *) member));
      return;
    case GST_SETTING_ENUM:
      g_value_set_enum (value, g_atomic_int_get ((gint *) member));
      return;
    case GST_SETTING_LIST:
      gst_text_list_split (*(gchar *const *) member, value);
      return;
  }
  g_assert_not_reached ();
}
