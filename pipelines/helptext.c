/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Formats the output of "--help": see helptext.h. */

#include "pipelines/helptext.h"

#define COLUMNS 80
/* The column in which an option's description begins. */
#define HELP_COLUMN 25
/* The gap between a longer option and its description. */
#define LEAST_GAP 2

/* Adds the words of @text from column @at on, with further lines indented by
 * @indent. */
static void
add_words (GString *out, guint at, guint indent, const gchar *text)
{
  g_auto (GStrv) words = g_strsplit_set (text, " \n", -1);
  gboolean is_first = TRUE;

  for (guint i = 0; words[i] != NULL; i++) {
    guint width = g_utf8_strlen (words[i], -1);

    if (width == 0)
      continue;
    if (!is_first && at + 1 + width > COLUMNS) {
      g_string_append_printf (out, "\n%*s", (gint) indent, "");
      at = indent;
    } else if (!is_first) {
      g_string_append_c (out, ' ');
      at++;
    }
    g_string_append (out, words[i]);
    at += width;
    is_first = FALSE;
  }
  g_string_append_c (out, '\n');
}

void
help_text_add_option (GString *out, const gchar *name, const gchar *value,
    const gchar *help)
{
  g_autofree gchar *option = g_strdup_printf ("  --%s%s%s", name,
      value != NULL ? "=" : "", value != NULL ? value : "");
  guint width = g_utf8_strlen (option, -1);
  guint gap = MAX (LEAST_GAP, (gint) HELP_COLUMN - (gint) width);

  g_string_append_printf (out, "%s%*s", option, (gint) gap, "");
  add_words (out, width + gap, HELP_COLUMN, help);
}

void
help_text_add_paragraph (GString *out, const gchar *text)
{
  add_words (out, 0, 0, text);
}
