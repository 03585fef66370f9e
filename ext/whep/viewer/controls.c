/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a viewer chooses: see controls.h. */

#include "ext/whep/viewer/controls.h"

#include <string.h>

static const gchar *const names[WHEP_N_FRAMES] = {
  [WHEP_FRAMES_ALL] = "all",
  [WHEP_FRAMES_KEY] = "key",
};

const gchar *
whep_frames_name (WhepFrames frames)
{
  return names[frames];
}

gboolean
whep_frames_from_name (const gchar *name, WhepFrames *frames)
{
  for (guint i = 0; i < WHEP_N_FRAMES; i++) {
    if (strcmp (names[i], name) != 0)
      continue;
    *frames = i;
    return TRUE;
  }
  return FALSE;
}
