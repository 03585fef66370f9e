/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What comes after an offer: see trickle.h. */

#include "ext/whep/net/trickle.h"

#include <string.h>

#define UFRAG "a=ice-ufrag:"

static WhepTrickle
read_line (const gchar *line, gsize length, const gchar *remote_ufrag)
{
  gsize prefix = strlen (UFRAG);

  if (length == 0)
    return WHEP_TRICKLE_CANDIDATES;
  if (length < 2 || !g_ascii_islower (line[0]) || line[1] != '=')
    return WHEP_TRICKLE_MALFORMED;
  if (length < prefix || memcmp (line, UFRAG, prefix) != 0)
    return WHEP_TRICKLE_CANDIDATES;
  if (length - prefix != strlen (remote_ufrag) ||
      memcmp (line + prefix, remote_ufrag, length - prefix) != 0)
    return WHEP_TRICKLE_RESTART;
  return WHEP_TRICKLE_CANDIDATES;
}

WhepTrickle
whep_trickle_read (const gchar *fragment, gsize size, const gchar *remote_ufrag)
{
  WhepTrickle result = WHEP_TRICKLE_CANDIDATES;
  const gchar *end;

  if (size == 0)
    return result;
  end = fragment + size;
  for (const gchar *line = fragment; line < end;) {
    const gchar *newline = memchr (line, '\n', end - line);
    gsize length = (newline == NULL ? end : newline) - line;
    gsize bare = length > 0 && line[length - 1] == '\r' ? length - 1 : length;
    WhepTrickle found = read_line (line, bare, remote_ufrag);

    if (found == WHEP_TRICKLE_MALFORMED)
      return found;
    if (found == WHEP_TRICKLE_RESTART)
      result = found;
    line = newline == NULL ? end : newline + 1;
  }
  return result;
}
