/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The UDP socket: see udp-io.h. */

#include "ext/whep/media/udp-io.h"
#include "ext/whep/category.h"

#include <errno.h>
#include <gio/gio.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

WHEP_CATEGORY ("whepudp", "The UDP socket of WHEP");

/* Messages per sendmmsg(). */
#define SEND_BATCH 64
/* RTCP of 2,000 viewers for a second; a key frame for each of 40 viewers. */
#define RECEIVE_BUFFER_BYTES (2 * 1024 * 1024)
#define SEND_BUFFER_BYTES (8 * 1024 * 1024)

/* Room for the kernel's cmsg with our address and the one with the segment
 * size. */
#define CONTROL_BYTES                                                          \
  (CMSG_SPACE (sizeof (struct in6_pktinfo)) + CMSG_SPACE (sizeof (guint16)))

typedef union
{
  struct cmsghdr align;
  guint8 bytes[CONTROL_BYTES];
} Control;

struct _WhepUdp
{
  int fd;
  gboolean is_ipv6;
  gboolean has_gso;
  guint16 port;
  guint64 n_refused;

  struct mmsghdr messages[SEND_BATCH];
  struct iovec chunks[SEND_BATCH];
  struct sockaddr_storage addresses[SEND_BATCH];
  Control controls[SEND_BATCH];
  guint n_messages;
  guint n_sent; /* of n_messages */
  /* The part of the outbox that has no message yet. */
  guint next_run;
  gsize next_offset; /* within it */
};

static const guint8 V4_MAPPED[12] = { [10] = 0xff, [11] = 0xff };

static gboolean
is_v4_mapped (const guint8 *ip)
{
  return memcmp (ip, V4_MAPPED, sizeof (V4_MAPPED)) == 0;
}

static gboolean
is_unspecified (const guint8 *ip)
{
  static const guint8 ZERO[16] = { 0 };

  return memcmp (ip, ZERO, sizeof (ZERO)) == 0;
}

static void
fail (GError **error, const gchar *what)
{
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s: %s", what,
      g_strerror (errno));
}

static void
set_option (int fd, int level, int name, int value)
{
  if (setsockopt (fd, level, name, &value, sizeof (value)) != 0)
    GST_DEBUG ("socket option %d/%d: %s", level, name, g_strerror (errno));
}

/* The FORCE options let root exceed the system's limits. */
static void
set_buffers (int fd)
{
  set_option (fd, SOL_SOCKET, SO_RCVBUF, RECEIVE_BUFFER_BYTES);
  set_option (fd, SOL_SOCKET, SO_RCVBUFFORCE, RECEIVE_BUFFER_BYTES);
  set_option (fd, SOL_SOCKET, SO_SNDBUF, SEND_BUFFER_BYTES);
  set_option (fd, SOL_SOCKET, SO_SNDBUFFORCE, SEND_BUFFER_BYTES);
}

/* Whether this kernel supports UDP_SEGMENT (Linux 4.18). */
static gboolean
has_gso (int fd)
{
  int segment_size;
  socklen_t size = sizeof (segment_size);

  return getsockopt (fd, SOL_UDP, UDP_SEGMENT, &segment_size, &size) == 0;
}

static GSocketAddress *
parse_address (const gchar *address, guint16 port, GError **error)
{
  GSocketAddress *parsed =
      g_inet_socket_address_new_from_string (address, port);

  if (parsed == NULL)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
        "“%s” is not an IP address", address);
  return parsed;
}

