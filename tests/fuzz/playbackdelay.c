/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whatever the query of an offer contains, its delay is within the limit, and
 * what a viewer gets is within what is kept. */

#include "ext/whep/http/playbackdelay.h"

#define MAX_US (24 * 3600 * (gint64) G_USEC_PER_SEC)

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree gchar *query = g_strndup ((const gchar *) data, size);
  g_autofree gchar *header = NULL;
  gint64 wanted_us, delay_us;

  if (!whep_playback_delay_read (query, &wanted_us))
    g_assert (wanted_us == 0);
  g_assert (wanted_us >= 0 && wanted_us <= MAX_US);
  delay_us = whep_playback_delay_clamp (wanted_us, 600 * G_USEC_PER_SEC,
      (gint64) size * G_USEC_PER_SEC);
  g_assert (delay_us >= 0 && delay_us <= wanted_us);
  header = whep_playback_delay_write (delay_us, 600 * G_USEC_PER_SEC);
  g_assert (g_str_has_suffix (header, ";max=600"));
  return 0;
}
