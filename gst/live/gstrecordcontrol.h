/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How rtmpwebrtcsink's recordings are controlled: by its settings, and by
 * signals. */

#pragma once

#include "gst/live/gstrtmpwebrtcsink.h"
#include "gst/live/gstrtmpwebrtcsinksettings.h"

G_BEGIN_DECLS

/* Passes the settings on, which are @sink's, to be read under its object lock.
 * A location that is not valid is logged, and has no effect. */
void gst_record_control_apply (GstRtmpWebrtcSink *sink,
    const GstRtmpWebrtcSinkSettings *settings);
/* Returns FALSE if the location is not valid; @sink has then posted an error.
 */
gboolean gst_record_control_check (GstRtmpWebrtcSink *sink,
    const GstRtmpWebrtcSinkSettings *settings);

/* Answers the signals of @whep by which its clients start and stop recordings,
 * until both are gone. */
void gst_record_control_serve (GstRtmpWebrtcSink *sink, GstElement *whep);

/* Adds start-recording and stop-recording to rtmpwebrtcsink. */
void gst_record_control_install_signals (GType type);

G_END_DECLS
