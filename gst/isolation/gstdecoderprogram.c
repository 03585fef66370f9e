/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* rtmp-webrtc-decoder: decodes what it is sent over the socket ISOLATION_FD,
 * one frame after the other, and sends the pictures back (wire.h). It is
 * started by isolateddecoder, and ends with it.
 *
 *     rtmp-webrtc-decoder CHAIN THREADS
 */

#include "gst/isolation/gstdecoderthreads.h"
#include "gst/isolation/gstwirepicture.h"
#include "gst/isolation/process-io.h"
#include "gst/isolation/sandbox-io.h"
#include "gst/isolation/stream-io.h"

#include <stdlib.h>

/* Where a frame that can't be decoded leaves nothing to be done. */
#define FAILED 2

static GstVideoInfo decoded; /* as it comes out of the decoder */
static GstVideoInfo sent;    /* as it is sent, with default strides */

static void
check (gboolean is_done)
{
  if (!is_done)
    exit (FAILED);
}

static gboolean
is_as_sent (const GstVideoFrame *frame)
{
  for (guint i = 0; i < GST_VIDEO_FRAME_N_PLANES (frame); i++) {
    if (GST_VIDEO_FRAME_PLANE_STRIDE (frame, i) !=
            GST_VIDEO_INFO_PLANE_STRIDE (&sent, i) ||
        (guint8 *) GST_VIDEO_FRAME_PLANE_DATA (frame, i) !=
            (guint8 *) GST_VIDEO_FRAME_PLANE_DATA (frame, 0) +
                GST_VIDEO_INFO_PLANE_OFFSET (&sent, i))
      return FALSE;
  }
  return TRUE;
}

/* Returns: (transfer full): a copy with default strides. */
static GstBuffer *
repack (GstVideoFrame *frame)
{
  GstBuffer *copy =
      gst_buffer_new_allocate (NULL, GST_VIDEO_INFO_SIZE (&sent), NULL);
  GstVideoFrame to;

  check (gst_video_frame_map (&to, &sent, copy, GST_MAP_WRITE));
  check (gst_video_frame_copy (&to, frame));
  gst_video_frame_unmap (&to);
  return copy;
}

static void
send_bytes (const WireHeader *header, const guint8 *data)
{
  check (isolation_stream_write (ISOLATION_FD, header, sizeof *header) &&
      isolation_stream_write (ISOLATION_FD, data, header->size));
}

static void
send_picture (GstBuffer *buffer)
{
  WireHeader header = {
    .kind = WIRE_FRAME,
    .size = GST_VIDEO_INFO_SIZE (&sent),
    .pts = GST_BUFFER_PTS (buffer),
    .dts = GST_BUFFER_DTS (buffer),
    .duration = GST_BUFFER_DURATION (buffer),
    .flags = GST_BUFFER_FLAGS (buffer),
  };
  GstVideoFrame frame;

  check (gst_video_frame_map (&frame, &decoded, buffer, GST_MAP_READ));
  if (is_as_sent (&frame)) {
    send_bytes (&header, GST_VIDEO_FRAME_PLANE_DATA (&frame, 0));
  } else {
    g_autoptr (GstBuffer) copy = repack (&frame);
    GstMapInfo map;

    check (gst_buffer_map (copy, &map, GST_MAP_READ));
    send_bytes (&header, map.data);
    gst_buffer_unmap (copy, &map);
  }
  gst_video_frame_unmap (&frame);
}

static GstFlowReturn
on_picture (GstPad *pad, GstObject *parent, GstBuffer *buffer)
{
  send_picture (buffer);
  gst_buffer_unref (buffer);
  return GST_FLOW_OK;
}

static void
take_format (GstEvent *event)
{
  WireHeader header = { .kind = WIRE_PICTURE, .size = sizeof (WirePicture) };
  WirePicture picture;
  GstCaps *caps;

  gst_event_parse_caps (event, &caps);
  check (gst_video_info_from_caps (&decoded, caps));
  /* Otherwise it would be the default of the format. */
  if (!gst_structure_has_field (gst_caps_get_structure (caps, 0),
          "chroma-site"))
    decoded.chroma_site = GST_VIDEO_CHROMA_SITE_UNKNOWN;
  gst_wire_picture_pack (&picture, &decoded);
  check (gst_wire_picture_unpack (&picture, &sent));
  send_bytes (&header, (const guint8 *) &picture);
}

