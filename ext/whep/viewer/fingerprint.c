/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A fingerprint as SDP writes it: see fingerprint.h. */

#include "ext/whep/viewer/fingerprint.h"

#include <string.h>

static gboolean
read_hash (WhepFingerprint *self, const gchar *text, gsize length)
{
  if (length == 0 || length >= sizeof (self->hash))
    return FALSE;
  memcpy (self->hash, text, length);
  return TRUE;
}

/* Pairs of hex digits, separated by colons. */
static gboolean
read_value (WhepFingerprint *self, const gchar *hex)
{
  for (;;) {
    if (!g_ascii_isxdigit (hex[0]) || !g_ascii_isxdigit (hex[1]))
      return FALSE;
    if (self->size == WHEP_FINGERPRINT_MAX)
      return FALSE;
    self->value[self->size++] =
        g_ascii_xdigit_value (hex[0]) << 4 | g_ascii_xdigit_value (hex[1]);
    if (hex[2] != ':')
      return hex[2] == '\0';
    hex += 3;
  }
}

gboolean
whep_fingerprint_init (WhepFingerprint *self, const gchar *text)
{
  const gchar *space = strchr (text, ' ');

  memset (self, 0, sizeof (*self));
  return space != NULL && read_hash (self, text, space - text) &&
      read_value (self, space + 1);
}
