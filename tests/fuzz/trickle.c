/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Any fragment is read to its end and no further. */

#include "ext/whep/net/trickle.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree gchar *fragment = g_memdup2 (data, size);
  g_autofree gchar *text = g_strndup ((const gchar *) data, size);
  WhepTrickle found = whep_trickle_read (fragment, size, "abcd");

  if (found == WHEP_TRICKLE_RESTART)
    g_assert (g_strstr_len (fragment, size, "a=ice-ufrag:") != NULL ||
        memchr (fragment, '\0', size) != NULL);
  /* What has no line of another form has candidates for any ufrag it names. */
  if (found == WHEP_TRICKLE_CANDIDATES &&
      g_strstr_len (fragment, size, "a=ice-ufrag:") == NULL)
    g_assert (whep_trickle_read (fragment, size, "other") == found);
  return 0;
}
