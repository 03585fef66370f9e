/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The floor of fan-out on this machine: AES-128-GCM by the gateway's own
 * library and one sendmsg() with UDP_SEGMENT per frame, in a bare loop on one
 * thread, to sockets that another thread reads. Sends what fanout's stream
 * consists of, 30 video and 50 audio frames a second, and never joins two
 * frames. Prints a line of JSON. */

#include "ext/whep/viewer/gcm.h"

#include <arpa/inet.h>
#include <glib.h>
#include <netinet/udp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* As many as in the middle run of fanout, so that caches fill alike. */
#define N_VIEWERS 50
#define HEADER_BYTES 20
#define PAYLOAD_MAX 1180
#define TAG_BYTES WHEP_GCM_TAG_SIZE
#define PACKET_MAX (HEADER_BYTES + PAYLOAD_MAX + TAG_BYTES)
#define N_ROUNDS 50
#define N_MEASUREMENTS 5
#define DRAIN_BATCH 64
#define RECEIVE_BUFFER_BYTES (1024 * 1024)

typedef struct
{
  guint n_packets;
  gsize payload_bytes;
} Frame;

/* A tenth of a second of video at 2.5 Mbit/s and audio at 128 kbit/s. */
static const Frame frames[] = { { 9, 1180 }, { 1, 320 }, { 1, 320 },
  { 9, 1180 }, { 1, 320 }, { 1, 320 }, { 9, 1180 }, { 1, 320 } };

typedef struct
{
  int receivers[N_VIEWERS];
  gint is_done; /* atomic */
  guint64 n_received;
} Drain;

/* Of all packets together. */
typedef struct
{
  gint64 packet_ns;
  gint64 seal_ns; /* a part of packet_ns */
} Cost;

