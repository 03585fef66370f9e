/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Our half of an ICE restart: see fragment.h. */

#include "ext/whep/http/fragment.h"

#include <string.h>

#define LAST_CANDIDATE "a=end-of-candidates"

static gboolean
is_of_session (const gchar *line)
{
  return g_str_equal (line, "a=ice-lite") ||
      g_str_has_prefix (line, "a=ice-options:") ||
      g_str_has_prefix (line, "a=group:");
}

static gboolean
is_candidate (const gchar *line)
{
  return g_str_has_prefix (line, "a=candidate:") ||
      g_str_equal (line, LAST_CANDIDATE);
}

/* Of bundled m-sections, that with the transport has the candidates. */
static GStrv
find_transport (GStrv lines)
{
  GStrv section = lines;

  for (; !g_str_equal (*lines, LAST_CANDIDATE); lines++) {
    if (g_str_has_prefix (*lines, "m="))
      section = lines;
  }
  return section;
}

static gboolean
is_end_of_section (const gchar *line)
{
  return line == NULL || g_str_has_prefix (line, "m=");
}

static void
append_line (GString *text, const gchar *line)
{
  g_string_append_printf (text, "%s\r\n", line);
}

static void
append_mid (GString *text, GStrv section)
{
  for (GStrv line = section + 1; !is_end_of_section (*line); line++) {
    if (g_str_has_prefix (*line, "a=mid:"))
      append_line (text, *line);
  }
}

static void
append_candidates (GString *text, GStrv section)
{
  for (GStrv line = section + 1; !is_end_of_section (*line); line++) {
    if (is_candidate (*line))
      append_line (text, *line);
  }
}

gchar *
whep_fragment_new (const gchar *sdp, const gchar *ufrag, const gchar *pwd)
{
  g_auto (GStrv) lines = g_strsplit (sdp, "\r\n", -1);
  GStrv section = find_transport (lines);
  GString *text = g_string_new (NULL);

  for (GStrv line = lines; !is_end_of_section (*line); line++) {
    if (is_of_session (*line))
      append_line (text, *line);
  }
  append_line (text, *section);
  append_mid (text, section);
  g_string_append_printf (text,
      "a=ice-ufrag:%s\r\n"
      "a=ice-pwd:%s\r\n",
      ufrag, pwd);
  append_candidates (text, section);
  return g_string_free (text, FALSE);
}
