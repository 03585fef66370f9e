/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Munges arbitrary text for each browser (the first byte selects it): the
 * output is again SDP, it equals the input if no rule fired, and munging it a
 * second time changes nothing. */

#include "gst/sdp/browser.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  guint8 first = size == 0 ? 0 : data[0];
  const SdpMunging munging = { .browser = first % (SDP_BROWSER_SAFARI + 1),
    .profile_level_id = first & 0x80 ? 0x640028 : 0,
    .forced_profile_level_id = first & 0x40 ? 0x42e01f : 0 };
  g_autofree gchar *text =
      g_strndup ((const gchar *) data + MIN (size, 1), size - MIN (size, 1));
  g_autoptr (GError) error = NULL;
  g_autofree gchar *once = NULL, *twice = NULL;
  SdpReport report;

  once = sdp_browser_munge (text, &munging, &report, &error);
  g_assert ((once == NULL) == (error != NULL));
  if (once == NULL)
    return 0;
  g_assert ((strcmp (once, text) == 0) == (sdp_report_count (&report) == 0));
  twice = sdp_browser_munge (once, &munging, &report, NULL);
  g_assert_cmpstr (once, ==, twice);
  return 0;
}
