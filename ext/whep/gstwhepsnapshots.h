/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The signal by which whepsink asks the application for pictures. */

#pragma once

#include "ext/whep/http/snapshots-io.h"

#include <gst/gst.h>

G_BEGIN_DECLS

void gst_whep_snapshots_install_signal (GType type);

/* A WhepSnapshotFunc that emits the signal; @sink is whepsink. */
void gst_whep_snapshots_ask (const gchar *stream, guint width,
    WhepSnapshotRequest *request, gpointer sink);

G_END_DECLS
