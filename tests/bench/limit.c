/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The floor of fan-out on this machine: AES-128-GCM by OpenSSL and one
 * sendmsg() with UDP_SEGMENT a frame, in a bare loop on one thread, to sockets
 * that another thread reads. Prints a line of JSON. */

#include <arpa/inet.h>
#include <glib.h>
#include <netinet/udp.h>
#include <openssl/evp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* As many as the middle run of fanout, so that caches fill alike. */
#define N_VIEWERS 50
#define HEADER_BYTES 20
#define PAYLOAD_BYTES 1180
#define TAG_BYTES 16
#define PACKET_BYTES (HEADER_BYTES + PAYLOAD_BYTES + TAG_BYTES)
/* 2.6 Mbit/s at 30 frames a second. */
#define PACKETS_PER_FRAME 10
#define N_FRAMES 400
#define DRAIN_BATCH 64
#define RECEIVE_BUFFER_BYTES (1024 * 1024)

typedef struct
{
  int receivers[N_VIEWERS];
  gint is_done; /* atomic */
  guint64 n_received;
} Drain;

typedef struct
{
  gint64 seal_ns;
  gint64 send_ns;
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
    g_error ("no loopback socket");
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

static void
seal (EVP_CIPHER_CTX *cipher, const guint8 *payload, guint64 index, guint8 *out)
{
  guint8 iv[12] = { 0 };
  int n;

  memcpy (iv, &index, sizeof (index));
  memcpy (out, &index, sizeof (index));
  EVP_EncryptInit_ex2 (cipher, NULL, NULL, iv, NULL);
  EVP_EncryptUpdate (cipher, NULL, &n, out, HEADER_BYTES);
  EVP_EncryptUpdate (cipher, out + HEADER_BYTES, &n, payload, PAYLOAD_BYTES);
  EVP_EncryptFinal_ex (cipher, out + HEADER_BYTES + n, &n);
  EVP_CIPHER_CTX_ctrl (cipher, EVP_CTRL_AEAD_GET_TAG, TAG_BYTES,
      out + HEADER_BYTES + PAYLOAD_BYTES);
}

static void
send_run (int fd, const struct sockaddr_in *to, guint8 *run, gsize size)
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
  guint16 segment_bytes = PACKET_BYTES;

  segment->cmsg_level = SOL_UDP;
  segment->cmsg_type = UDP_SEGMENT;
  segment->cmsg_len = CMSG_LEN (sizeof (segment_bytes));
  memcpy (CMSG_DATA (segment), &segment_bytes, sizeof (segment_bytes));
  if (sendmsg (fd, &message, 0) < 0)
    g_error ("sendmsg: %s", g_strerror (errno));
}

static Cost
send_frames (EVP_CIPHER_CTX **ciphers, int fd, const struct sockaddr_in *to)
{
  static guint8 payloads[PACKETS_PER_FRAME][PAYLOAD_BYTES];
  static guint8 run[PACKETS_PER_FRAME * PACKET_BYTES];
  guint64 index = 0;
  Cost cost = { 0 };

  for (guint frame = 0; frame < N_FRAMES; frame++)
    for (guint viewer = 0; viewer < N_VIEWERS; viewer++) {
      gint64 start_ns = thread_cpu_ns ();
      gint64 sealed_ns;

      for (guint i = 0; i < PACKETS_PER_FRAME; i++)
        seal (ciphers[viewer], payloads[i], index++, run + i * PACKET_BYTES);
      sealed_ns = thread_cpu_ns ();
      send_run (fd, &to[viewer], run, sizeof (run));
      cost.seal_ns += sealed_ns - start_ns;
      cost.send_ns += thread_cpu_ns () - sealed_ns;
    }
  return cost;
}

int
main (void)
{
  static const guint8 key[16] = { 1 };
  const guint n_packets = N_FRAMES * N_VIEWERS * PACKETS_PER_FRAME;
  struct sockaddr_in to[N_VIEWERS];
  EVP_CIPHER_CTX *ciphers[N_VIEWERS];
  Drain drain = { 0 };
  GThread *thread;
  Cost cost;
  int fd = socket (AF_INET, SOCK_DGRAM, 0);

  for (guint i = 0; i < N_VIEWERS; i++) {
    drain.receivers[i] = receiver_new (&to[i]);
    ciphers[i] = EVP_CIPHER_CTX_new ();
    EVP_EncryptInit_ex2 (ciphers[i], EVP_aes_128_gcm (), key, key, NULL);
  }
  thread = g_thread_new ("drain", drain_run, &drain);
  cost = send_frames (ciphers, fd, to);
  g_atomic_int_set (&drain.is_done, TRUE);
  g_thread_join (thread);

  printf ("{\"bench\": \"limit\", \"packets\": %u, \"delivered\": %.4f, "
          "\"seal_ns\": %.0f, \"send_ns\": %.0f, \"packet_ns\": %.0f}\n",
      n_packets, (gdouble) drain.n_received / n_packets,
      (gdouble) cost.seal_ns / n_packets, (gdouble) cost.send_ns / n_packets,
      (gdouble) (cost.seal_ns + cost.send_ns) / n_packets);
  for (guint i = 0; i < N_VIEWERS; i++) {
    close (drain.receivers[i]);
    EVP_CIPHER_CTX_free (ciphers[i]);
  }
  close (fd);
  return 0;
}
