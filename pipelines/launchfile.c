/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Parses .launch files: see launchfile.h. */

#include "pipelines/launchfile.h"

#include <string.h>

/* Besides letters and digits, the characters that are not syntax to gst-launch,
 * nor within caps, and that every type of property accepts as they are. */
#define PLAIN "-_./@%+~"
/* These are plain only within a value: at either end they would be a link, or a
 * URI's port. */
#define PLAIN_WITHIN ":?&"

G_DEFINE_QUARK (launchfile - error - quark, launchfile_error);

typedef struct
{
  const gchar *at;
  guint line;
  guint n_placeholders;
  gchar quote; /* that is open; 0: none */
  /* Of the current word. */
  gboolean is_in_word;
  gboolean has_assignment; /* it has a "=" */
  gboolean is_value_empty; /* and nothing after that yet */
  const gchar *word;
  GString *comment; /* directly above; empty after a word or a blank line */
  gchar *element;   /* nullable: the factory of the last element */
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

/* gst-launch's own quotes cannot contain a backslash at their end. So this
 * writes a word without blanks that gst-launch leaves alone, and that GStreamer
 * then parses as a quoted string, with each special byte as three octal digits
 * (see gst_value_deserialize()). */
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

/* Returns whether a placeholder that ends here is the whole value. */
static gboolean
is_whole (const Reader *self)
{
  return self->quote == 0 && self->is_value_empty && ends_value (*self->at);
}

static gboolean
append_value (Reader *self, const gchar *name, const gchar *value,
    GError **error)
{
  if (strlen (value) > LAUNCHFILE_MAX_VALUE ||
      !g_utf8_validate (value, -1, NULL)) {
    g_set_error (error, LAUNCHFILE_ERROR, LAUNCHFILE_ERROR_VALUE,
        "Line %u: the value of %s is too long, or is not UTF-8.", self->line,
        name);
    return FALSE;
  }
  if (is_plain (value)) {
    g_string_append (self->out, value);
  } else if (is_whole (self)) {
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

/* The letters, digits and hyphens before the "=", if the placeholder is the
 * whole value.
 *
 * Returns: (nullable) */
static gchar *
dup_property (const Reader *self)
{
  gsize size = strcspn (self->word, "=");

  if (!is_whole (self))
    return NULL;
  for (gsize i = 0; i < size; i++)
    if (!g_ascii_isalnum (self->word[i]) && self->word[i] != '-')
      return NULL;
  return g_strndup (self->word, size);
}

/* "--NAME: help" */
static void
take_comment (Reader *self, LaunchfileSetting *setting)
{
  gchar *colon = strstr (self->comment->str, ": ");

  if (!g_str_has_prefix (self->comment->str, "--") || colon == NULL)
    return;
  setting->option =
      g_strndup (self->comment->str + 2, colon - self->comment->str - 2);
  setting->help = g_strdup (colon + 2);
  g_string_truncate (self->comment, 0);
}

static gboolean
substitute (Reader *self, LaunchfileSetting *setting, GError **error)
{
  GError *own_error = NULL;
  g_autofree gchar *value = NULL;

  setting->element = g_strdup (self->element);
  setting->property = dup_property (self);
  take_comment (self, setting);
  value = self->lookup (setting, self->user_data, &own_error);
  if (own_error != NULL) {
    g_propagate_error (error, own_error);
    return FALSE;
  }
  if (value == NULL) {
    g_set_error (error, LAUNCHFILE_ERROR, LAUNCHFILE_ERROR_MISSING,
        "Line %u: %s has no value; set %s=VALUE.", self->line, setting->name,
        setting->name);
    return FALSE;
  }
  return append_value (self, setting->name, value, error);
}

/* Terminates @text at @mark.
 *
 * Returns: (nullable): the text after it. */
static gchar *
split_at (gchar *text, const gchar *mark)
{
  gchar *found = strstr (text, mark);

  if (found == NULL)
    return NULL;
  *found = '\0';
  return found + strlen (mark);
}

/* Called at "${". */
static gboolean
read_placeholder (Reader *self, GError **error)
{
  const gchar *start = self->at + 2;
  const gchar *end = strpbrk (start, "}\n");
  g_autoptr (LaunchfileSetting) setting = g_new0 (LaunchfileSetting, 1);

  if (!self->has_assignment) {
    set_syntax_error (self, "a placeholder must follow a \"=\"", error);
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
  setting->name = g_strndup (start, end - start);
  setting->fallback = g_strdup (split_at (setting->name, ":-"));
  setting->kind = g_strdup (split_at (setting->name, "@"));
  if (!is_name (setting->name) || (setting->kind && *setting->kind == '\0')) {
    set_syntax_error (self,
        "a placeholder is ${NAME}, ${NAME:-default} or ${NAME@KIND:-default}",
        error);
    return FALSE;
  }
  self->at = end + 1;
  return substitute (self, setting, error);
}

/* The lines of a comment are joined with blanks. */
static void
read_comment (Reader *self)
{
  gsize size = strcspn (self->at, "\n");
  g_autofree gchar *line = g_strndup (self->at + 1, size - 1);

  if (self->comment->len > 0)
    g_string_append_c (self->comment, ' ');
  g_string_append (self->comment, g_strstrip (line));
  self->at += size;
}

/* A single word that is neither a link nor a reference to a name is an element.
 * A comment belongs to the first placeholder below it, unless another property
 * comes in between. */
static void
end_word (Reader *self)
{
  gsize size = self->at - self->word - 1;

  if (!self->is_in_word)
    return;
  if (self->has_assignment) {
    g_string_truncate (self->comment, 0);
  } else if (g_ascii_isalpha (*self->word)) {
    g_clear_pointer (&self->element, g_free);
    if (self->word[size - 1] != '.')
      self->element = g_strndup (self->word, size);
  }
}

static void
copy (Reader *self)
{
  gchar c = *self->at++;

  g_string_append_c (self->out, c);
  if (c == '\n') {
    self->line++;
    if (*self->at == '\n')
      g_string_truncate (self->comment, 0);
  }
  if (self->quote != 0) {
    if (c == self->quote)
      self->quote = 0;
  } else if (g_ascii_isspace (c)) {
    end_word (self);
    self->is_in_word = FALSE;
    self->has_assignment = FALSE;
    return;
  } else if (c == '"' || c == '\'') {
    self->quote = c;
  }
  if (!self->is_in_word)
    self->word = self->at - 1;
  self->is_in_word = TRUE;
  self->is_value_empty = c == '=' && !self->has_assignment;
  self->has_assignment |= c == '=';
}

static gboolean
read_all (Reader *self, GError **error)
{
  while (*self->at != '\0') {
    if (*self->at == '#' && !self->is_in_word && self->quote == 0)
      read_comment (self);
    else if (!g_str_has_prefix (self->at, "${"))
      copy (self);
    else if (!read_placeholder (self, error))
      return FALSE;
  }
  if (self->quote != 0) {
    set_syntax_error (self, "a quote is not closed", error);
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
  gboolean is_valid;

  if (strlen (text) > LAUNCHFILE_MAX_BYTES ||
      !g_utf8_validate (text, -1, NULL)) {
    g_set_error (error, LAUNCHFILE_ERROR, LAUNCHFILE_ERROR_SYNTAX,
        "The file is too long, or is not UTF-8.");
    return NULL;
  }
  reader.out = g_string_new (NULL);
  reader.comment = g_string_new (NULL);
  is_valid = read_all (&reader, error);
  g_string_free (reader.comment, TRUE);
  g_free (reader.element);
  return g_string_free (reader.out, !is_valid);
}

void
launchfile_setting_free (LaunchfileSetting *self)
{
  if (self == NULL)
    return;
  g_free (self->name);
  g_free (self->kind);
  g_free (self->fallback);
  g_free (self->option);
  g_free (self->help);
  g_free (self->element);
  g_free (self->property);
  g_free (self);
}

static LaunchfileSetting *
copy_setting (const LaunchfileSetting *of)
{
  LaunchfileSetting *copy = g_new0 (LaunchfileSetting, 1);

  copy->name = g_strdup (of->name);
  copy->kind = g_strdup (of->kind);
  copy->fallback = g_strdup (of->fallback);
  copy->option = g_strdup (of->option);
  copy->help = g_strdup (of->help);
  copy->element = g_strdup (of->element);
  copy->property = g_strdup (of->property);
  return copy;
}

/* Any value will do, because the file is only read for its placeholders. */
static gchar *
collect (const LaunchfileSetting *setting, gpointer user_data, GError **error)
{
  GPtrArray *settings = user_data;

  for (guint i = 0; i < settings->len; i++) {
    const LaunchfileSetting *known = g_ptr_array_index (settings, i);

    if (strcmp (known->name, setting->name) == 0)
      return g_strdup ("1");
  }
  g_ptr_array_add (settings, copy_setting (setting));
  return g_strdup ("1");
}

GPtrArray *
launchfile_settings (const gchar *text, GError **error)
{
  GPtrArray *settings =
      g_ptr_array_new_with_free_func ((GDestroyNotify) launchfile_setting_free);
  g_autofree gchar *expanded =
      launchfile_expand (text, collect, settings, error);

  if (expanded == NULL)
    g_clear_pointer (&settings, g_ptr_array_unref);
  return settings;
}

/* The first paragraph of comments. */
gchar *
launchfile_summary (const gchar *text)
{
  GString *summary = g_string_new (NULL);

  while (*text == '#') {
    gsize size = strcspn (text, "\n");
    g_autofree gchar *line = g_strndup (text + 1, size - 1);

    if (*g_strstrip (line) == '\0')
      break;
    g_string_append_printf (summary, "%s\n", line);
    text += size + (text[size] == '\n');
  }
  return g_string_free (summary, FALSE);
}
