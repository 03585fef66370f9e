/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How far behind live a viewer is: see playbackdelay.h. */

#include "ext/whep/http/playbackdelay.h"

#include "gst/access/query.h"

#define MAX_DELAY_S (24 * 3600)
#define TENTH_US (G_USEC_PER_SEC / 10)

gboolean
whep_playback_delay_read (const gchar *query, gint64 *delay_us)
{
  g_autofree gchar *text =
      query != NULL ? access_query_get (query, "delay") : NULL;
  guint64 seconds = 0;
  gboolean is_valid = text == NULL ||
      g_ascii_string_to_unsigned (text, 10, 0, MAX_DELAY_S, &seconds, NULL);

  *delay_us = is_valid ? seconds * G_USEC_PER_SEC : 0;
  return is_valid;
}

gint64
whep_playback_delay_clamp (gint64 wanted_us, gint64 rewind_us, gint64 reach_us)
{
  gint64 delay_us = MIN (wanted_us, MIN (rewind_us, reach_us));

  return MAX (delay_us, 0) / TENTH_US * TENTH_US;
}

gchar *
whep_playback_delay_write (gint64 delay_us, gint64 rewind_us)
{
  gint tenths = delay_us / TENTH_US;

  return g_strdup_printf ("%d.%d;max=%d", tenths / 10, tenths % 10,
      (gint) (rewind_us / G_USEC_PER_SEC));
}
