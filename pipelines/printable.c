/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Makes untrusted text safe for a terminal: see printable.h. */

#include "pipelines/printable.h"

/* Control characters, such as ESC and CSI; format characters, which hide or
 * reverse text; separators that begin a line; and unassigned characters. */
static gboolean
is_hostile (gunichar c)
{
  switch ((gint) g_unichar_type (c)) {
    case G_UNICODE_CONTROL:
    case G_UNICODE_FORMAT:
    case G_UNICODE_LINE_SEPARATOR:
    case G_UNICODE_PARAGRAPH_SEPARATOR:
    case G_UNICODE_PRIVATE_USE:
    case G_UNICODE_SURROGATE:
    case G_UNICODE_UNASSIGNED:
      return TRUE;
  }
  return FALSE;
}

static void
append_character (GString *out, gunichar c)
{
  if (!is_hostile (c))
    g_string_append_unichar (out, c);
  else if (c == '\n')
    g_string_append (out, "\\n");
  else if (c == '\t')
    g_string_append (out, "\\t");
  else
    g_string_append_printf (out, "\\u{%x}", c);
}

gchar *
printable_from (const gchar *text, guint limit)
{
  GString *out = g_string_new (NULL);

  for (guint n = 0; *text != '\0'; n++) {
    gunichar c = g_utf8_get_char_validated (text, -1);

    if (n == limit) {
      g_string_append (out, "...");
      break;
    }
    if (c == (gunichar) -1 || c == (gunichar) -2) {
      g_string_append_printf (out, "\\x%02x", (guint8) *text++);
      continue;
    }
    append_character (out, c);
    text = g_utf8_next_char (text);
  }
  return g_string_free (out, FALSE);
}

static void
append_escaped (GString *out, gunichar c)
{
  if (c <= 0xffff) {
    g_string_append_printf (out, "\\u%04x", c);
    return;
  }
  c -= 0x10000;
  g_string_append_printf (out, "\\u%04x\\u%04x", 0xd800 + (c >> 10),
      0xdc00 + (c & 0x3ff));
}

/* Outside of strings, the only such characters in JSON are white space. */
gchar *
printable_json (const gchar *json)
{
  GString *out = g_string_new (NULL);

  for (; *json != '\0'; json = g_utf8_next_char (json)) {
    gunichar c = g_utf8_get_char (json);

    if (c >= 0x7f && is_hostile (c))
      append_escaped (out, c);
    else
      g_string_append_unichar (out, c);
  }
  return g_string_free (out, FALSE);
}
