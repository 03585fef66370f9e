/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Paths of recordings: see location.h. */

#include "gst/record/location.h"

#include <string.h>

#define FNV_OFFSET 2166136261u
#define FNV_PRIME 16777619u
/* "~" and 8 digits. */
#define HASH_BYTES 9

const gchar *
record_location_check (const gchar *location)
{
  gsize size = strlen (location);

  if (size == 0)
    return "it is empty";
  if (size > RECORD_LOCATION_MAX_BYTES)
    return "it is too long";
  if (location[size - 1] == '/')
    return "it ends with a slash, so that the file has no name";
  for (const gchar *at = location; *at != '\0'; at++) {
    if (g_ascii_iscntrl (*at))
      return "it contains a control character";
    if (*at != '%')
      continue;
    at++;
    if (*at == '\0' || strchr ("akYmdHMS%", *at) == NULL)
      return "only %a, %k, %Y, %m, %d, %H, %M, %S and %% may follow a per cent "
             "sign";
  }
  return NULL;
}

static gboolean
is_plain (gchar c, gboolean is_first)
{
  if (c == '-' || c == '.')
    return !is_first;
  return g_ascii_isalnum (c) || c == '_';
}

/* Appends the character at @at, or its first byte. Returns what follows. */
static const gchar *
append_character (GString *out, const gchar *at, const gchar *end,
    gboolean is_first)
{
  gunichar character = g_utf8_get_char_validated (at, end - at);
  const gchar *next = at + 1;

  if (character != (gunichar) -1 && character != (gunichar) -2)
    next = g_utf8_next_char (at);
  if (next > at + 1 ? g_unichar_isprint (character) : is_plain (*at, is_first))
    g_string_append_len (out, at, next - at);
  else
    for (const gchar *byte = at; byte < next; byte++)
      g_string_append_printf (out, "%%%02X", (guint8) *byte);
  return next;
}

/* FNV-1a. */
static guint32
hash_of (const gchar *name, const gchar *end)
{
  guint32 hash = FNV_OFFSET;

  for (; name < end; name++)
    hash = (hash ^ (guint8) *name) * FNV_PRIME;
  return hash;
}

/* Nothing is cut in two: neither a character nor %XX. */
static void
append_name (GString *out, const gchar *name, const gchar *end)
{
  gsize start = out->len, last = out->len;

  if (name == end)
    g_string_append_c (out, '_');
  for (const gchar *at = name; at < end;) {
    at = append_character (out, at, end, at == name);
    if (out->len - start > RECORD_LOCATION_MAX_NAME_BYTES) {
      g_string_truncate (out, last);
      g_string_append_printf (out, "~%08x", hash_of (name, end));
      return;
    }
    if (out->len - start <= RECORD_LOCATION_MAX_NAME_BYTES - HASH_BYTES)
      last = out->len;
  }
}

static void
append_number (GString *out, gint number, gint n_digits)
{
  g_string_append_printf (out, "%0*d", n_digits, number);
}

static void
append_field (GString *out, gchar field, const gchar *stream, GDateTime *now)
{
  const gchar *slash = strchr (stream, '/');
  const gchar *end = stream + strlen (stream);

  switch (field) {
    case 'a':
      append_name (out, stream, slash != NULL ? slash : stream);
      return;
    case 'k':
      append_name (out, slash != NULL ? slash + 1 : stream, end);
      return;
    case 'Y':
      append_number (out, g_date_time_get_year (now), 4);
      return;
    case 'm':
      append_number (out, g_date_time_get_month (now), 2);
      return;
    case 'd':
      append_number (out, g_date_time_get_day_of_month (now), 2);
      return;
    case 'H':
      append_number (out, g_date_time_get_hour (now), 2);
      return;
    case 'M':
      append_number (out, g_date_time_get_minute (now), 2);
      return;
    case 'S':
      append_number (out, g_date_time_get_second (now), 2);
      return;
  }
  g_string_append_c (out, '%');
}

gchar *
record_location_expand (const gchar *location, const gchar *stream,
    GDateTime *now)
{
  GString *out = g_string_new (NULL);

  g_assert (record_location_check (location) == NULL);
  for (const gchar *at = location; *at != '\0'; at++) {
    if (*at == '%')
      append_field (out, *++at, stream, now);
    else
      g_string_append_c (out, *at);
  }
  return g_string_free (out, FALSE);
}

gchar *
record_location_number (const gchar *path, guint number)
{
  const gchar *slash = strrchr (path, '/');
  const gchar *name = slash != NULL ? slash + 1 : path;
  const gchar *dot = strrchr (name, '.');

  if (dot == NULL || dot == name)
    return g_strdup_printf ("%s-%u", path, number);
  return g_strdup_printf ("%.*s-%u%s", (int) (dot - path), path, number, dot);
}
