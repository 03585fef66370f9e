/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Checks the values of a .launch file: see gstsetting.h. */

#include "pipelines/gstsetting.h"

#include "pipelines/duration.h"
#include "pipelines/printable.h"

#include <gio/gio.h>
#include <gst/gst.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* The maximum length of a value in an error message. */
#define SHOWN_CHARACTERS 64

/* The allowed integers; in units of @unit_ns if that is not 0. */
typedef struct
{
  gint64 min;
  guint64 max;
  guint64 unit_ns;
} Range;

static gchar *
reject (const gchar *value, const gchar *what, const gchar *allowed,
    GError **error)
{
  g_autofree gchar *shown = printable_from (value, SHOWN_CHARACTERS);

  g_set_error (error, LAUNCHFILE_ERROR, LAUNCHFILE_ERROR_VALUE,
      "\"%s\" is %s; %s", shown, what, allowed);
  return NULL;
}

/* Returns: (nullable) (transfer full): the property that the setting is for. */
static GParamSpec *
find_property (const LaunchfileSetting *setting)
{
  g_autoptr (GstElementFactory) factory = NULL;
  g_autoptr (GstPluginFeature) loaded = NULL;
  GParamSpec *spec;
  GObjectClass *klass;

  if (setting->element == NULL || setting->property == NULL)
    return NULL;
  factory = gst_element_factory_find (setting->element);
  if (factory != NULL)
    loaded = gst_plugin_feature_load (GST_PLUGIN_FEATURE (factory));
  if (loaded == NULL)
    return NULL;
  klass = g_type_class_ref (
      gst_element_factory_get_element_type (GST_ELEMENT_FACTORY (loaded)));
  spec = g_object_class_find_property (klass, setting->property);
  if (spec != NULL)
    g_param_spec_ref (spec);
  g_type_class_unref (klass);
  return spec;
}

/* Returns FALSE if the property is not an integer. */
static gboolean
range_of (GParamSpec *spec, Range *range)
{
  if (G_IS_PARAM_SPEC_UINT (spec)) {
    range->min = G_PARAM_SPEC_UINT (spec)->minimum;
    range->max = G_PARAM_SPEC_UINT (spec)->maximum;
  } else if (G_IS_PARAM_SPEC_INT (spec)) {
    range->min = G_PARAM_SPEC_INT (spec)->minimum;
    range->max = MAX (0, G_PARAM_SPEC_INT (spec)->maximum);
  } else if (G_IS_PARAM_SPEC_UINT64 (spec)) {
    range->min = MIN (G_PARAM_SPEC_UINT64 (spec)->minimum, G_MAXINT64);
    range->max = G_PARAM_SPEC_UINT64 (spec)->maximum;
  } else if (G_IS_PARAM_SPEC_INT64 (spec)) {
    range->min = G_PARAM_SPEC_INT64 (spec)->minimum;
    range->max = MAX (0, G_PARAM_SPEC_INT64 (spec)->maximum);
  } else {
    return FALSE;
  }
  return TRUE;
}

static gchar *
range_text (const Range *range)
{
  g_autofree gchar *min = NULL, *max = NULL;

  if (range->unit_ns == 0)
    return g_strdup_printf ("%" G_GINT64_FORMAT " to %" G_GUINT64_FORMAT
                            " is allowed",
        range->min, range->max);
  min = duration_to_text (range->min * range->unit_ns);
  max = duration_to_text (range->max * range->unit_ns);
  return g_strdup_printf ("%s to %s is allowed, as in 1.5s or 200ms", min, max);
}

/* Returns: (nullable) (transfer full): the number of units. */
static gchar *
check_time (const gchar *value, const Range *range, GError **error)
{
  g_autofree gchar *allowed = range_text (range);
  guint64 time_ns, units;

  if (!duration_from_text (value, &time_ns))
    return reject (value, "no time", allowed, error);
  units = time_ns / range->unit_ns;
  if (time_ns % range->unit_ns != 0 || units > range->max ||
      units < (guint64) MAX (0, range->min))
    return reject (value, "out of range", allowed, error);
  return g_strdup_printf ("%" G_GUINT64_FORMAT, units);
}

static gchar *
check_number (const gchar *value, const Range *range, GError **error)
{
  g_autofree gchar *allowed = range_text (range);
  const gchar *digits = value + (*value == '-');
  gint64 number;

  if (*digits == '\0' || digits[strspn (digits, "0123456789")] != '\0')
    return reject (value, "not a whole number", allowed, error);
  if (!g_ascii_string_to_signed (value, 10, range->min,
          MIN (range->max, G_MAXINT64), &number, NULL))
    return reject (value, "out of range", allowed, error);
  return g_strdup_printf ("%" G_GINT64_FORMAT, number);
}

/* An enum member by its name, optionally followed by @unit: 20ms. */
static gchar *
check_member (const gchar *value, GParamSpec *spec, const gchar *unit,
    GError **error)
{
  GEnumClass *members = G_PARAM_SPEC_ENUM (spec)->enum_class;
  g_autoptr (GString) allowed = g_string_new (NULL);

  for (guint i = 0; i < members->n_values; i++) {
    const gchar *name = members->values[i].value_nick;
    g_autofree gchar *with_unit = g_strconcat (name, unit, NULL);

    if (strcmp (name, value) == 0 || strcmp (with_unit, value) == 0)
      return g_strdup (name);
    g_string_append_printf (allowed, "%s%s", i == 0 ? "" : ", ", with_unit);
  }
  g_string_append (allowed,
      members->n_values == 1 ? " is allowed" : " are allowed");
  return reject (value, "unknown", allowed->str, error);
}

