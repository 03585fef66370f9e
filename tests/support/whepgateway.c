/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A pipeline with a whepsink: see whepgateway.h. */

#include "tests/support/whepgateway.h"

#include <gst/check/gstcheck.h>
#include <gst/rtp/gstrtpbuffer.h>
#include <gio/gio.h>
#include <string.h>

#define REPLY_BYTES 4096

GstStateChangeReturn
gateway_play (Gateway *self)
{
  return gst_element_set_state (self->pipeline, GST_STATE_PLAYING);
}

void
gateway_init (Gateway *self, guint port)
{
  self->pipeline = gst_pipeline_new (NULL);
  self->sink = gst_element_factory_make ("whepsink", NULL);
  ck_assert (self->sink != NULL);
  g_object_set (self->sink, "address", "127.0.0.1", "port", port, NULL);
  gst_bin_add (GST_BIN (self->pipeline), self->sink);
  self->bus = gst_element_get_bus (self->pipeline);
}

void
gateway_start (Gateway *self)
{
  gateway_init (self, 0);
  ck_assert_int_eq (gateway_play (self), GST_STATE_CHANGE_SUCCESS);
}

void
gateway_clear (Gateway *self)
{
  gst_element_set_state (self->pipeline, GST_STATE_NULL);
  gst_object_unref (self->bus);
  gst_object_unref (self->pipeline);
}

guint
gateway_port (Gateway *self)
{
  guint port;

  g_object_get (self->sink, "port", &port, NULL);
  return port;
}

/* The HTTP response, head and body. */
gchar *
gateway_ask (Gateway *self, const gchar *path)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) connection =
      g_socket_client_connect_to_host (client, "127.0.0.1", gateway_port (self),
          NULL, NULL);
  g_autofree gchar *request = g_strdup_printf (
      "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n", path);
  gchar *reply = g_malloc0 (REPLY_BYTES);
  gsize n_read;

  ck_assert (connection != NULL);
  ck_assert (g_output_stream_write_all (g_io_stream_get_output_stream (
                                            G_IO_STREAM (connection)),
      request, strlen (request), NULL, NULL, NULL));
  ck_assert (g_input_stream_read_all (g_io_stream_get_input_stream (
                                          G_IO_STREAM (connection)),
      reply, REPLY_BYTES - 1, &n_read, NULL, NULL));
  return reply;
}

gboolean
gateway_lists (Gateway *self, const gchar *words)
{
  g_autofree gchar *reply = gateway_ask (self, "/api/streams");

  return strstr (reply, words) != NULL;
}

/* @property and @upstream may be NULL. */
void
track_begin (Track *self, Gateway *gateway, const gchar *template,
    const gchar *property, const gchar *upstream, const gchar *words)
{
  GstEvent *start = gst_event_new_stream_start ("track");
  g_autoptr (GstCaps) caps = gst_caps_from_string (words);
  GstSegment segment;

  self->seq = 0;
  self->gateway = gateway->sink;
  self->src = gst_pad_new ("src", GST_PAD_SRC);
  gst_pad_set_active (self->src, TRUE);
  self->sink = gst_element_request_pad_simple (gateway->sink, template);
  ck_assert (self->sink != NULL);
  g_object_set (self->sink, "rendition", self->is_rendition, "rendition-codec",
      self->rendition_codec, NULL);
  if (property != NULL)
    g_object_set (self->sink, "stream-name", property, NULL);
  ck_assert_int_eq (gst_pad_link (self->src, self->sink), GST_PAD_LINK_OK);

  if (upstream != NULL)
    gst_structure_set (gst_event_writable_structure (start), "stream-name",
        G_TYPE_STRING, upstream, NULL);
  ck_assert (gst_pad_push_event (self->src, start));
  ck_assert (gst_pad_push_event (self->src, gst_event_new_caps (caps)));
  gst_segment_init (&segment, GST_FORMAT_TIME);
  ck_assert (gst_pad_push_event (self->src, gst_event_new_segment (&segment)));
}

void
track_end (Track *self)
{
  gst_pad_unlink (self->src, self->sink);
  gst_element_release_request_pad (self->gateway, self->sink);
  gst_object_unref (self->sink);
  gst_object_unref (self->src);
}

/* The first frame's timestamp is 0, the value of a timestamp that was never
 * set. */
GstFlowReturn
track_push (Track *self, guint payload_bytes)
{
  GstBuffer *buffer = gst_rtp_buffer_new_allocate (payload_bytes, 0, 0);
  GstRTPBuffer rtp = GST_RTP_BUFFER_INIT;

  ck_assert (gst_rtp_buffer_map (buffer, GST_MAP_WRITE, &rtp));
  gst_rtp_buffer_set_seq (&rtp, self->seq);
  gst_rtp_buffer_set_timestamp (&rtp, self->seq++ * 3000);
  gst_rtp_buffer_unmap (&rtp);
  GST_BUFFER_PTS (buffer) = 0;
  return gst_pad_push (self->src, buffer);
}

guint
gateway_n_viewers (Gateway *self)
{
  guint n_viewers;

  g_object_get (self->sink, "n-viewers", &n_viewers, NULL);
  return n_viewers;
}
