/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A server and its streams: what each pad pushed is kept under one lock. */

#include "tests/support/rtmpserver.h"

#include "gst/rtmp/chunk.h"
#include "gst/rtmp/control.h"
#include "gst/rtmp/handshake.h"

#include <gst/check/gstcheck.h>
#include <string.h>

#define HANDSHAKE_BYTES (1 + 2 * RTMP_HANDSHAKE_BLOCK_BYTES)

const Capture captures[N_CAPTURES] = {
  { "ffmpeg.bin", 152, 218, 150, 217 },
  { "gst-rtmp2sink.bin", 152, 217, 150, 216 },
  { "gst-rtmpsink-librtmp.bin", 152, 217, 150, 216 },
  { "obs-publish.bin", 167, 256, 166, 255 },
  { "obs-publish-zerolatency.bin", 152, 236, 151, 235 },
};

static GstFlowReturn
chain_locked (Stream *self, GstBuffer *buffer)
{
  GstMapInfo map;

  while (g_strcmp0 (self->name, self->server->blocked_name) == 0 &&
      !self->is_flushing)
    g_cond_wait (&self->server->changed, &self->server->lock);
  if (self->is_flushing)
    return GST_FLOW_FLUSHING;
  if (g_strcmp0 (self->name, self->server->broken_name) == 0)
    return GST_FLOW_ERROR;

  if (self->n_buffers++ == 0)
    self->is_header_first =
        GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_HEADER) &&
        gst_buffer_get_size (buffer) == FLV_HEADER_BYTES;
  ck_assert (gst_buffer_map (buffer, &map, GST_MAP_READ));
  g_byte_array_append (self->flv, map.data, map.size);
  gst_buffer_unmap (buffer, &map);
  return GST_FLOW_OK;
}

static GstFlowReturn
chain (GstPad *pad, GstObject *parent, GstBuffer *buffer)
{
  Stream *self = gst_pad_get_element_private (pad);
  GstFlowReturn flow;

  g_mutex_lock (&self->server->lock);
  flow = chain_locked (self, buffer);
  g_cond_broadcast (&self->server->changed);
  g_mutex_unlock (&self->server->lock);
  gst_buffer_unref (buffer);
  return flow;
}

static gboolean
take_event (GstPad *pad, GstObject *parent, GstEvent *event)
{
  Stream *self = gst_pad_get_element_private (pad);

  g_mutex_lock (&self->server->lock);
  if (GST_EVENT_TYPE (event) == GST_EVENT_EOS)
    self->is_eos = TRUE;
  if (GST_EVENT_TYPE (event) == GST_EVENT_FLUSH_START)
    self->is_flushing = TRUE;
  g_cond_broadcast (&self->server->changed);
  while (GST_EVENT_TYPE (event) == GST_EVENT_EOS && self->server->blocks_eos &&
      !self->is_flushing)
    g_cond_wait (&self->server->changed, &self->server->lock);
  g_mutex_unlock (&self->server->lock);
  gst_event_unref (event);
  return TRUE;
}

static gchar *
name_of (GstPad *pad)
{
  GstEvent *event = gst_pad_get_sticky_event (pad, GST_EVENT_STREAM_START, 0);
  gchar *name;

  ck_assert (event != NULL);
  name = g_strdup (gst_structure_get_string (gst_event_get_structure (event),
      "stream-name"));
  gst_event_unref (event);
  return name;
}

static void
on_pad_added (GstElement *src, GstPad *pad, Server *self)
{
  Stream *stream = g_new0 (Stream, 1);

  stream->server = self;
  stream->pad_name = gst_pad_get_name (pad);
  stream->name = name_of (pad);
  stream->flv = g_byte_array_new ();
  stream->sink = gst_pad_new (NULL, GST_PAD_SINK);
  gst_pad_set_element_private (stream->sink, stream);
  gst_pad_set_chain_function (stream->sink, chain);
  gst_pad_set_event_function (stream->sink, take_event);
  gst_pad_set_active (stream->sink, TRUE);
  ck_assert_int_eq (gst_pad_link (pad, stream->sink), GST_PAD_LINK_OK);

  g_mutex_lock (&self->lock);
  g_ptr_array_add (self->streams, stream);
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
}

static void
on_pad_removed (GstElement *src, GstPad *pad, Server *self)
{
  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->streams->len; i++) {
    Stream *stream = g_ptr_array_index (self->streams, i);

    if (g_strcmp0 (stream->pad_name, GST_PAD_NAME (pad)) == 0)
      stream->is_removed = TRUE;
  }
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
}

