/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The property stats of rtmpserversrc. */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* Returns: (transfer full): "stats" with a list of a structure for each source
 * pad of @src. Nothing delays a publisher: the figures are those that its
 * thread has counted so far. */
GstStructure *gst_rtmp_stats_new (GstElement *src);

G_END_DECLS
