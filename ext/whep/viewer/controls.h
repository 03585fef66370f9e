/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a viewer chooses with its offer, and may change at any time during its
 * session. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  WHEP_FRAMES_ALL,
  WHEP_FRAMES_KEY, /* of the video, and no audio: for small pictures */
} WhepFrames;

#define WHEP_N_FRAMES 2

/* Zeroed: what a viewer gets that chooses nothing. */
typedef struct
{
  WhepFrames frames;
  /* The viewer hears the sound, so the picture may wait for it; otherwise each
   * frame is to be shown at once. */
  gboolean has_sound;
} WhepViewerControls;

/* Static: "all", "key". */
const gchar *whep_frames_name (WhepFrames frames);
/* Returns FALSE if there is no such value. */
gboolean whep_frames_from_name (const gchar *name, WhepFrames *frames);

G_END_DECLS
