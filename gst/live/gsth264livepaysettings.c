/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The properties of h264livepay: see gsth264livepaysettings.h. */

#include "gst/live/gsth264livepaysettings.h"

#include "gst/live/gstbframes.h"
#include "gst/live/gstpicturelimit.h"

#define AT(member) G_STRUCT_OFFSET (GstH264LivePaySettings, member)

static const GstSetting table[] = {
  { .name = "b-frames",
      .kind = GST_SETTING_ENUM,
      .offset = AT (b_frames),
      .flags = GST_SETTING_PLAYING,
      .enum_type = gst_rtmp_webrtc_b_frames_get_type,
      .default_value = GST_RTMP_WEBRTC_B_FRAMES_TRANSCODE,
      .nick = "B-frames",
      .blurb =
          "What to do with a stream that has B-frames, which browsers drop "
          "or freeze at, or that has no further IDR frames, which browsers "
          "need to start; applies when either is detected" },
  { .name = "max-picture-area",
      .kind = GST_SETTING_UINT,
      .offset = AT (max_area),
      .flags = GST_SETTING_PLAYING,
      .default_value = GST_PICTURE_DEFAULT_MAX_AREA,
      .param_spec_new = gst_picture_limit_param_spec },
  { .name = "decoder",
      .kind = GST_SETTING_STRING,
      .offset = AT (decoder),
      .flags = GST_SETTING_PLAYING,
      .nick = "Video decoder",
      .blurb = GST_H264_LIVE_PAY_DECODER_BLURB },
  { .name = "encoder",
      .kind = GST_SETTING_STRING,
      .offset = AT (encoder),
      .flags = GST_SETTING_PLAYING,
      .nick = "H.264 encoder",
      .blurb = GST_H264_LIVE_PAY_ENCODER_BLURB },
  { .name = "isolate-decoders",
      .kind = GST_SETTING_BOOLEAN,
      .offset = AT (isolates),
      .flags = GST_SETTING_PLAYING,
      .default_value = TRUE,
      .nick = "Isolate decoders",
      .blurb = GST_H264_LIVE_PAY_ISOLATE_BLURB },
  { NULL },
};

const GstSetting *
gst_h264_live_pay_settings_table (void)
{
  return table;
}

void
gst_h264_live_pay_settings_install_signals (GType type)
{
  /**
   * GstH264LivePay::encoder-setup:
   * @pay: the element
   * @encoder: the encoder, which has our settings
   *
   * Emitted in the streaming thread before an encoder is started, so that the
   * application can set its properties.
   *
   * Since: 0.1
   */
  g_signal_new ("encoder-setup", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
      G_TYPE_NONE, 1, GST_TYPE_ELEMENT);
}

/* A GstCodecChoice's function. */
static void
set_up_encoder (gpointer sender, GstElement *encoder, gpointer element)
{
  g_signal_emit_by_name (element, "encoder-setup", encoder);
}

void
gst_h264_live_pay_settings_choose (const GstH264LivePaySettings *self,
    GstElement *element, GstCodecChoice *choice)
{
  GST_OBJECT_LOCK (element);
  *choice = (GstCodecChoice){
    .decoder = g_strdup (self->decoder),
    .encoder = g_strdup (self->encoder),
    .isolates = self->isolates,
    .set_up = set_up_encoder,
    .user_data = element,
    .element = element,
  };
  GST_OBJECT_UNLOCK (element);
}
