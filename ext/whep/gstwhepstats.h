/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What media threads have counted, as whepsink's property "stats" says it. */

#pragma once

#include "ext/whep/media/mediastats.h"

#include <gst/gst.h>

G_BEGIN_DECLS

/* Sums over all viewers, past ones included; "viewers", a list of the current
 * ones; "log" and "socket", the stages of a live frame's way. Times are in
 * nanoseconds. */
GstStructure *gst_whep_stats_new (const WhepMediaStats *media_stats);

G_END_DECLS
