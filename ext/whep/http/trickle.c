/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What comes after an offer: see trickle.h. */

#include "ext/whep/http/trickle.h"

#include <string.h>

#define UFRAG "a=ice-ufrag:"
#define PWD "a=ice-pwd:"
/* RFC 8839 section 5.4: both have 256 at the most. */
#define UFRAG_MIN 4
#define PWD_MIN 22

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

/* Bundled m-sections have one transport (RFC 9143), so that all lines of a kind
 * say the same. */
static void
read_credential (WhepTrickle *self, const gchar *value, gsize size, gsize min,
    gchar *credential)
{
  if (!is_ice_text (value, size, min)) {
    self->kind = WHEP_TRICKLE_UNUSABLE;
  } else if (credential[0] == '\0') {
    memcpy (credential, value, size);
    credential[size] = '\0';
  } else if (strlen (credential) != size ||
      memcmp (credential, value, size) != 0) {
    self->kind = WHEP_TRICKLE_UNUSABLE;
  }
}

static gboolean
has_prefix (const gchar *line, gsize size, const gchar *prefix)
{
  return size >= strlen (prefix) && memcmp (line, prefix, strlen (prefix)) == 0;
}

static void
read_line (WhepTrickle *self, const gchar *line, gsize size)
{
  if (size == 0)
    return;
  if (size < 2 || !g_ascii_islower (line[0]) || line[1] != '=')
    self->kind = WHEP_TRICKLE_MALFORMED;
  else if (has_prefix (line, size, UFRAG))
    read_credential (self, line + strlen (UFRAG), size - strlen (UFRAG),
        UFRAG_MIN, self->ufrag);
  else if (has_prefix (line, size, PWD))
    read_credential (self, line + strlen (PWD), size - strlen (PWD), PWD_MIN,
        self->pwd);
}

/* What the lines come to, each of which is in order. */
static WhepTrickleKind
kind_of (const WhepTrickle *self, const gchar *remote_ufrag)
{
  if (self->ufrag[0] == '\0' && self->pwd[0] == '\0')
    return WHEP_TRICKLE_CANDIDATES;
  if (strcmp (self->ufrag, remote_ufrag) == 0)
    return WHEP_TRICKLE_CANDIDATES;
  if (self->ufrag[0] == '\0' || self->pwd[0] == '\0')
    return WHEP_TRICKLE_UNUSABLE;
  return WHEP_TRICKLE_RESTART;
}

void
whep_trickle_read (WhepTrickle *self, const gchar *fragment, gsize size,
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
    if (self->kind == WHEP_TRICKLE_MALFORMED)
      return;
    line = newline == NULL ? end : newline + 1;
  }
  if (self->kind == WHEP_TRICKLE_CANDIDATES)
    self->kind = kind_of (self, remote_ufrag);
}
