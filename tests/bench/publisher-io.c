/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An RTMP publisher: see publisher-io.h. */

#include "tests/bench/publisher-io.h"

#include "gst/rtmp/amf0.h"
#include "gst/rtmp/chunk.h"
#include "gst/rtmp/control.h"
#include "gst/rtmp/handshake.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* As ffmpeg's: a frame is one chunk, or a few. */
#define CHUNK_BYTES 60000
#define CSID_AUDIO 4
#define CSID_VIDEO 6
/* The number that the server gives to the first stream of a connection. */
#define STREAM_ID 1
/* Between leaving and coming back. */
#define AWAY_US (300 * 1000)
#define RETRY_US (100 * 1000)
#define ANSWER_LIMIT_S 10

typedef enum
{
  LEAVE_BY_CLOSE,
  LEAVE_BY_RESET,
  LEAVE_BY_SILENCE, /* the next connection takes over */
  N_LEAVES,
} Leave;

struct _Publisher
{
  PublisherParams params;
  FrameTimes *times;
  GThread *thread;
  GByteArray *out;
  int fd;        /* -1: none */
  int silent_fd; /* left behind; -1: none */
  /* Atomic. */
  gint is_done;
  gint n_connections;
  gint n_failures;
  gint n_frames;
};

static void
write_command (GByteArray *out, guint32 stream_id, GByteArray *command)
{
  rtmp_chunk_write (out, RTMP_CSID_COMMAND, CHUNK_BYTES, RTMP_MESSAGE_COMMAND,
      stream_id, 0, command->data, command->len);
  g_byte_array_unref (command);
}

static GByteArray *
new_command (const gchar *name, gdouble transaction)
{
  GByteArray *command = g_byte_array_new ();

  rtmp_amf0_write_string (command, name);
  rtmp_amf0_write_number (command, transaction);
  return command;
}

static void
write_opening (Publisher *self)
{
  GByteArray *connect = new_command ("connect", 1);
  GByteArray *create = new_command ("createStream", 2);
  GByteArray *publish = new_command ("publish", 3);

  rtmp_amf0_begin_object (connect);
  rtmp_amf0_write_key (connect, "app");
  rtmp_amf0_write_string (connect, self->params.app);
  rtmp_amf0_end_object (connect);
  rtmp_amf0_write_null (create);
  rtmp_amf0_write_null (publish);
  rtmp_amf0_write_string (publish, self->params.key);
  rtmp_amf0_write_string (publish, "live");

  rtmp_control_write_number (self->out, RTMP_MESSAGE_SET_CHUNK_SIZE,
      CHUNK_BYTES);
  write_command (self->out, 0, connect);
  write_command (self->out, 0, create);
  write_command (self->out, STREAM_ID, publish);
}

/* Sends what has been written; @key (0: none) identifies the frame that ends
 * with it. Its time is noted before the call that passes the last byte to the
 * kernel, because a viewer may receive the frame before that call returns.
 * Returns FALSE if the server is gone. */
static gboolean
flush (Publisher *self, guint64 key)
{
  gsize n_sent = 0;

  while (n_sent < self->out->len) {
    gssize n_now;

    if (key != 0)
      frame_times_add (self->times, key, g_get_real_time ());
    n_now = send (self->fd, self->out->data + n_sent, self->out->len - n_sent,
        MSG_NOSIGNAL);
    if (n_now <= 0)
      return FALSE;
    n_sent += n_now;
  }
  g_byte_array_set_size (self->out, 0);
  return TRUE;
}

static gboolean
shake_hands (Publisher *self)
{
  guint8 said[1 + 2 * RTMP_HANDSHAKE_BLOCK_BYTES];
  guint8 ours[1 + RTMP_HANDSHAKE_BLOCK_BYTES] = { 3 };

  g_byte_array_append (self->out, ours, sizeof (ours));
  if (!flush (self, 0) ||
      recv (self->fd, said, sizeof (said), MSG_WAITALL) != sizeof (said))
    return FALSE;
  g_byte_array_append (self->out, said + 1, RTMP_HANDSHAKE_BLOCK_BYTES);
  return TRUE;
}

/* The server sends only a few hundred bytes before it accepts us. */
static gboolean
is_let_in (Publisher *self)
{
  static const gchar wanted[] = "NetStream.Publish.Start";
  gchar said[4096];
  gsize size = 0;

  while (size < sizeof (said)) {
    gssize n_now = recv (self->fd, said + size, sizeof (said) - size, 0);

    if (n_now <= 0)
      return FALSE;
    size += n_now;
    if (memmem (said, size, wanted, strlen (wanted)) != NULL)
      return TRUE;
  }
  return FALSE;
}

static void
disconnect (int *fd)
{
  if (*fd >= 0)
    close (*fd);
  *fd = -1;
}

