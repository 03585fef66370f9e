/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SDP fragments: see sdpfrag.h. */

#include "ext/whep/http/sdpfrag.h"

#include <string.h>

#define UFRAG "a=ice-ufrag:"
#define PWD "a=ice-pwd:"
/* RFC 8839 section 5.4: both have at most 256 characters. */
#define UFRAG_MIN 4
#define PWD_MIN 22
#define LAST_CANDIDATE "a=end-of-candidates"

static gboolean
is_ice_text (const gchar *text, gsize size, gsize min)
{
  if (size < min || size > WHEP_ICE_UFRAG_MAX)
    return FALSE;
  for (gsize i = 0; i < size; i++) {
    if (!g_ascii_isalnum (text[i]) && text[i] != '+' && text[i] != '/')
      return FALSE;
  }
  return TRUE;
}

/* Bundled m-sections share one transport (RFC 9143), so all lines of a kind
 * must be the same. */
static void
read_credential (WhepSdpFrag *self, const gchar *value, gsize size, gsize min,
    gchar *credential)
{
  if (!is_ice_text (value, size, min)) {
    self->kind = WHEP_SDPFRAG_UNUSABLE;
  } else if (credential[0] == '\0') {
    memcpy (credential, value, size);
    credential[size] = '\0';
  } else if (strlen (credential) != size ||
      memcmp (credential, value, size) != 0) {
    self->kind = WHEP_SDPFRAG_UNUSABLE;
  }
}

static gboolean
has_prefix (const gchar *line, gsize size, const gchar *prefix)
{
  return size >= strlen (prefix) && memcmp (line, prefix, strlen (prefix)) == 0;
}

static void
read_line (WhepSdpFrag *self, const gchar *line, gsize size)
{
  if (size == 0)
    return;
  if (size < 2 || !g_ascii_islower (line[0]) || line[1] != '=')
    self->kind = WHEP_SDPFRAG_MALFORMED;
  else if (has_prefix (line, size, UFRAG))
    read_credential (self, line + strlen (UFRAG), size - strlen (UFRAG),
        UFRAG_MIN, self->ufrag);
  else if (has_prefix (line, size, PWD))
    read_credential (self, line + strlen (PWD), size - strlen (PWD), PWD_MIN,
        self->pwd);
}

/* Classifies a fragment whose lines are all valid. */
static WhepSdpFragKind
kind_of (const WhepSdpFrag *self, const gchar *remote_ufrag)
{
  if (self->ufrag[0] == '\0' && self->pwd[0] == '\0')
    return WHEP_SDPFRAG_CANDIDATES;
  if (strcmp (self->ufrag, remote_ufrag) == 0)
    return WHEP_SDPFRAG_CANDIDATES;
  if (self->ufrag[0] == '\0' || self->pwd[0] == '\0')
    return WHEP_SDPFRAG_UNUSABLE;
  return WHEP_SDPFRAG_RESTART;
}

void
whep_sdpfrag_read (WhepSdpFrag *self, const gchar *fragment, gsize size,
    const gchar *remote_ufrag)
{
  const gchar *end = size == 0 ? fragment : fragment + size;

  memset (self, 0, sizeof (*self));
  for (const gchar *line = fragment; line < end;) {
    const gchar *newline = memchr (line, '\n', end - line);
    gsize length = (newline == NULL ? end : newline) - line;

    if (length > 0 && line[length - 1] == '\r')
      length--;
    read_line (self, line, length);
    if (self->kind == WHEP_SDPFRAG_MALFORMED)
      return;
    line = newline == NULL ? end : newline + 1;
  }
  if (self->kind == WHEP_SDPFRAG_CANDIDATES)
    self->kind = kind_of (self, remote_ufrag);
}

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

/* Among bundled m-sections, the one with the transport has the candidates. */
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
whep_sdpfrag_new_restart (const gchar *sdp, const gchar *ufrag,
    const gchar *pwd)
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
