/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Any query and any body either chooses a value that there is, or changes
 * nothing and says why. */

#include "ext/whep/http/sessioncontrols.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree gchar *query = g_strndup ((const gchar *) data, size);
  g_autofree gchar *body = g_memdup2 (data, size);
  WhepViewerControls controls;
  WhepProblemKind problem;
  const gchar *detail = NULL;

  if (!whep_session_controls_read (query, &controls))
    g_assert (controls.frames == WHEP_FRAMES_ALL);
  g_assert (controls.frames < WHEP_N_FRAMES);
  controls.frames = WHEP_FRAMES_KEY;
  if (!whep_session_controls_parse (body, size, &controls, &problem, &detail))
    g_assert (controls.frames == WHEP_FRAMES_KEY && detail != NULL);
  g_assert (controls.frames < WHEP_N_FRAMES);
  return 0;
}
