/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A peer's UDP socket: see peersocket-io.h. */

#include "whepbench/peersocket-io.h"

#include <errno.h>
#include <gio/gio.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

/* Room for a burst while the thread serves the other peers. */
#define RECEIVE_BUFFER_BYTES (2 * 1024 * 1024)
#define STAMP_BYTES CMSG_SPACE (sizeof (struct timespec))

typedef union
{
  struct cmsghdr align;
  guint8 bytes[STAMP_BYTES];
} Stamp;

/* RFC 4291 section 2.5.5.2. */
static const guint8 V4_MAPPED[12] = { [10] = 0xff, [11] = 0xff };

static gboolean
fail (GError **error, const gchar *what)
{
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s: %s", what,
      g_strerror (errno));
  return FALSE;
}

static gboolean
bind_any (PeerSocket *self)
{
  const struct sockaddr_in6 in6 = { .sin6_family = AF_INET6 };
  const struct sockaddr_in in = { .sin_family = AF_INET };
  const int no = 0;

  if (!self->is_ipv6)
    return bind (self->fd, (const struct sockaddr *) &in, sizeof (in)) == 0;
  return setsockopt (self->fd, IPPROTO_IPV6, IPV6_V6ONLY, &no, sizeof (no)) ==
      0 &&
      bind (self->fd, (const struct sockaddr *) &in6, sizeof (in6)) == 0;
}

static gboolean
open_family (PeerSocket *self, gboolean is_ipv6)
{
  self->is_ipv6 = is_ipv6;
  self->fd = socket (is_ipv6 ? AF_INET6 : AF_INET,
      SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_UDP);
  if (self->fd < 0)
    return FALSE;
  if (bind_any (self))
    return TRUE;
  peer_socket_close (self);
  return FALSE;
}

gboolean
peer_socket_open (PeerSocket *self, GError **error)
{
  const int buffer_bytes = RECEIVE_BUFFER_BYTES;

  if (!open_family (self, TRUE) && !open_family (self, FALSE))
    return fail (error, "no UDP socket");
  setsockopt (self->fd, SOL_SOCKET, SO_RCVBUF, &buffer_bytes,
      sizeof (buffer_bytes));
  return TRUE;
}

void
peer_socket_close (PeerSocket *self)
{
  if (self->fd >= 0)
    close (self->fd);
  self->fd = -1;
}

gboolean
peer_socket_stamp (const PeerSocket *self, GError **error)
{
  const int yes = 1;

  if (setsockopt (self->fd, SOL_SOCKET, SO_TIMESTAMPNS, &yes, sizeof (yes)) !=
      0)
    return fail (error, "no time stamps");
  return TRUE;
}

guint16
peer_socket_port (const PeerSocket *self)
{
  struct sockaddr_storage bound;
  socklen_t size = sizeof (bound);

  if (getsockname (self->fd, (struct sockaddr *) &bound, &size) != 0)
    return 0;
  return ntohs (self->is_ipv6 ? ((struct sockaddr_in6 *) &bound)->sin6_port
                              : ((struct sockaddr_in *) &bound)->sin_port);
}

guint32
peer_socket_n_dropped (const PeerSocket *self)
{
  guint32 info[SK_MEMINFO_VARS] = { 0 };
  socklen_t size = sizeof (info);

  if (getsockopt (self->fd, SOL_SOCKET, SO_MEMINFO, info, &size) != 0)
    return 0;
  return info[SK_MEMINFO_DROPS];
}

static socklen_t
write_address (const PeerSocket *self, const WhepAddress *from,
    struct sockaddr_storage *to)
{
  struct sockaddr_in6 *in6 = (struct sockaddr_in6 *) to;
  struct sockaddr_in *in = (struct sockaddr_in *) to;

  if (self->is_ipv6) {
    *in6 = (struct sockaddr_in6){ .sin6_family = AF_INET6,
      .sin6_port = htons (from->remote_port) };
    memcpy (&in6->sin6_addr, from->remote_ip, 16);
    return sizeof (*in6);
  }
  *in = (struct sockaddr_in){ .sin_family = AF_INET,
    .sin_port = htons (from->remote_port) };
  memcpy (&in->sin_addr, from->remote_ip + sizeof (V4_MAPPED), 4);
  return sizeof (*in);
}

static WhepAddress
read_address (const struct sockaddr_storage *from)
{
  const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *) from;
  const struct sockaddr_in *in = (const struct sockaddr_in *) from;
  WhepAddress address = { .remote_port = 0 };

  if (from->ss_family == AF_INET6) {
    memcpy (address.remote_ip, &in6->sin6_addr, 16);
    address.remote_port = ntohs (in6->sin6_port);
    return address;
  }
  memcpy (address.remote_ip, V4_MAPPED, sizeof (V4_MAPPED));
  memcpy (address.remote_ip + sizeof (V4_MAPPED), &in->sin_addr, 4);
  address.remote_port = ntohs (in->sin_port);
  return address;
}

static void
send_run (const PeerSocket *self, const WhepOutbox *out, const WhepRun *run)
{
  struct sockaddr_storage to;
  socklen_t size = write_address (self, &run->to, &to);

  /* Datagrams that the kernel has no room for are lost, as on any network. */
  for (gsize at = 0; at < run->size; at += run->segment_size)
    sendto (self->fd, out->bytes + run->offset + at,
        MIN (run->segment_size, run->size - at), 0, (struct sockaddr *) &to,
        size);
}

void
peer_socket_flush (const PeerSocket *self, WhepOutbox *out)
{
  for (guint i = 0; i < out->n_runs; i++)
    send_run (self, out, &out->runs[i]);
  whep_outbox_flush (out);
}

static gint64
stamp_us (struct msghdr *message)
{
  struct cmsghdr *stamp = CMSG_FIRSTHDR (message);
  struct timespec time;

  if (stamp == NULL || stamp->cmsg_type != SCM_TIMESTAMPNS)
    return 0;
  memcpy (&time, CMSG_DATA (stamp), sizeof (time));
  return time.tv_sec * G_USEC_PER_SEC + time.tv_nsec / 1000;
}

guint
peer_socket_receive (const PeerSocket *self, PeerDatagram *batch)
{
  Stamp stamps[PEER_SOCKET_BATCH];
  struct sockaddr_storage froms[PEER_SOCKET_BATCH];
  struct mmsghdr messages[PEER_SOCKET_BATCH] = { 0 };
  struct iovec chunks[PEER_SOCKET_BATCH];
  int n_received;

  for (guint i = 0; i < PEER_SOCKET_BATCH; i++) {
    chunks[i] = (struct iovec){ batch[i].data, sizeof (batch[i].data) };
    messages[i].msg_hdr = (struct msghdr){ .msg_name = &froms[i],
      .msg_namelen = sizeof (froms[i]),
      .msg_iov = &chunks[i],
      .msg_iovlen = 1,
      .msg_control = &stamps[i],
      .msg_controllen = sizeof (stamps[i]) };
  }
  n_received = recvmmsg (self->fd, messages, PEER_SOCKET_BATCH, 0, NULL);
  for (int i = 0; i < n_received; i++) {
    gboolean is_whole = (messages[i].msg_hdr.msg_flags & MSG_TRUNC) == 0;

    batch[i].size = is_whole ? messages[i].msg_len : 0;
    batch[i].from = read_address (&froms[i]);
    batch[i].stamped_us = stamp_us (&messages[i].msg_hdr);
  }
  return MAX (n_received, 0);
}