static gboolean
open_connection (Publisher *self)
{
  const struct sockaddr_in to = { .sin_family = AF_INET,
    .sin_port = htons (self->params.port),
    .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  const struct timeval patience = { .tv_sec = ANSWER_LIMIT_S };
  const int yes = 1;

  g_byte_array_set_size (self->out, 0);
  self->fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  setsockopt (self->fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof (patience));
  setsockopt (self->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof (yes));
  if (connect (self->fd, (const struct sockaddr *) &to, sizeof (to)) != 0 ||
      !shake_hands (self))
    return FALSE;
  write_opening (self);
  return flush (self, 0) && is_let_in (self);
}

static void
leave (Publisher *self, Leave how)
{
  const struct linger at_once = { .l_onoff = 1 };

  switch (how) {
    case LEAVE_BY_RESET:
      setsockopt (self->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof (at_once));
      disconnect (&self->fd);
      break;
    case LEAVE_BY_SILENCE:
      self->silent_fd = self->fd;
      self->fd = -1;
      break;
    case LEAVE_BY_CLOSE:
    case N_LEAVES:
      disconnect (&self->fd);
      break;
  }
}

static void
wait_until (const Publisher *self, gint64 due_us)
{
  gint64 wait_us = due_us - g_get_monotonic_time ();

  if (wait_us > 0 && !g_atomic_int_get (&self->is_done))
    g_usleep (wait_us);
}

/* Acknowledgements and pings, which are ignored here. */
static void
ignore_what_is_said (const Publisher *self)
{
  gchar said[4096];

  while (recv (self->fd, said, sizeof (said), MSG_DONTWAIT) > 0)
    continue;
}

static gboolean
send_tag (Publisher *self, const ClipTag *tag, guint32 time_ms)
{
  rtmp_chunk_write (self->out,
      tag->type == RTMP_MESSAGE_VIDEO ? CSID_VIDEO : CSID_AUDIO, CHUNK_BYTES,
      tag->type, STREAM_ID, time_ms, tag->body, tag->size);
  if (!flush (self, tag->key))
    return FALSE;
  if (tag->type == RTMP_MESSAGE_VIDEO && !tag->is_header)
    g_atomic_int_inc (&self->n_frames);
  ignore_what_is_said (self);
  return TRUE;
}

/* Returns FALSE if the server is gone. */
static gboolean
play (Publisher *self, gint64 start_us)
{
  const Clip *clip = self->params.clip;
  gint64 end_us = self->params.reconnect_us == 0
      ? G_MAXINT64
      : start_us + self->params.reconnect_us;

  for (guint i = 0;; i++) {
    const ClipTag *tag = clip_tag (clip, i % clip->tags->len);
    guint32 round = i / clip->tags->len;
    guint32 time_ms = round * clip->duration_ms + tag->time_ms;

    if (tag->is_header && round > 0)
      continue;
    wait_until (self, start_us + (gint64) time_ms * 1000);
    if (g_atomic_int_get (&self->is_done) || g_get_monotonic_time () >= end_us)
      return TRUE;
    if (!send_tag (self, tag, time_ms))
      return FALSE;
  }
}

static gpointer
publish (gpointer data)
{
  Publisher *self = data;

  wait_until (self, self->params.start_us);
  for (guint n = 0; !g_atomic_int_get (&self->is_done); n++) {
    gboolean is_well = open_connection (self);

    disconnect (&self->silent_fd);
    if (is_well) {
      g_atomic_int_inc (&self->n_connections);
      is_well = play (self, g_get_monotonic_time ());
    }
    if (is_well) {
      leave (self, n % N_LEAVES);
      wait_until (self, g_get_monotonic_time () + AWAY_US);
    } else {
      g_atomic_int_inc (&self->n_failures);
      disconnect (&self->fd);
      wait_until (self, g_get_monotonic_time () + RETRY_US);
    }
  }
  disconnect (&self->silent_fd);
  return NULL;
}

Publisher *
publisher_new (const PublisherParams *params)
{
  Publisher *self = g_new0 (Publisher, 1);

  self->params = *params;
  self->times = frame_times_new ();
  self->out = g_byte_array_new ();
  self->fd = -1;
  self->silent_fd = -1;
  self->thread = g_thread_new ("publisher", publish, self);
  return self;
}

void
publisher_free (Publisher *self)
{
  if (self == NULL)
    return;
  g_atomic_int_set (&self->is_done, TRUE);
  g_thread_join (self->thread);
  g_byte_array_unref (self->out);
  frame_times_free (self->times);
  g_free (self);
}

FrameTimes *
publisher_frame_times (Publisher *self)
{
  return self->times;
}

PublisherCounts
publisher_counts (Publisher *self)
{
  return (PublisherCounts){
    .n_connections = g_atomic_int_get (&self->n_connections),
    .n_failures = g_atomic_int_get (&self->n_failures),
    .n_frames = g_atomic_int_get (&self->n_frames),
  };
}
