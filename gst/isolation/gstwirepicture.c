/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The format of pictures, as it is sent: see gstwirepicture.h. */

#include "gst/isolation/gstwirepicture.h"

void
gst_wire_picture_pack (WirePicture *self, const GstVideoInfo *info)
{
  *self = (WirePicture){
    .format = GST_VIDEO_INFO_FORMAT (info),
    .interlace_mode = info->interlace_mode,
    .width = info->width,
    .height = info->height,
    .par_n = info->par_n,
    .par_d = info->par_d,
    .fps_n = info->fps_n,
    .fps_d = info->fps_d,
    .chroma_site = info->chroma_site,
    .range = info->colorimetry.range,
    .matrix = info->colorimetry.matrix,
    .transfer = info->colorimetry.transfer,
    .primaries = info->colorimetry.primaries,
  };
}

/* The formats that decoders in software have, in every version of GStreamer.
 * gst_video_format_get_info() does not check its argument. */
static gboolean
is_known (guint32 format)
{
  static const GstVideoFormat formats[] = { GST_VIDEO_FORMAT_I420,
    GST_VIDEO_FORMAT_YV12, GST_VIDEO_FORMAT_NV12, GST_VIDEO_FORMAT_Y42B,
    GST_VIDEO_FORMAT_Y444, GST_VIDEO_FORMAT_GRAY8, GST_VIDEO_FORMAT_GBR,
    GST_VIDEO_FORMAT_A420, GST_VIDEO_FORMAT_I420_10LE,
    GST_VIDEO_FORMAT_I422_10LE, GST_VIDEO_FORMAT_Y444_10LE,
    GST_VIDEO_FORMAT_GBR_10LE, GST_VIDEO_FORMAT_I420_12LE,
    GST_VIDEO_FORMAT_I422_12LE, GST_VIDEO_FORMAT_Y444_12LE,
    GST_VIDEO_FORMAT_GBR_12LE, GST_VIDEO_FORMAT_GRAY10_LE32,
    GST_VIDEO_FORMAT_GRAY16_LE, GST_VIDEO_FORMAT_I420_10BE,
    GST_VIDEO_FORMAT_I422_10BE, GST_VIDEO_FORMAT_Y444_10BE,
    GST_VIDEO_FORMAT_NV21, GST_VIDEO_FORMAT_Y41B, GST_VIDEO_FORMAT_YUV9,
    GST_VIDEO_FORMAT_BGRA, GST_VIDEO_FORMAT_BGRx, GST_VIDEO_FORMAT_RGB };

  for (guint i = 0; i < G_N_ELEMENTS (formats); i++) {
    if (formats[i] == format)
      return TRUE;
  }
  return FALSE;
}

gboolean
gst_wire_picture_unpack (const WirePicture *self, GstVideoInfo *info)
{
  if (!wire_is_picture (self) || !is_known (self->format) ||
      !gst_video_info_set_interlaced_format (info, self->format,
          self->interlace_mode, self->width, self->height))
    return FALSE;
  info->par_n = self->par_n;
  info->par_d = self->par_d;
  info->fps_n = self->fps_n;
  info->fps_d = self->fps_d;
  info->chroma_site = self->chroma_site;
  info->colorimetry.range = self->range;
  info->colorimetry.matrix = self->matrix;
  info->colorimetry.transfer = self->transfer;
  info->colorimetry.primaries = self->primaries;
  return TRUE;
}
