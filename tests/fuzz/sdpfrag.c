/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Any fragment is read to its end and no further. */

#include "ext/whep/http/sdpfrag.h"

#include <string.h>

#define UFRAG "a=ice-ufrag:"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree gchar *fragment = g_memdup2 (data, size);
  gboolean names_ufrag =
      size > 0 && memmem (fragment, size, UFRAG, strlen (UFRAG)) != NULL;
  WhepSdpFrag found, other;

  whep_sdpfrag_read (&found, fragment, size, "abcd");
  if (found.kind == WHEP_SDPFRAG_RESTART) {
    g_assert (names_ufrag && strcmp (found.ufrag, "abcd") != 0);
    g_assert (strlen (found.ufrag) >= 4 && strlen (found.pwd) >= 22);
  }
  /* A fragment without a line of another form has candidates for any ufrag that
   * it names. */
  whep_sdpfrag_read (&other, fragment, size, "other");
  if (found.kind == WHEP_SDPFRAG_CANDIDATES && !names_ufrag)
    g_assert (other.kind == WHEP_SDPFRAG_CANDIDATES);
  return 0;
}
