/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* rtmpserversrc: the RTMP endpoint, one pad per publisher. */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

#define GST_TYPE_RTMP_SERVER_SRC (gst_rtmp_server_src_get_type ())
G_DECLARE_FINAL_TYPE (GstRtmpServerSrc, gst_rtmp_server_src, GST,
    RTMP_SERVER_SRC, GstElement)
GST_ELEMENT_REGISTER_DECLARE (rtmpserversrc);

/* As the action disconnect-publisher, from any thread, but only if the stream
 * is still that with the @number that the roster gave to it. */
gboolean gst_rtmp_server_src_dismiss (GstRtmpServerSrc *self,
    const gchar *stream, guint number, const gchar *reason,
    GstClockTime refuse_for);

G_END_DECLS
