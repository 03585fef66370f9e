/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The signals by which whepsink has streams pulled from another server. */

#pragma once

#include "ext/whep/gstwhepsettings.h"
#include "ext/whep/http/pulls-io.h"

#include <gst/gst.h>

G_BEGIN_DECLS

void gst_whep_pulls_install_signals (GType type);

/* Returns: what emits the signals of @sink, a whepsink that must outlive it. */
WhepPullsParams gst_whep_pulls_params (GstElement *sink,
    const GstWhepSettings *settings);

G_END_DECLS
