/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Replies of an isolated decoder: see gstreplyreader.h. */

#include "gst/isolation/gstreplyreader.h"

#include "gst/isolation/gstwirepicture.h"

/* What of a picture's flags the decoder may set. */
#define PICTURE_FLAGS                                                          \
  (GST_BUFFER_FLAG_DISCONT | GST_BUFFER_FLAG_CORRUPTED |                       \
      GST_VIDEO_BUFFER_FLAG_INTERLACED | GST_VIDEO_BUFFER_FLAG_TFF |           \
      GST_VIDEO_BUFFER_FLAG_RFF | GST_VIDEO_BUFFER_FLAG_ONEFIELD)

void
gst_reply_reader_clear (GstReplyReader *self)
{
  if (self->pool != NULL)
    gst_buffer_pool_set_active (self->pool, FALSE);
  gst_clear_object (&self->pool);
}

static gboolean
open_pool (GstReplyReader *self, GstCaps *caps)
{
  GstStructure *config;

  gst_reply_reader_clear (self);
  self->pool = gst_buffer_pool_new ();
  config = gst_buffer_pool_get_config (self->pool);
  gst_buffer_pool_config_set_params (config, caps,
      GST_VIDEO_INFO_SIZE (&self->info), 0, 0);
  return gst_buffer_pool_set_config (self->pool, config) &&
      gst_buffer_pool_set_active (self->pool, TRUE);
}

/* Returns: (nullable) (transfer full) */
static GstCaps *
read_format (GstReplyReader *self, IsolationProcess *process)
{
  g_autoptr (GstCaps) caps = NULL;
  WirePicture picture;

  if (!isolation_process_read (process, &picture, sizeof picture) ||
      !gst_wire_picture_unpack (&picture, &self->info) ||
      GST_VIDEO_INFO_SIZE (&self->info) > WIRE_MAX_PICTURE)
    return NULL;
  caps = gst_video_info_to_caps (&self->info);
  return open_pool (self, caps) ? g_steal_pointer (&caps) : NULL;
}

static gboolean
fill (GstBuffer *buffer, IsolationProcess *process, const WireHeader *header)
{
  GstMapInfo map;
  gboolean result;

  if (!gst_buffer_map (buffer, &map, GST_MAP_WRITE))
    return FALSE;
  result = isolation_process_read (process, map.data, header->size);
  gst_buffer_unmap (buffer, &map);
  GST_BUFFER_PTS (buffer) = header->pts;
  GST_BUFFER_DTS (buffer) = header->dts;
  GST_BUFFER_DURATION (buffer) = header->duration;
  GST_BUFFER_FLAG_SET (buffer, header->flags & PICTURE_FLAGS);
  return result;
}

/* Returns: (nullable) (transfer full) */
static GstBuffer *
read_picture (GstReplyReader *self, IsolationProcess *process,
    const WireHeader *header)
{
  GstBuffer *buffer = NULL;

  if (self->pool == NULL || header->size != GST_VIDEO_INFO_SIZE (&self->info) ||
      gst_buffer_pool_acquire_buffer (self->pool, &buffer, NULL) != GST_FLOW_OK)
    return NULL;
  if (!fill (buffer, process, header))
    gst_clear_buffer (&buffer);
  return buffer;
}

GstReply
gst_reply_reader_read (GstReplyReader *self, IsolationProcess *process,
    GstCaps **caps, GstBuffer **picture)
{
  WireHeader header;

  if (!isolation_process_read (process, &header, sizeof header) ||
      !wire_is_reply (&header))
    return GST_REPLY_NONE;
  switch ((WireKind) header.kind) {
    case WIRE_PICTURE:
      *caps = read_format (self, process);
      return *caps != NULL ? GST_REPLY_FORMAT : GST_REPLY_NONE;
    case WIRE_FRAME:
      *picture = read_picture (self, process, &header);
      return *picture != NULL ? GST_REPLY_PICTURE : GST_REPLY_NONE;
    case WIRE_END:
      return GST_REPLY_END;
    case WIRE_CAPS:
      return GST_REPLY_NONE;
  }
  g_return_val_if_reached (GST_REPLY_NONE);
}