static gboolean
on_event (GstPad *pad, GstObject *parent, GstEvent *event)
{
  static const WireHeader end = { .kind = WIRE_END };

  if (GST_EVENT_TYPE (event) == GST_EVENT_CAPS)
    take_format (event);
  else if (GST_EVENT_TYPE (event) == GST_EVENT_EOS)
    send_bytes (&end, NULL);
  gst_event_unref (event);
  return TRUE;
}

static void
push_caps (GstPad *src, gchar *text)
{
  g_autoptr (GstCaps) caps = gst_caps_from_string (text);
  GstSegment segment;

  check (caps != NULL);
  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_pad_push_event (src, gst_event_new_caps (caps));
  gst_pad_push_event (src, gst_event_new_segment (&segment));
}

static void
push_frame (GstPad *src, const WireHeader *header, guint8 *data)
{
  GstBuffer *buffer = gst_buffer_new_wrapped (data, header->size);

  GST_BUFFER_PTS (buffer) = header->pts;
  GST_BUFFER_DTS (buffer) = header->dts;
  GST_BUFFER_DURATION (buffer) = header->duration;
  GST_BUFFER_FLAG_SET (buffer,
      header->flags &
          (GST_BUFFER_FLAG_DELTA_UNIT | GST_BUFFER_FLAG_DISCONT |
              GST_BUFFER_FLAG_HEADER));
  check (gst_pad_push (src, buffer) == GST_FLOW_OK);
}

/* Ends with the socket. */
static void
serve (GstPad *src)
{
  WireHeader header;

  gst_pad_push_event (src, gst_event_new_stream_start ("isolated"));
  while (isolation_stream_read (ISOLATION_FD, &header, sizeof header)) {
    g_autofree guint8 *data = NULL;

    check (wire_is_request (&header));
    data = g_malloc0 (header.size + 1);
    check (isolation_stream_read (ISOLATION_FD, data, header.size));
    if (header.kind == WIRE_CAPS)
      push_caps (src, (gchar *) data);
    else if (header.kind == WIRE_FRAME)
      push_frame (src, &header, g_steal_pointer (&data));
    else
      gst_pad_push_event (src, gst_event_new_eos ());
  }
}

/* Nothing has a queue, so that each frame is decoded in the call that pushes
 * it. */
static GstPad *
open_chain (const gchar *chain, guint n_threads)
{
  g_autoptr (GError) error = NULL;
  GstElement *bin = gst_parse_bin_from_description_full (chain, TRUE, NULL,
      GST_PARSE_FLAG_FATAL_ERRORS | GST_PARSE_FLAG_PLACE_IN_BIN, &error);
  GstPad *src = gst_object_ref_sink (gst_pad_new (NULL, GST_PAD_SRC));
  GstPad *sink = gst_object_ref_sink (gst_pad_new (NULL, GST_PAD_SINK));

  if (bin == NULL) {
    g_printerr ("rtmp-webrtc-decoder: %s\n", error->message);
    exit (FAILED);
  }
  gst_object_ref_sink (bin);
  gst_decoder_threads_limit (GST_BIN (bin), n_threads);
  gst_pad_set_chain_function (sink, on_picture);
  gst_pad_set_event_function (sink, on_event);
  gst_pad_set_active (sink, TRUE);
  gst_pad_set_active (src, TRUE);
  check (gst_pad_link (src, gst_element_get_static_pad (bin, "sink")) ==
      GST_PAD_LINK_OK);
  check (gst_pad_link (gst_element_get_static_pad (bin, "src"), sink) ==
      GST_PAD_LINK_OK);
  check (gst_element_set_state (bin, GST_STATE_PLAYING) !=
      GST_STATE_CHANGE_FAILURE);
  return src;
}

int
main (int argc, char **argv)
{
  GstPad *src;

  if (argc != 3) {
    g_printerr ("This program decodes for the GStreamer element "
                "isolateddecoder and is of no use alone.\n");
    return FAILED;
  }
  gst_init (NULL, NULL);
  /* Caps have fields of this type, and no plugin's parser registers it here. */
  g_type_ensure (GST_TYPE_VIDEO_MULTIVIEW_FLAGSET);
  src = open_chain (argv[1], CLAMP (atoi (argv[2]), 1, 64));
  isolation_sandbox_enter ();
  serve (src);
  /* What is still allocated ends with the process. */
  _Exit (0);
}
