/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Expands arbitrary text as a .launch file with arbitrary values for its
 * placeholders: the value is the input up to its first newline. */

#include "pipelines/launchfile.h"

#include <string.h>

static gchar *
look_up (const LaunchfileSetting *setting, gpointer value, GError **error)
{
  g_assert (
      *setting->name != '\0' && strpbrk (setting->name, " \n}$@:") == NULL);
  g_assert (setting->option == NULL || setting->help != NULL);
  return *setting->name == 'N' ? NULL : g_strdup (value);
}

/* After "a=" alone, a value contains no blank, and no quote but in its
 * wrapping. */
static void
assert_wrapped (const gchar *value)
{
  g_autofree gchar *out =
      launchfile_expand ("a=${X}", look_up, (gpointer) value, NULL);
  gsize size;

  if (out == NULL)
    return;
  size = strlen (out);
  g_assert (strpbrk (out, " \n\t'!") == NULL);
  for (gsize i = 0; i < size; i++)
    if (out[i] == '"')
      g_assert ((i == 3 || i == size - 1) && out[i - 1] == '\\');
}

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree gchar *text = g_strndup ((const gchar *) data, size);
  gchar *file = strchr (text, '\n');
  g_autofree gchar *out = NULL;
  g_autofree gchar *summary = NULL;
  g_autoptr (GPtrArray) settings = NULL;
  g_autoptr (GError) error = NULL;

  if (file != NULL)
    *file++ = '\0';
  assert_wrapped (text);
  summary = launchfile_summary (text);
  settings = launchfile_settings (file == NULL ? "" : file, NULL);
  out = launchfile_expand (file == NULL ? "" : file, look_up, text, &error);
  g_assert ((out == NULL) == (error != NULL));
  return 0;
}
