/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What whepsink does for its server's administrators. */

#pragma once

#include "ext/whep/http/controls.h"

#include <gst/gst.h>

G_BEGIN_DECLS

/* Their user_data is @sink, which outlives the server. */
WhepControls gst_whep_controls_of (GstElement *sink);

/* Asks upstream to disconnect the publisher of the stream. Returns whether any
 * element has done so. For any thread. */
gboolean gst_whep_controls_disconnect_publisher (GstElement *sink,
    const gchar *stream, const gchar *reason, GstClockTime refuse_for);

G_END_DECLS
