/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Any text for any browser (the first byte says which): what comes out is
 * SDP again, and munging it once more changes nothing. */

#include "gst/sdp/browser.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  SdpBrowser browser = size == 0 ? 0 : data[0] % (SDP_BROWSER_SAFARI + 1);
  g_autofree gchar *text =
      g_strndup ((const gchar *) data + MIN (size, 1), size - MIN (size, 1));
  g_autoptr (GArray) reports =
      g_array_new (FALSE, FALSE, sizeof (SdpRuleReport));
  g_autoptr (GError) error = NULL;
  g_autofree gchar *once = sdp_browser_munge (text, browser, reports, &error);
  g_autofree gchar *twice = NULL;

  g_assert ((once == NULL) == (error != NULL));
  if (once == NULL)
    return 0;
  g_array_set_size (reports, 0);
  twice = sdp_browser_munge (once, browser, reports, NULL);
  g_assert (twice != NULL);
  return 0;
}
