/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The commands of the console that a running pipeline carries out. */

#pragma once

#include "pipelines/console.h"
#include "pipelines/gstlaunchplayer.h"

G_BEGIN_DECLS

/* Carries out any command that is not the controller's own. @lines: (out)
 * (optional) (nullable): takes a list as a user reads it; without it, a list is
 * among the results.
 *
 * Returns: (transfer full) (nullable): the results. */
JsonObject *gst_player_command (LaunchPlayer *player,
    const ConsoleCommand *command, gchar **lines, GError **error);

G_END_DECLS