static gchar *
check_boolean (const gchar *value, GError **error)
{
  if (strcmp (value, "true") == 0 || strcmp (value, "false") == 0)
    return g_strdup (value);
  return reject (value, "neither true nor false", "only these are allowed",
      error);
}

static gchar *
check_fraction (const gchar *value, gdouble min, gdouble max, GError **error)
{
  g_autofree gchar *allowed = g_strdup_printf ("%g to %g is allowed", min, max);
  gchar *end;
  gdouble number = g_ascii_strtod (value, &end);

  if (*value == '\0' || *end != '\0' || isnan (number))
    return reject (value, "not a number", allowed, error);
  if (number < min || number > max)
    return reject (value, "out of range", allowed, error);
  return g_strdup (value);
}

static gchar *
check_property (const gchar *value, GParamSpec *spec, const gchar *unit,
    GError **error)
{
  Range range = { 0 };

  if (G_IS_PARAM_SPEC_ENUM (spec))
    return check_member (value, spec, unit, error);
  if (G_IS_PARAM_SPEC_BOOLEAN (spec))
    return check_boolean (value, error);
  if (range_of (spec, &range))
    return check_number (value, &range, error);
  if (G_IS_PARAM_SPEC_DOUBLE (spec))
    return check_fraction (value, G_PARAM_SPEC_DOUBLE (spec)->minimum,
        G_PARAM_SPEC_DOUBLE (spec)->maximum, error);
  if (G_IS_PARAM_SPEC_FLOAT (spec))
    return check_fraction (value, G_PARAM_SPEC_FLOAT (spec)->minimum,
        G_PARAM_SPEC_FLOAT (spec)->maximum, error);
  return g_strdup (value);
}

static gchar *
check_addresses (const gchar *value, guint limit, GError **error)
{
  g_auto (GStrv) each = g_strsplit_set (value, ", ", -1);
  guint n = 0;

  for (guint i = 0; each[i] != NULL; i++) {
    g_autoptr (GInetAddress) address = NULL;

    if (*each[i] == '\0')
      continue;
    address = g_inet_address_new_from_string (each[i]);
    if (address == NULL || ++n > limit)
      return reject (value,
          limit == 1 ? "not an IP address" : "not IP addresses",
          "192.0.2.7 or 2001:db8::7 is one, and :: means any", error);
  }
  return g_strdup (value);
}

static gchar *
check_file (const gchar *value, GError **error)
{
  g_autofree gchar *shown = printable_from (value, SHOWN_CHARACTERS);
  g_autoptr (GFile) file = g_file_new_for_path (value);
  g_autoptr (GFileInputStream) input = g_file_read (file, NULL, error);

  if (input != NULL)
    return g_strdup (value);
  g_prefix_error (error, "\"%s\" can't be read: ", shown);
  return NULL;
}

static gchar *
check_http (const gchar *value, GError **error)
{
  g_autoptr (GUri) uri = g_uri_parse (value, G_URI_FLAGS_NONE, NULL);
  const gchar *host = uri != NULL ? g_uri_get_host (uri) : NULL;

  if (host == NULL || *host == '\0' ||
      (strcmp (g_uri_get_scheme (uri), "http") != 0 &&
          strcmp (g_uri_get_scheme (uri), "https") != 0))
    return reject (value, "not an HTTP address",
        "http://HOST/PATH or https://HOST/PATH is allowed", error);
  return g_strdup (value);
}

/* Returns: 0 if it is not a unit of time. */
static guint64
unit_of (const gchar *kind)
{
  if (strcmp (kind, "s") == 0)
    return GST_SECOND;
  if (strcmp (kind, "ms") == 0)
    return GST_MSECOND;
  return strcmp (kind, "ns") == 0 ? 1 : 0;
}

static gchar *
check_kind (const LaunchfileSetting *setting, GParamSpec *spec,
    const gchar *value, GError **error)
{
  const gchar *kind = setting->kind;
  Range range = { .unit_ns = unit_of (kind) };
  gint min, max;

  /* The element is missing; creating it will report that. */
  if (range.unit_ns != 0 && spec == NULL)
    return g_strdup (value);
  if (range.unit_ns != 0 && G_IS_PARAM_SPEC_ENUM (spec))
    return check_member (value, spec, kind, error);
  if (range.unit_ns != 0 && range_of (spec, &range))
    return check_time (value, &range, error);
  if (sscanf (kind, "%d..%d", &min, &max) == 2) {
    range = (Range){ .min = min, .max = MAX (0, max) };
    return check_number (value, &range, error);
  }
  if (strcmp (kind, "ip") == 0)
    return check_addresses (value, 1, error);
  if (strcmp (kind, "ips") == 0)
    return check_addresses (value, G_MAXUINT, error);
  if (strcmp (kind, "file") == 0)
    return check_file (value, error);
  if (strcmp (kind, "http") == 0)
    return check_http (value, error);
  g_set_error (error, LAUNCHFILE_ERROR, LAUNCHFILE_ERROR_SYNTAX,
      "unknown kind of value \"%s\"", kind);
  return NULL;
}

gchar *
gst_setting_check (const LaunchfileSetting *setting, const gchar *value,
    GError **error)
{
  g_autoptr (GParamSpec) spec = find_property (setting);

  /* An empty value is allowed where the default is empty. */
  if (*value == '\0' && g_strcmp0 (setting->fallback, "") == 0)
    return g_strdup (value);
  if (*value == '\0') {
    g_set_error (error, LAUNCHFILE_ERROR, LAUNCHFILE_ERROR_VALUE,
        "it needs a value");
    return NULL;
  }
  if (setting->kind != NULL)
    return check_kind (setting, spec, value, error);
  return spec != NULL ? check_property (value, spec, "", error)
                      : g_strdup (value);
}
