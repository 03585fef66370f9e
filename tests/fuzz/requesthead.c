/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* However a request arrives, its head ends in one place, after an empty line,
 * and only HTTP's methods are accepted. */

#include "ext/whep/http/requesthead.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* The first byte selects how the rest is split. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  WhepRequestHead whole = { 0 }, pieces = { 0 };
  gsize step, n_whole, n = 0;

  if (size == 0)
    return 0;
  step = 1 + data[0];
  data++;
  size--;
  g_assert (whep_requesthead_skip (&whole, data, size) <= size);
  n_whole = whep_requesthead_take (&whole, data, size);
  while (n < size && pieces.state < WHEP_REQUESTHEAD_ENDS)
    n += whep_requesthead_take (&pieces, data + n, MIN (step, size - n));
  g_assert (n == n_whole && pieces.state == whole.state);
  g_assert (memchr (whole.line, '\0', sizeof (whole.line)) != NULL);
  if (whole.state == WHEP_REQUESTHEAD_ENDS)
    g_assert (n_whole >= 2 && data[n_whole - 1] == '\n');
  else
    g_assert (whole.state > WHEP_REQUESTHEAD_ENDS || n_whole == size);
  return 0;
}
