/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The properties of h264livepay. Embedded in the element and written under its
 * object lock; those of 32 bits are read atomically, the others under that
 * lock. */

#pragma once

#include "gst/live/gstcodecchoice.h"
#include "gst/settings/gstsettings.h"

G_BEGIN_DECLS

typedef struct
{
  gint b_frames; /* a GstRtmpWebrtcBFrames */
  guint max_area;
  gchar *decoder, *encoder; /* nullable */
  gboolean isolates;
} GstH264LivePaySettings;

/* Returns: (transfer none): the table of these settings. */
const GstSetting *gst_h264_live_pay_settings_table (void);

/* The signal "encoder-setup". */
void gst_h264_live_pay_settings_install_signals (GType type);

/* Sets @choice, which emits that signal and has no caps. */
void gst_h264_live_pay_settings_choose (const GstH264LivePaySettings *self,
    GstElement *element, GstCodecChoice *choice);

/* Of the properties that rtmpwebrtcsink has as well. */
#define GST_H264_LIVE_PAY_DECODER_BLURB                                        \
  "The decoder of video that is transcoded, such as avdec_h264, whatever "     \
  "its rank. By default, or if it can't be used for the video, it is the "     \
  "one with the highest rank that can; applies to transcodes that begin later"
#define GST_H264_LIVE_PAY_ENCODER_BLURB                                        \
  "The encoder of video that is transcoded, such as vah264enc, whatever its "  \
  "rank. By default, or if it can't be used, it is the one with the highest "  \
  "rank that can; applies to transcodes that begin later"
#define GST_H264_LIVE_PAY_ISOLATE_BLURB                                        \
  "Whether software decodes video that is transcoded in a process of its "     \
  "own, so that a stream that makes the decoder crash ends nothing else; "     \
  "applies to transcodes that begin later"

G_END_DECLS
