/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* rtmpwebrtcsink's own settings; the others are whepsink's. Embedded in the
 * element and written under its object lock; those of 32 bits are read
 * atomically, the others under that lock. */

#pragma once

#include "gst/settings/gstsettings.h"

G_BEGIN_DECLS

typedef struct
{
  gint b_frames;  /* a GstRtmpWebrtcBFrames */
  gint transcode; /* a GstRtmpWebrtcTranscode */
  gint opus_ms;
  guint datagram_bytes;
  guint max_area;
  guint max_slots; /* 0: as many as CPU cores */
  gboolean has_mp4;
  gchar *decoder, *encoder;
  gboolean isolates;
  gchar *record_location;
  guint64 record_duration; /* 0: no limit */
  guint64 record_size;     /* 0: no limit */
  gchar *origin;
  gchar *origin_key_file;
  gchar *directory;
  gchar *directory_password_file;
  gchar *directory_address;
} GstRtmpWebrtcSinkSettings;

/* To be called in class_init. */
void gst_rtmp_webrtc_sink_settings_mark_types (void);

/* Returns: (transfer none): the table of these settings. */
const GstSetting *gst_rtmp_webrtc_sink_settings_table (void);

G_END_DECLS