static int
bind_to (GSocketAddress *address, gboolean is_shared, GError **error)
{
  gboolean is_ipv6 =
      g_socket_address_get_family (address) == G_SOCKET_FAMILY_IPV6;
  struct sockaddr_storage native;
  gssize size = g_socket_address_get_native_size (address);
  int fd = socket (is_ipv6 ? AF_INET6 : AF_INET,
      SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_UDP);

  if (fd < 0) {
    fail (error, "Could not create a UDP socket");
    return -1;
  }
  if (is_ipv6) {
    set_option (fd, IPPROTO_IPV6, IPV6_V6ONLY, 0);
    set_option (fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1);
  } else {
    set_option (fd, IPPROTO_IP, IP_PKTINFO, 1);
  }
  if (is_shared)
    set_option (fd, SOL_SOCKET, SO_REUSEPORT, 1);
  set_buffers (fd);
  if (!g_socket_address_to_native (address, &native, sizeof (native), error) ||
      bind (fd, (struct sockaddr *) &native, size) != 0) {
    if (error != NULL && *error == NULL)
      fail (error, "Could not bind the UDP port");
    close (fd);
    return -1;
  }
  return fd;
}

static guint16
bound_port (int fd)
{
  struct sockaddr_storage bound;
  socklen_t size = sizeof (bound);

  if (getsockname (fd, (struct sockaddr *) &bound, &size) != 0)
    return 0;
  if (bound.ss_family == AF_INET6)
    return ntohs (((struct sockaddr_in6 *) &bound)->sin6_port);
  return ntohs (((struct sockaddr_in *) &bound)->sin_port);
}

static WhepUdp *
adopt (int fd, GSocketAddress *address)
{
  WhepUdp *self = g_new0 (WhepUdp, 1);

  self->fd = fd;
  self->is_ipv6 = g_socket_address_get_family (address) == G_SOCKET_FAMILY_IPV6;
  self->has_gso = has_gso (fd);
  self->port = bound_port (fd);
  return self;
}

WhepUdp *
whep_udp_new (const gchar *address, guint16 port, GError **error)
{
  g_autoptr (GSocketAddress) wanted = NULL;
  g_autoptr (GError) local_error = NULL;
  int fd;

  wanted = parse_address (address, port, error);
  if (wanted == NULL)
    return NULL;

  fd = bind_to (wanted, FALSE, &local_error);
  if (fd < 0 && g_str_equal (address, "::") &&
      !g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE))
    return whep_udp_new ("0.0.0.0", port, error);
  if (fd < 0) {
    g_propagate_error (error, g_steal_pointer (&local_error));
    return NULL;
  }
  return adopt (fd, wanted);
}

/* The first socket was bound without the option, so binding fails if another
 * process already serves on the port. */
WhepUdp *
whep_udp_new_beside (WhepUdp *first, GError **error)
{
  struct sockaddr_storage native;
  socklen_t size = sizeof (native);
  g_autoptr (GSocketAddress) bound = NULL;
  int fd;

  if (getsockname (first->fd, (struct sockaddr *) &native, &size) != 0) {
    fail (error, "Could not read the UDP port");
    return NULL;
  }
  set_option (first->fd, SOL_SOCKET, SO_REUSEPORT, 1);
  bound = g_socket_address_new_from_native (&native, size);
  fd = bind_to (bound, TRUE, error);
  return fd < 0 ? NULL : adopt (fd, bound);
}

void
whep_udp_free (WhepUdp *self)
{
  if (self == NULL)
    return;
  close (self->fd);
  g_free (self);
}

int
whep_udp_fd (const WhepUdp *self)
{
  return self->fd;
}

guint16
whep_udp_port (const WhepUdp *self)
{
  return self->port;
}

guint64
whep_udp_n_refused (const WhepUdp *self)
{
  return self->n_refused;
}

static void
map_v4 (guint8 *ip, const struct in_addr *address)
{
  memcpy (ip, V4_MAPPED, sizeof (V4_MAPPED));
  memcpy (ip + sizeof (V4_MAPPED), address, sizeof (*address));
}

