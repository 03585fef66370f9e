/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A .launch file: see launchfile.h. */

#include "pipelines/launchfile.h"

#include <string.h>

/* Beside letters and digits: what is no syntax to gst-launch, within caps
 * neither, and is taken as it stands by every type of property. */
#define PLAIN "-_./@%+~"
/* These are plain in the middle of a value alone: a link, a URI's port. */
#define PLAIN_WITHIN ":?&"

G_DEFINE_QUARK (launchfile - error - quark, launchfile_error);

typedef struct
{
  const gchar *at;
  guint line;
  guint n_placeholders;
  gchar quote; /* that is open; 0: none */
  /* Of the word that was begun. */
  gboolean is_in_word;
  gboolean has_assignment; /* it has a "=" */
  gboolean is_value_empty; /* and nothing came behind that yet */
  GString *out;
  LaunchfileLookup lookup;
  gpointer user_data;
} Reader;

static gboolean
is_plain (const gchar *value)
{
  for (const gchar *c = value; *c != '\0'; c++) {
    gboolean is_end = c == value || c[1] == '\0';

    if (g_ascii_isalnum (*c) || strchr (PLAIN, *c) != NULL)
      continue;
    if (is_end || strchr (PLAIN_WITHIN, *c) == NULL)
      return FALSE;
  }
  return *value != '\0';
}

/* gst-launch's own quotes can't hold a backslash at their end. What it leaves
 * alone is a word without blanks that GStreamer then reads as a string in
 * quotes, each odd byte as three octal digits (see gst_value_deserialize()). */
static void
append_wrapped (GString *out, const gchar *value)
{
  g_string_append (out, "\\\"");
  for (const guint8 *c = (const guint8 *) value; *c != '\0'; c++) {
    if (g_ascii_isalnum (*c))
      g_string_append_c (out, *c);
    else
      g_string_append_printf (out, "\\\\%03o", *c);
  }
  g_string_append (out, "\\\"");
}

static gboolean
ends_value (gchar c)
{
  return c == '\0' || g_ascii_isspace (c);
}

static gboolean
append_value (Reader *self, const gchar *name, const gchar *value,
    GError **error)
{
  gboolean is_whole =
      self->quote == 0 && self->is_value_empty && ends_value (*self->at);

  if (strlen (value) > LAUNCHFILE_MAX_VALUE ||
      !g_utf8_validate (value, -1, NULL)) {
    g_set_error (error, LAUNCHFILE_ERROR, LAUNCHFILE_ERROR_VALUE,
        "Line %u: the value of %s is too long, or is not UTF-8.", self->line,
        name);
    return FALSE;
  }
  if (is_plain (value)) {
    g_string_append (self->out, value);
  } else if (is_whole) {
    append_wrapped (self->out, value);
  } else if (*value != '\0') {
    g_set_error (error, LAUNCHFILE_ERROR, LAUNCHFILE_ERROR_VALUE,
        "Line %u: the value of %s has characters that can't be a part of "
        "another value.",
        self->line, name);
    return FALSE;
  }
  self->is_value_empty = FALSE;
  return TRUE;
}

static gboolean
is_name (const gchar *name)
{
  if (!g_ascii_isalpha (*name) && *name != '_')
    return FALSE;
  for (; *name != '\0'; name++)
    if (!g_ascii_isalnum (*name) && *name != '_')
      return FALSE;
  return TRUE;
}

static void
set_syntax_error (const Reader *self, const gchar *what, GError **error)
{
  g_set_error (error, LAUNCHFILE_ERROR, LAUNCHFILE_ERROR_SYNTAX, "Line %u: %s.",
      self->line, what);
}

static gboolean
substitute (Reader *self, const gchar *name, const gchar *fallback,
    GError **error)
{
  const gchar *value = self->lookup (name, self->user_data);

  if (value == NULL)
    value = fallback;
  if (value == NULL) {
    g_set_error (error, LAUNCHFILE_ERROR, LAUNCHFILE_ERROR_MISSING,
        "Line %u: %s has no value; say %s=VALUE.", self->line, name, name);
    return FALSE;
  }
  return append_value (self, name, value, error);
}

/* At "${". */
static gboolean
read_placeholder (Reader *self, GError **error)
{
  const gchar *start = self->at + 2;
  const gchar *end = strpbrk (start, "}\n");
  g_autofree gchar *inner = NULL;
  gchar *fallback;

  if (!self->has_assignment) {
    set_syntax_error (self, "a placeholder belongs behind a \"=\"", error);
    return FALSE;
  }
  if (++self->n_placeholders > LAUNCHFILE_MAX_PLACEHOLDERS) {
    set_syntax_error (self, "too many placeholders", error);
    return FALSE;
  }
  if (end == NULL || *end != '}') {
    set_syntax_error (self, "a placeholder without its \"}\"", error);
    return FALSE;
  }
  inner = g_strndup (start, end - start);
  fallback = strstr (inner, ":-");
  if (fallback != NULL) {
    *fallback = '\0';
    fallback += strlen (":-");
  }
  if (!is_name (inner)) {
    set_syntax_error (self, "a placeholder is ${NAME} or ${NAME:-default}",
        error);
    return FALSE;
  }
  self->at = end + 1;
  return substitute (self, inner, fallback, error);
}

static void
skip_comment (Reader *self)
{
  self->at += strcspn (self->at, "\n");
}

static void
copy (Reader *self)
{
  gchar c = *self->at++;

  g_string_append_c (self->out, c);
  if (c == '\n')
    self->line++;
  if (self->quote != 0) {
    if (c == self->quote)
      self->quote = 0;
  } else if (g_ascii_isspace (c)) {
    self->is_in_word = FALSE;
    self->has_assignment = FALSE;
    return;
  } else if (c == '"' || c == '\'') {
    self->quote = c;
  }
  self->is_in_word = TRUE;
  self->is_value_empty = c == '=' && !self->has_assignment;
  self->has_assignment |= c == '=';
}

static gboolean
read_all (Reader *self, GError **error)
{
  while (*self->at != '\0') {
    if (*self->at == '#' && !self->is_in_word && self->quote == 0)
      skip_comment (self);
    else if (!g_str_has_prefix (self->at, "${"))
      copy (self);
    else if (!read_placeholder (self, error))
      return FALSE;
  }
  if (self->quote != 0) {
    set_syntax_error (self, "a quote without its end", error);
    return FALSE;
  }
  return TRUE;
}

gchar *
launchfile_expand (const gchar *text, LaunchfileLookup lookup,
    gpointer user_data, GError **error)
{
  Reader reader = {
    .at = text,
    .line = 1,
    .lookup = lookup,
    .user_data = user_data,
  };

  if (strlen (text) > LAUNCHFILE_MAX_BYTES ||
      !g_utf8_validate (text, -1, NULL)) {
    g_set_error (error, LAUNCHFILE_ERROR, LAUNCHFILE_ERROR_SYNTAX,
        "The file is too long, or is not UTF-8.");
    return NULL;
  }
  reader.out = g_string_new (NULL);
  if (!read_all (&reader, error)) {
    g_string_free (reader.out, TRUE);
    return NULL;
  }
  return g_string_free (reader.out, FALSE);
}
