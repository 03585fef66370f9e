/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The messages of the elements of one stream, as rtmpwebrtcsink posts them: an
 * error becomes a warning that names the stream. */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* @bin is an rtmpwebrtcsink that handles @message. Takes @message. Returns:
 * (transfer full): what to post in place of it; itself unless it comes from
 * within a stream. */
GstMessage *gst_stream_message_of (GstBin *bin, GstMessage *message);

G_END_DECLS