static void
on_changed (GObject *src, GParamSpec *pspec, Server *self)
{
  g_mutex_lock (&self->lock);
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
}

static void
stream_free (gpointer data)
{
  Stream *self = data;

  gst_pad_set_active (self->sink, FALSE);
  gst_object_unref (self->sink);
  g_byte_array_unref (self->flv);
  g_free (self->pad_name);
  g_free (self->name);
  g_free (self);
}

void
server_start (Server *self)
{
  ck_assert_int_ne (gst_element_set_state (self->pipeline, GST_STATE_PLAYING),
      GST_STATE_CHANGE_FAILURE);
  g_object_get (self->src, "port", &self->port, NULL);
  ck_assert_uint_ne (self->port, 0);
}

void
server_stop (Server *self)
{
  ck_assert_int_eq (gst_element_set_state (self->pipeline, GST_STATE_READY),
      GST_STATE_CHANGE_SUCCESS);
}

Server *
server_new (void)
{
  Server *self = g_new0 (Server, 1);

  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
  self->streams = g_ptr_array_new_with_free_func (stream_free);
  self->pipeline = gst_pipeline_new (NULL);
  self->src = gst_element_factory_make ("rtmpserversrc", NULL);
  ck_assert (self->src != NULL);
  g_object_set (self->src, "port", 0, "address", "127.0.0.1", NULL);
  g_signal_connect (self->src, "pad-added", G_CALLBACK (on_pad_added), self);
  g_signal_connect (self->src, "pad-removed", G_CALLBACK (on_pad_removed),
      self);
  g_signal_connect (self->src, "notify::n-publishers", G_CALLBACK (on_changed),
      self);
  g_signal_connect (self->src, "notify::n-players", G_CALLBACK (on_changed),
      self);
  gst_bin_add (GST_BIN (self->pipeline), self->src);
  return self;
}

Server *
server_new_started (void)
{
  Server *self = server_new ();

  server_start (self);
  return self;
}

void
server_free (Server *self)
{
  gst_element_set_state (self->pipeline, GST_STATE_NULL);
  gst_object_unref (self->pipeline);
  g_ptr_array_unref (self->streams);
  g_cond_clear (&self->changed);
  g_mutex_clear (&self->lock);
  g_free (self);
}

void
server_wait_until (Server *self, Claim claim, guint n, const gchar *what)
{
  gint64 deadline_us = g_get_monotonic_time () + PATIENCE_US;

  g_mutex_lock (&self->lock);
  while (!claim (self, n)) {
    if (!g_cond_wait_until (&self->changed, &self->lock, deadline_us))
      ck_abort_msg ("never happened: %s, %u", what, n);
  }
  g_mutex_unlock (&self->lock);
}

gboolean
server_holds (Server *self, Claim claim, guint n)
{
  gboolean holds;

  g_mutex_lock (&self->lock);
  holds = claim (self, n);
  g_mutex_unlock (&self->lock);
  return holds;
}

gboolean
has_streams (Server *self, guint n)
{
  return self->streams->len >= n;
}

gboolean
has_removed (Server *self, guint n)
{
  guint n_removed = 0;

  for (guint i = 0; i < self->streams->len; i++)
    n_removed += ((Stream *) g_ptr_array_index (self->streams, i))->is_removed;
  return n_removed >= n;
}

gboolean
has_publishers (Server *self, guint n)
{
  guint n_publishers;

  g_object_get (self->src, "n-publishers", &n_publishers, NULL);
  return n_publishers == n;
}

Stream *
stream_at (Server *self, guint index)
{
  ck_assert_uint_lt (index, self->streams->len);
  return g_ptr_array_index (self->streams, index);
}

Tags
count_tags (const Stream *stream)
{
  const guint8 *data = stream->flv->data;
  guint size = stream->flv->len;
  guint offset = FLV_HEADER_BYTES;
  Tags tags = { 0 };

  ck_assert (stream->is_header_first);
  ck_assert_int_eq (memcmp (data, "FLV\1\5\0\0\0\x09\0\0\0\0", offset), 0);
  while (offset < size) {
    guint tag_size = TAG_HEADER_BYTES + GST_READ_UINT24_BE (data + offset + 1);
    const guint8 *tail = data + offset + tag_size;

    ck_assert_uint_le (offset + tag_size + TAG_TAIL_BYTES, size);
    ck_assert_uint_eq (tail[0] << 24 | GST_READ_UINT24_BE (tail + 1), tag_size);
    tags.n_video += data[offset] == 9;
    tags.n_audio += data[offset] == 8;
    tags.n_script += data[offset] == 18;
    offset += tag_size + TAG_TAIL_BYTES;
  }
  return tags;
}

