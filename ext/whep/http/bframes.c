/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A viewer that reorders B-frames: see bframes.h. */

#include "ext/whep/http/bframes.h"

#include "gst/access/query.h"

gboolean
whep_b_frames_are_wanted (const gchar *query)
{
  g_autofree gchar *text =
      query != NULL ? access_query_get (query, "b-frames") : NULL;

  return g_strcmp0 (text, WHEP_B_FRAMES_PASS) == 0;
}
