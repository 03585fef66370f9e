/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Removes what decoders don't need: see gsth264strip.h. */

#include "gst/live/gsth264strip.h"

#include "gst/live/h264frame.h"

/* Takes @buffer. Returns: (transfer full): @buffer without the units that no
 * decoder needs. */
static GstBuffer *
strip (GstBuffer *buffer, const GstMapInfo *map)
{
  GstBuffer *stripped = gst_buffer_new_allocate (NULL, map->size, NULL);
  GstMapInfo out;

  gst_buffer_map (stripped, &out, GST_MAP_WRITE);
  gst_buffer_set_size (stripped,
      h264_frame_strip (map->data, map->size, out.data));
  gst_buffer_unmap (stripped, &out);
  gst_buffer_copy_into (stripped, buffer, GST_BUFFER_COPY_METADATA, 0, -1);
  return stripped;
}

/* Takes @buffer. A recovery point or an intra frame is not a key frame for
 * browsers. Returns: (transfer full): @buffer with the correct flag. */
static GstBuffer *
flag (GstBuffer *buffer, gboolean is_key)
{
  gboolean is_delta =
      GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_DELTA_UNIT);

  if (is_delta == !is_key)
    return buffer;
  buffer = gst_buffer_make_writable (buffer);
  if (is_key)
    GST_BUFFER_FLAG_UNSET (buffer, GST_BUFFER_FLAG_DELTA_UNIT);
  else
    GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_DELTA_UNIT);
  return buffer;
}

/* Applies to frames of both the publisher and the encoder. */
static GstPadProbeReturn
on_frame (GstPad *pad, GstPadProbeInfo *info, gpointer unused)
{
  GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER (info);
  GstBuffer *stripped = NULL;
  H264Frame frame;
  GstMapInfo map;

  if (!gst_buffer_map (buffer, &map, GST_MAP_READ))
    return GST_PAD_PROBE_OK;
  h264_frame_read (&frame, map.data, map.size);
  if (frame.has_extras)
    stripped = strip (buffer, &map);
  gst_buffer_unmap (buffer, &map);

  if (stripped != NULL) {
    gst_buffer_unref (buffer);
    buffer = stripped;
  }
  buffer = flag (buffer, frame.is_key);
  GST_PAD_PROBE_INFO_DATA (info) = buffer;
  return gst_buffer_get_size (buffer) > 0 ? GST_PAD_PROBE_OK
                                          : GST_PAD_PROBE_DROP;
}

void
gst_h264_strip_add (GstPad *pad)
{
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, on_frame, NULL, NULL);
}
