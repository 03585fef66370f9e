/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Commands that our elements carry out: each is an action signal, which is
 * found by its name. */

#pragma once

#include "pipelines/console.h"

#include <gst/gst.h>

G_BEGIN_DECLS

/* Returns: (transfer full) (nullable): what a CONSOLE_STREAMS or
 * CONSOLE_VIEWERS lists; NULL for other commands, and with an error for the
 * user. */
JsonNode *gst_actions_do (GstBin *bin, const ConsoleCommand *command,
    GError **error);

G_END_DECLS
