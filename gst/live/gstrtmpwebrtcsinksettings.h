/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* rtmpwebrtcsink's own settings; the others are whepsink's. Embedded in the
 * element; each has 32 bits and is read and written atomically. */

#pragma once

#include "gst/settings/gstsettings.h"

G_BEGIN_DECLS

typedef struct
{
  gint b_frames;  /* a GstRtmpWebrtcBFrames */
  gint transcode; /* a GstRtmpWebrtcTranscode */
  gint opus_ms;
  guint max_area;
  guint max_slots; /* 0: as many as CPU cores */
  gboolean has_mp4;
} GstRtmpWebrtcSinkSettings;

GType gst_rtmp_webrtc_transcode_get_type (void);
GType gst_rtmp_webrtc_opus_frame_size_get_type (void);

/* Returns: (transfer none): the table of these settings. */
const GstSetting *gst_rtmp_webrtc_sink_settings_table (void);

G_END_DECLS