Client
client_new_at (guint port, guint capture)
{
  g_autoptr (GSocketClient) sockets = g_socket_client_new ();
  g_autofree gchar *path = g_build_filename (g_getenv ("SUPPORT_DIR"),
      "captures", captures[capture].file, NULL);
  Client self = { 0 };

  ck_assert (g_file_get_contents (path, &self.data, &self.size, NULL));
  self.connection =
      g_socket_client_connect_to_host (sockets, "127.0.0.1", port, NULL, NULL);
  ck_assert (self.connection != NULL);
  self.stream = g_object_ref (G_IO_STREAM (self.connection));
  g_socket_set_timeout (g_socket_connection_get_socket (self.connection),
      PATIENCE_US / G_USEC_PER_SEC);
  return self;
}

Client
client_new (Server *server, guint capture)
{
  return client_new_at (server->port, capture);
}

void
client_clear (Client *self)
{
  g_clear_object (&self->stream);
  g_clear_object (&self->connection);
  g_clear_pointer (&self->data, g_free);
}

void
client_rename (Client *self, const gchar *name)
{
  ck_assert_uint_eq (strlen (name), 3);
  for (gsize i = 0; i + 5 <= OPENING_BYTES; i++) {
    if (memcmp (self->data + i, "\0\3cam", 5) == 0)
      memcpy (self->data + i + 2, name, 3);
  }
}

void
client_send (Client *self, gsize end)
{
  GOutputStream *out = g_io_stream_get_output_stream (self->stream);

  ck_assert_uint_le (end, self->size);
  ck_assert (g_output_stream_write_all (out, self->data + self->n_sent,
      end - self->n_sent, NULL, NULL, NULL));
  self->n_sent = end;
}

gchar *
client_listen (Client *self)
{
  GInputStream *in = g_io_stream_get_input_stream (self->stream);
  GString *said = g_string_new (NULL);
  gchar bytes[4096];
  gssize n_read;

  while ((n_read = g_input_stream_read (in, bytes, sizeof bytes, NULL, NULL)) >
      0) {
    for (gssize i = 0; i < n_read; i++)
      g_string_append_c (said, bytes[i] == 0 ? '.' : bytes[i]);
  }
  return g_string_free (said, FALSE);
}

void
client_leave (Client *self)
{
  g_autofree gchar *said = NULL;

  ck_assert (
      g_socket_shutdown (g_socket_connection_get_socket (self->connection),
          FALSE, TRUE, NULL));
  said = client_listen (self);
}

gsize
client_end_of_video (const Client *client, guint n)
{
  RtmpChunkReader *reader = rtmp_chunk_reader_new ();
  const guint8 *data = (const guint8 *) client->data + HANDSHAKE_BYTES;
  gsize left = client->size - HANDSHAKE_BYTES;
  RtmpMessage message;

  while (n > 0) {
    ck_assert_int_eq (rtmp_chunk_reader_read (reader, &data, &left, &message),
        RTMP_CHUNK_MESSAGE);
    if (message.type == RTMP_MESSAGE_SET_CHUNK_SIZE) {
      guint32 size;

      ck_assert (rtmp_control_read_number (&message, &size));
      rtmp_chunk_reader_set_chunk_size (reader, size);
    }
    n -= message.type == RTMP_MESSAGE_VIDEO;
    rtmp_message_clear (&message);
  }
  ck_assert (rtmp_chunk_reader_is_idle (reader));
  rtmp_chunk_reader_free (reader);
  return client->size - left;
}

GstMessage *
server_hears (Server *self, const gchar *name)
{
  GstBus *bus = gst_element_get_bus (self->pipeline);
  GstMessage *message;

  /* Ends with the message that is looked for, or with none. */
  for (;;) {
    message = gst_bus_timed_pop_filtered (bus, PATIENCE_US * GST_USECOND,
        GST_MESSAGE_ELEMENT);
    ck_assert_msg (message != NULL, "%s", name);
    if (gst_message_has_name (message, name))
      break;
    gst_message_unref (message);
  }
  gst_object_unref (bus);
  return message;
}
