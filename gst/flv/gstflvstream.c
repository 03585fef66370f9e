/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A track as a GstStream: see gstflvstream.h. */

#include "gst/flv/gstflvstream.h"

#include <gst/pbutils/pbutils.h>

void
flv_stream_set_caps (GstStream *stream, GstCaps *caps)
{
  g_autoptr (GstTagList) tags = gst_tag_list_new_empty ();
  gboolean is_video =
      gst_stream_get_stream_type (stream) == GST_STREAM_TYPE_VIDEO;

  gst_stream_set_caps (stream, caps);
  gst_pb_utils_add_codec_description_to_tag_list (tags,
      is_video ? GST_TAG_VIDEO_CODEC : GST_TAG_AUDIO_CODEC, caps);
  gst_stream_set_tags (stream, tags);
}

GstStream *
flv_stream_new (const gchar *id, FlvTrackKind kind, GstCaps *caps)
{
  GstStream *stream = gst_stream_new (id, NULL,
      kind == FLV_TRACK_VIDEO ? GST_STREAM_TYPE_VIDEO : GST_STREAM_TYPE_AUDIO,
      GST_STREAM_FLAG_NONE);

  flv_stream_set_caps (stream, caps);
  return stream;
}