static int
receiver_new (struct sockaddr_in *address)
{
  int fd = socket (AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
  int buffer_bytes = RECEIVE_BUFFER_BYTES;
  socklen_t size = sizeof (*address);

  *address = (struct sockaddr_in){ .sin_family = AF_INET,
    .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  setsockopt (fd, SOL_SOCKET, SO_RCVBUF, &buffer_bytes, sizeof (buffer_bytes));
  if (bind (fd, (struct sockaddr *) address, size) != 0 ||
      getsockname (fd, (struct sockaddr *) address, &size) != 0)
    g_error ("cannot open a loopback socket");
  return fd;
}

static guint
drain_socket (int fd)
{
  static guint8 rooms[DRAIN_BATCH][2048];
  struct mmsghdr messages[DRAIN_BATCH] = { 0 };
  struct iovec chunks[DRAIN_BATCH];
  int n_received;

  for (guint i = 0; i < DRAIN_BATCH; i++) {
    chunks[i] = (struct iovec){ rooms[i], sizeof (rooms[i]) };
    messages[i].msg_hdr.msg_iov = &chunks[i];
    messages[i].msg_hdr.msg_iovlen = 1;
  }
  n_received = recvmmsg (fd, messages, DRAIN_BATCH, MSG_DONTWAIT, NULL);
  return MAX (n_received, 0);
}

static gpointer
drain_run (gpointer data)
{
  Drain *self = data;
  struct pollfd fds[N_VIEWERS];

  for (guint i = 0; i < N_VIEWERS; i++)
    fds[i] = (struct pollfd){ .fd = self->receivers[i], .events = POLLIN };
  while (!g_atomic_int_get (&self->is_done)) {
    poll (fds, N_VIEWERS, 10);
    for (guint i = 0; i < N_VIEWERS; i++)
      if (fds[i].revents != 0)
        self->n_received += drain_socket (fds[i].fd);
  }
  for (guint i = 0; i < N_VIEWERS; i++)
    for (guint n = 1; n > 0; self->n_received += n)
      n = drain_socket (self->receivers[i]);
  return NULL;
}

static gint64
thread_cpu_ns (void)
{
  struct timespec now;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
  return now.tv_sec * G_GINT64_CONSTANT (1000000000) + now.tv_nsec;
}

static gsize
packet_bytes (const Frame *frame)
{
  return HEADER_BYTES + frame->payload_bytes + TAG_BYTES;
}

static void
seal (WhepGcm *key, const guint8 *payload, gsize size, guint64 index,
    guint8 *out)
{
  guint8 iv[WHEP_GCM_IV_SIZE] = { 0 };

  memcpy (iv, &index, sizeof (index));
  memcpy (out, &index, sizeof (index));
  whep_gcm_seal (key, iv, out, HEADER_BYTES, payload, size, out + HEADER_BYTES);
}

static void
send_run (int fd, const struct sockaddr_in *to, guint8 *run, gsize size,
    guint16 segment_bytes)
{
  union
  {
    struct cmsghdr align;
    guint8 bytes[CMSG_SPACE (sizeof (guint16))];
  } control = { 0 };
  struct iovec chunk = { run, size };
  struct msghdr message = { .msg_name = (void *) to,
    .msg_namelen = sizeof (*to),
    .msg_iov = &chunk,
    .msg_iovlen = 1,
    .msg_control = &control,
    .msg_controllen = sizeof (control) };
  struct cmsghdr *segment = CMSG_FIRSTHDR (&message);

  segment->cmsg_level = SOL_UDP;
  segment->cmsg_type = UDP_SEGMENT;
  segment->cmsg_len = CMSG_LEN (sizeof (segment_bytes));
  memcpy (CMSG_DATA (segment), &segment_bytes, sizeof (segment_bytes));
  if (sendmsg (fd, &message, 0) < 0)
    g_error ("sendmsg: %s", g_strerror (errno));
}

static void
make_frame (WhepGcm *key, const Frame *frame, guint8 *run)
{
  static const guint8 payload[PAYLOAD_MAX];
  static guint64 index = 0;

  for (guint i = 0; i < frame->n_packets; i++)
    seal (key, payload, frame->payload_bytes, index++,
        run + i * packet_bytes (frame));
}

/* Encrypts what all viewers receive in N_ROUNDS tenths of a second, and sends
 * it unless @to is NULL. Returns the time that took. */
static gint64
play (WhepGcm **keys, int fd, const struct sockaddr_in *to)
{
  static guint8 run[64 * PACKET_MAX];
  gint64 start_ns = thread_cpu_ns ();

  for (guint i = 0; i < N_ROUNDS * G_N_ELEMENTS (frames); i++) {
    const Frame *frame = &frames[i % G_N_ELEMENTS (frames)];

    for (guint viewer = 0; viewer < N_VIEWERS; viewer++) {
      make_frame (keys[viewer], frame, run);
      if (to != NULL)
        send_run (fd, &to[viewer], run, frame->n_packets * packet_bytes (frame),
            packet_bytes (frame));
    }
  }
  return thread_cpu_ns () - start_ns;
}

/* The best measurement counts: the machine may have other work. */
static Cost
measure (WhepGcm **keys, int fd, const struct sockaddr_in *to)
{
  Cost best = { G_MAXINT64, G_MAXINT64 };

  for (guint i = 0; i < N_MEASUREMENTS; i++) {
    gint64 packet_ns = play (keys, fd, to);
    gint64 seal_ns = play (keys, fd, NULL);

    best.packet_ns = MIN (best.packet_ns, packet_ns);
    best.seal_ns = MIN (best.seal_ns, seal_ns);
  }
  return best;
}

int
main (void)
{
  static const guint8 key[WHEP_GCM_KEY_SIZE] = { 1 };
  struct sockaddr_in to[N_VIEWERS];
  WhepGcm *keys[N_VIEWERS];
  Drain drain = { 0 };
  GThread *thread;
  Cost cost;
  gdouble n_packets = 0;
  int fd = socket (AF_INET, SOCK_DGRAM, 0);

  if (g_strcmp0 (g_getenv ("RTMP_WEBRTC_AES"), "openssl") == 0)
    whep_gcm_set_default (WHEP_GCM_OPENSSL);
  for (guint i = 0; i < G_N_ELEMENTS (frames); i++)
    n_packets += N_ROUNDS * N_VIEWERS * frames[i].n_packets;
  for (guint i = 0; i < N_VIEWERS; i++) {
    drain.receivers[i] = receiver_new (&to[i]);
    keys[i] = whep_gcm_new (key);
  }
  thread = g_thread_new ("drain", drain_run, &drain);
  cost = measure (keys, fd, to);
  g_atomic_int_set (&drain.is_done, TRUE);
  g_thread_join (thread);

  printf ("{\"bench\": \"limit\", \"aes\": \"%s\", \"packets\": %.0f, "
          "\"delivered\": %.4f, \"seal_ns\": %.0f, \"send_ns\": %.0f, "
          "\"packet_ns\": %.0f}\n",
      whep_gcm_library_name (whep_gcm_default ()), n_packets,
      drain.n_received / n_packets / N_MEASUREMENTS, cost.seal_ns / n_packets,
      (cost.packet_ns - cost.seal_ns) / n_packets, cost.packet_ns / n_packets);
  for (guint i = 0; i < N_VIEWERS; i++) {
    close (drain.receivers[i]);
    whep_gcm_free (keys[i]);
  }
  close (fd);
  return 0;
}
