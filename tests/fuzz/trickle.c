/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Any fragment is read to its end and no further. */

#include "ext/whep/net/trickle.h"

#include <string.h>

#define UFRAG "a=ice-ufrag:"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree gchar *fragment = g_memdup2 (data, size);
  WhepTrickle found = whep_trickle_read (fragment, size, "abcd");
  gboolean names_ufrag =
      size > 0 && memmem (fragment, size, UFRAG, strlen (UFRAG)) != NULL;

  if (found == WHEP_TRICKLE_RESTART)
    g_assert (names_ufrag);
  /* What has no line of another form has candidates for any ufrag it names. */
  if (found == WHEP_TRICKLE_CANDIDATES && !names_ufrag)
    g_assert (whep_trickle_read (fragment, size, "other") == found);
  return 0;
}
