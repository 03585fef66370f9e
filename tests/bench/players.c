/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What players over TCP cost a server: publishes a clip to it, plays it many
 * times over, by RTMP or as MP4 over HTTP, and reads the CPU time of the
 * server's process. Without a port, there is no server: a bare loop sends the
 * same bytes to as many sockets, which is the floor. Prints a line of JSON. */

#include "gst/rtmp/amf0.h"
#include "gst/rtmp/chunk.h"
#include "gst/rtmp/handshake.h"
#include "tests/bench/listeners-io.h"
#include "tests/bench/publisher-io.h"
#include "tests/bench/usage-io.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define KEY "bench"
#define STREAM_ID 1
#define CSID_COMMAND 3
#define CSID_MEDIA 6
#define COMMAND_CHUNK_BYTES 128
/* As the gateway's: a frame is one chunk, or a few. */
#define CHUNK_BYTES (64 * 1024)
#define MP4_REQUEST                                                            \
  "GET /live/live/" KEY ".mp4 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
#define SETTLE_US (3 * G_USEC_PER_SEC)

typedef struct
{
  const gchar *name;
  gint port;      /* 0: the bare loop */
  gint http_port; /* 0: players use RTMP */
  gint pid;
  gchar *clip;
  gint n_players;
  gint seconds;
} Options;

typedef struct
{
  const Options *options;
  Clip *clip;
  Listeners *listeners;
} Bench;

static int
open_socket (guint16 port)
{
  const struct sockaddr_in to = { .sin_family = AF_INET,
    .sin_port = htons (port),
    .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  if (connect (fd, (const struct sockaddr *) &to, sizeof (to)) != 0)
    g_error ("cannot connect to port %u", port);
  return fd;
}

static void
send_all (int fd, const GByteArray *bytes)
{
  if (send (fd, bytes->data, bytes->len, MSG_NOSIGNAL) != (gssize) bytes->len)
    g_error ("cannot send a command");
}

/* @value is the app, or the name of the stream. */
static void
write_command (GByteArray *out, const gchar *name, gdouble transaction,
    const gchar *value)
{
  g_autoptr (GByteArray) command = g_byte_array_new ();
  gboolean is_connect = g_str_equal (name, "connect");

  rtmp_amf0_write_string (command, name);
  rtmp_amf0_write_number (command, transaction);
  if (is_connect) {
    rtmp_amf0_begin_object (command);
    rtmp_amf0_write_key (command, "app");
    rtmp_amf0_write_string (command, value);
    rtmp_amf0_end_object (command);
  } else {
    rtmp_amf0_write_null (command);
    if (value != NULL)
      rtmp_amf0_write_string (command, value);
  }
  rtmp_chunk_write (out, CSID_COMMAND, COMMAND_CHUNK_BYTES,
      RTMP_MESSAGE_COMMAND, value == NULL || is_connect ? 0 : STREAM_ID, 0,
      command->data, command->len);
}

/* Returns: a connection that plays by RTMP. */
static int
open_rtmp_player (guint16 port)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();
  guint8 ours[1 + RTMP_HANDSHAKE_BLOCK_BYTES] = { 3 };
  guint8 theirs[1 + 2 * RTMP_HANDSHAKE_BLOCK_BYTES];
  int fd = open_socket (port);

  g_byte_array_append (out, ours, sizeof (ours));
  send_all (fd, out);
  if (recv (fd, theirs, sizeof (theirs), MSG_WAITALL) != sizeof (theirs))
    g_error ("no handshake");
  g_byte_array_set_size (out, 0);
  g_byte_array_append (out, theirs + 1, RTMP_HANDSHAKE_BLOCK_BYTES);
  write_command (out, "connect", 1, "live");
  write_command (out, "createStream", 2, NULL);
  write_command (out, "play", 3, KEY);
  send_all (fd, out);
  return fd;
}

static int
open_http_player (guint16 port)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();
  int fd = open_socket (port);

  g_byte_array_append (out, (const guint8 *) MP4_REQUEST, strlen (MP4_REQUEST));
  send_all (fd, out);
  return fd;
}

static int
open_player (const Options *options)
{
  return options->http_port > 0 ? open_http_player (options->http_port)
                                : open_rtmp_player (options->port);
}

static void
print_line (Bench *self, gint64 cpu_ns, gdouble passed_us,
    const ListenersCounts *then)
{
  const Options *options = self->options;
  ListenersCounts now = listeners_count (self->listeners);

  if (now.n_starved > 0 || now.n_closed > 0)
    g_error ("%u of %d players have received nothing, %u were disconnected",
        now.n_starved, options->n_players, now.n_closed);
  printf ("{\"bench\": \"%s\", \"players\": %d, \"cpu_percent\": %.3f, "
          "\"mbit_per_s\": %.2f, \"machine_percent\": %.1f}\n",
      options->name, options->n_players, cpu_ns / 10 / passed_us,
      (now.n_bytes - then->n_bytes) * 8.0 / passed_us,
      usage_machine_percent ());
}

static void
measure_server (Bench *self)
{
  const Options *options = self->options;
  Publisher *publisher =
      publisher_new (&(PublisherParams){ .port = options->port,
          .app = "live",
          .key = KEY,
          .clip = self->clip });
  ListenersCounts then;
  gint64 cpu_us, start_us;

  g_usleep (SETTLE_US);
  for (gint i = 0; i < options->n_players; i++)
    listeners_add (self->listeners, open_player (options));
  g_usleep (SETTLE_US);
  then = listeners_count (self->listeners);
  usage_machine_percent ();
  cpu_us = usage_read (options->pid).cpu_us;
  start_us = g_get_monotonic_time ();
  g_usleep (options->seconds * G_USEC_PER_SEC);
  cpu_us = usage_read (options->pid).cpu_us - cpu_us;
  print_line (self, cpu_us * 1000, g_get_monotonic_time () - start_us, &then);
  publisher_free (publisher);
}