static void
read_peer (WhepAddress *address, const struct sockaddr_storage *peer)
{
  if (peer->ss_family == AF_INET6) {
    const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *) peer;

    memcpy (address->remote_ip, &in6->sin6_addr, 16);
    address->remote_port = ntohs (in6->sin6_port);
  } else {
    const struct sockaddr_in *in = (const struct sockaddr_in *) peer;

    map_v4 (address->remote_ip, &in->sin_addr);
    address->remote_port = ntohs (in->sin_port);
  }
}

static void
read_our_side (WhepAddress *address, struct msghdr *message)
{
  for (struct cmsghdr *c = CMSG_FIRSTHDR (message); c != NULL;
       c = CMSG_NXTHDR (message, c)) {
    if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_PKTINFO) {
      const struct in6_pktinfo *info = (const void *) CMSG_DATA (c);

      memcpy (address->local_ip, &info->ipi6_addr, 16);
    } else if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) {
      const struct in_pktinfo *info = (const void *) CMSG_DATA (c);

      map_v4 (address->local_ip, &info->ipi_addr);
    }
  }
}

guint
whep_udp_receive (WhepUdp *self, WhepDatagram *batch)
{
  struct mmsghdr messages[WHEP_UDP_BATCH];
  struct iovec chunks[WHEP_UDP_BATCH];
  struct sockaddr_storage peers[WHEP_UDP_BATCH];
  Control controls[WHEP_UDP_BATCH];
  guint n_datagrams = 0;
  int n_received;

  for (guint i = 0; i < WHEP_UDP_BATCH; i++) {
    chunks[i] = (struct iovec){ batch[i].data, sizeof (batch[i].data) };
    messages[i].msg_hdr = (struct msghdr){
      .msg_name = &peers[i],
      .msg_namelen = sizeof (peers[i]),
      .msg_iov = &chunks[i],
      .msg_iovlen = 1,
      .msg_control = &controls[i],
      .msg_controllen = sizeof (controls[i]),
    };
  }
  n_received = recvmmsg (self->fd, messages, WHEP_UDP_BATCH, 0, NULL);

  for (int i = 0; i < n_received; i++) {
    WhepDatagram *datagram = &batch[n_datagrams];

    if (messages[i].msg_hdr.msg_flags & MSG_TRUNC)
      continue;
    if (datagram != &batch[i])
      memcpy (datagram->data, batch[i].data, messages[i].msg_len);
    datagram->size = messages[i].msg_len;
    memset (&datagram->from, 0, sizeof (datagram->from));
    read_peer (&datagram->from, &peers[i]);
    read_our_side (&datagram->from, &messages[i].msg_hdr);
    n_datagrams++;
  }
  return n_datagrams;
}

static socklen_t
write_peer (const WhepUdp *self, struct sockaddr_storage *peer,
    const WhepAddress *to)
{
  if (self->is_ipv6) {
    struct sockaddr_in6 *in6 = (struct sockaddr_in6 *) peer;

    *in6 = (struct sockaddr_in6){ .sin6_family = AF_INET6 };
    in6->sin6_port = htons (to->remote_port);
    memcpy (&in6->sin6_addr, to->remote_ip, 16);
    return sizeof (*in6);
  } else {
    struct sockaddr_in *in = (struct sockaddr_in *) peer;

    *in = (struct sockaddr_in){ .sin_family = AF_INET };
    in->sin_port = htons (to->remote_port);
    memcpy (&in->sin_addr, to->remote_ip + sizeof (V4_MAPPED), 4);
    return sizeof (*in);
  }
}

static struct cmsghdr *
add_control (struct msghdr *message, int level, int type, gsize size)
{
  struct cmsghdr *c = (struct cmsghdr *) ((guint8 *) message->msg_control +
      message->msg_controllen);

  c->cmsg_level = level;
  c->cmsg_type = type;
  c->cmsg_len = CMSG_LEN (size);
  message->msg_controllen += CMSG_SPACE (size);
  return c;
}

