/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An element's properties as a table: each row describes a property and names
 * the member of a struct that holds its value.
 *
 * The element embeds the struct, installs the table in class_init and passes
 * each value on; while doing so, it holds its object lock, or the lock that
 * guards the struct. */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

typedef enum
{
  GST_SETTING_STRING,  /* a gchar *, which is owned */
  GST_SETTING_UINT,    /* a guint */
  GST_SETTING_UINT64,  /* a guint64 */
  GST_SETTING_BOOLEAN, /* a gboolean */
  GST_SETTING_ENUM,    /* a gint */
  /* The same member as a STRING of another row that lists texts: a
   * GST_TYPE_ARRAY of them. */
  GST_SETTING_LIST,
} GstSettingKind;

/* The flags of a row. */
#define GST_SETTING_READY                                                      \
  (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_READY)
#define GST_SETTING_PLAYING                                                    \
  (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_PLAYING)
/* A read-only value of the element, which is not a setting and has no member.
 */
#define GST_SETTING_STATE (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS)

typedef struct
{
  const gchar *name;
  GstSettingKind kind;
  gsize offset; /* of the member */
  GParamFlags flags;
  guint64 min, max;          /* of UINT and UINT64 */
  guint64 default_value;     /* of all but STRING and LIST */
  const gchar *default_text; /* of STRING; nullable */
  GType (*enum_type) (void); /* of ENUM */
  const gchar *nick, *blurb;
  /* Nullable: creates the property, of the same name and kind, which replaces
   * all of these fields but the default. */
  GParamSpec *(*param_spec_new) (void);
} GstSetting;

/* A table ends with a row without a name. */

/* Sets the defaults; members that are in no row stay as they are. */
void gst_settings_init (gpointer settings, const GstSetting *table);
/* Frees the strings. */
void gst_settings_clear (gpointer settings, const GstSetting *table);
/* To be called on a plain copy of a struct: replaces its strings with copies.
 */
void gst_settings_dup_strings (gpointer settings, const GstSetting *table);

/* The first row's property has the ID @first_id, and those of the other rows
 * follow. Returns: the ID after the last one. */
guint gst_settings_install (GObjectClass *klass, const GstSetting *table,
    guint first_id);
/* Returns: (nullable): the row of the property. */
const GstSetting *gst_settings_find (const GstSetting *table, guint first_id,
    guint id);

/* Integers of 32 bits are read and written atomically, so that an element may
 * read them without a lock. */
void gst_settings_set (gpointer settings, const GstSetting *row,
    const GValue *value);
void gst_settings_get (gconstpointer settings, const GstSetting *row,
    GValue *value);

G_END_DECLS
