/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The counters of the media threads, in the form of whepsink's property
 * "stats". */

#pragma once

#include "ext/whep/media/media-io.h"

#include <gst/gst.h>

G_BEGIN_DECLS

/* Contains the sums over all viewers, including past ones; "viewers", a list of
 * the current ones; "log" and "socket", the stages of a live frame's path.
 * Times are in nanoseconds. */
GstStructure *gst_whep_stats_new (const WhepMediaStats *media_stats);
/* Returns: (transfer full) (nullable): those of @media, which the object lock
 * of @sink guards; NULL if it is NULL. */
GstStructure *gst_whep_stats_of (GstElement *sink, WhepMedia *const *media);

G_END_DECLS
