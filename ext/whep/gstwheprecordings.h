/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The signals by which whepsink has the application record streams. */

#pragma once

#include "ext/whep/http/recording.h"

#include <gst/gst.h>

G_BEGIN_DECLS

void gst_whep_recordings_install_signals (GType type);

/* Emit the signals; @sink is whepsink: see WhepControls. */

gboolean gst_whep_recordings_record (gpointer sink, const gchar *stream,
    gboolean starts, gchar **why);
gboolean gst_whep_recordings_read (gpointer sink, const gchar *stream,
    WhepRecording *recording);

G_END_DECLS
