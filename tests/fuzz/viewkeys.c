/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Any list is read or refused; what is refused is told by a line of it. */

#include "ext/whep/net/viewkeys.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree gchar *text = g_memdup2 (data, size);
  guint bad_line, n_lines = 1;
  WhepViewKeys *keys = whep_viewkeys_parse (text, size, &bad_line);

  for (gsize i = 0; i < size; i++)
    n_lines += text[i] == '\n';
  if (keys == NULL)
    g_assert (bad_line >= 1 && bad_line <= n_lines);
  else
    g_assert (!whep_viewkeys_allow (keys, "live/cam", ""));
  whep_viewkeys_free (keys);
  return 0;
}