static void
open_pair (Bench *self, int listener, guint16 port, int *fd)
{
  const int yes = 1;

  listeners_add (self->listeners, open_socket (port));
  *fd = accept (listener, NULL, NULL);
  if (*fd < 0)
    g_error ("cannot accept a connection");
  setsockopt (*fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof (yes));
}

static int
open_listener (guint16 *port)
{
  struct sockaddr_in address = { .sin_family = AF_INET,
    .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  socklen_t size = sizeof (address);
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  if (bind (fd, (struct sockaddr *) &address, size) != 0 ||
      listen (fd, SOMAXCONN) != 0 ||
      getsockname (fd, (struct sockaddr *) &address, &size) != 0)
    g_error ("cannot listen");
  *port = ntohs (address.sin_port);
  return fd;
}

static gint64
thread_cpu_ns (void)
{
  struct timespec now;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
  return now.tv_sec * G_GINT64_CONSTANT (1000000000) + now.tv_nsec;
}

static void
send_tag (const int *fds, gint n_fds, const ClipTag *tag, guint32 time_ms,
    GByteArray *out)
{
  g_byte_array_set_size (out, 0);
  rtmp_chunk_write (out, CSID_MEDIA, CHUNK_BYTES, tag->type, STREAM_ID, time_ms,
      tag->body, tag->size);
  for (gint i = 0; i < n_fds; i++)
    if (send (fds[i], out->data, out->len, MSG_NOSIGNAL) != (gssize) out->len)
      g_error ("a socket takes no more");
}

/* Sends the clip at its pace until @seconds of it have passed. */
static void
send_for (Bench *self, const int *fds, gint seconds, GByteArray *out)
{
  gint64 start_us = g_get_monotonic_time ();

  for (guint i = 0;; i++) {
    const ClipTag *tag = clip_tag (self->clip, i % self->clip->tags->len);
    guint32 round = i / self->clip->tags->len;
    guint32 time_ms = round * self->clip->duration_ms + tag->time_ms;
    gint64 wait_us = start_us + (gint64) time_ms * 1000;

    if (time_ms >= (guint32) seconds * 1000)
      return;
    wait_us -= g_get_monotonic_time ();
    if (wait_us > 0)
      g_usleep (wait_us);
    send_tag (fds, self->options->n_players, tag, time_ms, out);
  }
}

static void
measure_floor (Bench *self)
{
  const Options *options = self->options;
  g_autoptr (GByteArray) out = g_byte_array_new ();
  g_autofree int *fds = g_new (int, options->n_players);
  ListenersCounts then;
  gint64 cpu_ns, start_us;
  guint16 port;
  int listener = open_listener (&port);

  for (gint i = 0; i < options->n_players; i++)
    open_pair (self, listener, port, &fds[i]);
  close (listener);
  send_for (self, fds, 1, out);
  then = listeners_count (self->listeners);
  usage_machine_percent ();
  cpu_ns = thread_cpu_ns ();
  start_us = g_get_monotonic_time ();
  send_for (self, fds, options->seconds, out);
  cpu_ns = thread_cpu_ns () - cpu_ns;
  print_line (self, cpu_ns, g_get_monotonic_time () - start_us, &then);
  for (gint i = 0; i < options->n_players; i++)
    close (fds[i]);
}

static gboolean
is_complete (const Options *options)
{
  return options->clip != NULL && options->seconds > 0 &&
      (options->port > 0 ? options->pid > 0 : options->n_players > 0) &&
      options->n_players >= 0 && options->n_players <= LISTENERS_MAX;
}

int
main (int argc, char **argv)
{
  Options options = { .n_players = 200, .seconds = 10 };
  gchar *name = NULL;
  const GOptionEntry entries[] = {
    { "name", 'b', 0, G_OPTION_ARG_STRING, &name, "The bench's name", "BENCH" },
    { "rtmp-port", 'r', 0, G_OPTION_ARG_INT, &options.port,
        "The server's port; without one, the bare loop", "PORT" },
    { "http-port", 'u', 0, G_OPTION_ARG_INT, &options.http_port,
        "Where MP4 is played from instead", "PORT" },
    { "pid", 'p', 0, G_OPTION_ARG_INT, &options.pid, "Its process", "PID" },
    { "clip", 'c', 0, G_OPTION_ARG_FILENAME, &options.clip,
        "The film to publish", "FLV" },
    { "players", 'n', 0, G_OPTION_ARG_INT, &options.n_players,
        "Number of players", "N" },
    { "seconds", 's', 0, G_OPTION_ARG_INT, &options.seconds, "Seconds to run",
        "S" },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;
  Bench bench = { .options = &options };

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error) ||
      !is_complete (&options)) {
    g_autofree gchar *help = g_option_context_get_help (context, TRUE, NULL);

    g_printerr ("%s\n", error != NULL ? error->message : help);
    return 1;
  }
  options.name = name == NULL ? "play" : name;
  bench.clip = clip_load (options.clip);
  bench.listeners = listeners_new ();
  if (options.port > 0)
    measure_server (&bench);
  else
    measure_floor (&bench);
  listeners_free (bench.listeners);
  clip_free (bench.clip);
  g_free (options.clip);
  g_free (name);
  return 0;
}