static void
write_our_side (const WhepUdp *self, struct msghdr *message,
    const WhepAddress *to)
{
  if (is_unspecified (to->local_ip))
    return;
  if (self->is_ipv6) {
    struct in6_pktinfo info = { .ipi6_ifindex = 0 };

    memcpy (&info.ipi6_addr, to->local_ip, 16);
    memcpy (CMSG_DATA (add_control (message, IPPROTO_IPV6, IPV6_PKTINFO,
                sizeof (info))),
        &info, sizeof (info));
  } else if (is_v4_mapped (to->local_ip)) {
    struct in_pktinfo info = { .ipi_ifindex = 0 };

    memcpy (&info.ipi_spec_dst, to->local_ip + sizeof (V4_MAPPED), 4);
    memcpy (CMSG_DATA (
                add_control (message, IPPROTO_IP, IP_PKTINFO, sizeof (info))),
        &info, sizeof (info));
  }
}

/* A message that cannot be delivered counts as lost in the network. If the
 * device cannot segment, the kernel reports EIO: from then on datagrams are
 * sent one by one. Returns FALSE if the kernel has no room at the moment. */
static gboolean
settle_failure (WhepUdp *self)
{
  int why = errno;

  if (why == EINTR)
    return TRUE;
  if (why == EAGAIN)
    return FALSE;
  if (why == EIO && self->has_gso) {
    GST_INFO ("UDP_SEGMENT is not available: sending datagrams one by one");
    self->has_gso = FALSE;
  }
  self->n_refused++;
  self->n_sent++;
  GST_DEBUG ("could not send: %s", g_strerror (why));
  return TRUE;
}

static gboolean
send_messages (WhepUdp *self)
{
  while (self->n_sent < self->n_messages) {
    int n_sent = sendmmsg (self->fd, self->messages + self->n_sent,
        self->n_messages - self->n_sent, MSG_DONTWAIT);

    if (n_sent > 0)
      self->n_sent += n_sent;
    else if (!settle_failure (self))
      return FALSE;
  }
  self->n_messages = 0;
  self->n_sent = 0;
  return TRUE;
}

static void
add_message (WhepUdp *self, const WhepAddress *to, const guint8 *data,
    gsize size, guint16 segment_size)
{
  guint index = self->n_messages++;
  struct msghdr *message = &self->messages[index].msg_hdr;

  self->chunks[index] = (struct iovec){ (void *) data, size };
  *message = (struct msghdr){
    .msg_name = &self->addresses[index],
    .msg_namelen = write_peer (self, &self->addresses[index], to),
    .msg_iov = &self->chunks[index],
    .msg_iovlen = 1,
    .msg_control = &self->controls[index],
  };
  write_our_side (self, message, to);
  if (size > segment_size)
    memcpy (CMSG_DATA (add_control (message, SOL_UDP, UDP_SEGMENT,
                sizeof (segment_size))),
        &segment_size, sizeof (segment_size));
  if (message->msg_controllen == 0)
    message->msg_control = NULL;
}

/* Adds the next run or, if the kernel cannot segment, the next segment. */
static void
add_next (WhepUdp *self, const WhepOutbox *out)
{
  const WhepRun *run = &out->runs[self->next_run];
  gsize rest = run->size - self->next_offset;
  gsize size = self->has_gso ? rest : MIN (rest, run->segment_size);

  add_message (self, &run->to, out->bytes + run->offset + self->next_offset,
      size, run->segment_size);
  self->next_offset += size;
  if (self->next_offset == run->size) {
    self->next_run++;
    self->next_offset = 0;
  }
}

gboolean
whep_udp_send (WhepUdp *self, WhepOutbox *out)
{
  /* What was left over from the last call is sent first. */
  while (send_messages (self)) {
    while (self->n_messages < SEND_BATCH && self->next_run < out->n_runs)
      add_next (self, out);
    if (self->n_messages == 0) {
      self->next_run = 0;
      return TRUE;
    }
  }
  whep_outbox_close_run (out);
  return FALSE;
}
