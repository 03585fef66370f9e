/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a viewer chooses for its session: in the query of its offer, and later
 * as a JSON object that it sends to the session's URL. Pure. */

#pragma once

#include "ext/whep/http/problem.h"
#include "ext/whep/viewer/controls.h"

G_BEGIN_DECLS

#define WHEP_SESSION_CONTROLS_TYPE "application/json"

/* @query: (nullable): of an offer; other parameters are ignored. Returns FALSE
 * if a value is not one of those that there are. */
gboolean whep_session_controls_read (const gchar *query,
    WhepViewerControls *controls);

/* Changes in @controls what the body names. Changes nothing, and returns FALSE
 * with the problem and a static sentence about it, unless the body is an object
 * of known members with known values. */
gboolean whep_session_controls_parse (const gchar *body, gsize size,
    WhepViewerControls *controls, WhepProblemKind *problem,
    const gchar **detail);

G_END_DECLS
