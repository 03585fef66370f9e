/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Any list of event types is either read or rejected, and contains none that we
 * do not have. */

#include "ext/whep/http/sse.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree gchar *json = g_memdup2 (data, size);
  WhepSseTypes types;
  gboolean is_list = whep_sse_read_types (json, size, &types);

  g_assert (is_list || types == 0);
  g_assert (types <= (WHEP_SSE_ACTIVE | WHEP_SSE_INACTIVE |
                         WHEP_SSE_VIEWERCOUNT | WHEP_SSE_RECONNECT));
  return 0;
}
