/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Snapshots of all streams: answers whepsink's signal "request-snapshot". One
 * thread, which exists while there is something to do, decodes for all of them,
 * so that they never take more than one core. */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* From now on, follows the publisher of each pad that is added to @bin, which
 * is an rtmpwebrtcsink, and answers @whep until both are gone. */
void gst_snapshots_serve (GstBin *bin, GstElement *whep);

G_END_DECLS
