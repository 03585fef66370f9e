/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Any fragment is read to its end and no further. */

#include "ext/whep/http/trickle.h"

#include <string.h>

#define UFRAG "a=ice-ufrag:"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree gchar *fragment = g_memdup2 (data, size);
  gboolean names_ufrag =
      size > 0 && memmem (fragment, size, UFRAG, strlen (UFRAG)) != NULL;
  WhepTrickle found, other;

  whep_trickle_read (&found, fragment, size, "abcd");
  if (found.kind == WHEP_TRICKLE_RESTART) {
    g_assert (names_ufrag && strcmp (found.ufrag, "abcd") != 0);
    g_assert (strlen (found.ufrag) >= 4 && strlen (found.pwd) >= 22);
  }
  /* What has no line of another form has candidates for any ufrag it names. */
  whep_trickle_read (&other, fragment, size, "other");
  if (found.kind == WHEP_TRICKLE_CANDIDATES && !names_ufrag)
    g_assert (other.kind == WHEP_TRICKLE_CANDIDATES);
  return 0;
}
