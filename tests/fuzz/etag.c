/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Any If-Match and If-None-Match is read to its end, and matches only if it
 * contains the tag or an asterisk; what matches is known. */

#include "ext/whep/http/etag.h"

#include <string.h>

#define TAG "Abcd1234"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree gchar *header = g_strndup ((const gchar *) data, size);
  WhepEtagVerdict verdict = whep_etag_read (header, TAG);

  g_assert (verdict != WHEP_ETAG_MISSING);
  if (whep_etag_is_known (header, TAG))
    g_assert (strstr (header, "\"" TAG "\"") || strchr (header, '*'));
  else
    g_assert (verdict == WHEP_ETAG_DIFFERS);
  return 0;
}
