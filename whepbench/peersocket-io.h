/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A peer's UDP socket, for IPv4 and, where this machine has it, IPv6. */

#pragma once

#include "ext/whep/viewer/outbox.h"

G_BEGIN_DECLS

/* Larger datagrams are dropped: no sender of RTP exceeds Ethernet's MTU. */
#define PEER_DATAGRAM_MAX 2048
#define PEER_SOCKET_BATCH 64

typedef struct
{
  int fd;
  gboolean is_ipv6;
} PeerSocket;

typedef struct
{
  guint8 data[PEER_DATAGRAM_MAX];
  gsize size;
  WhepAddress from;
  gint64 stamped_us; /* by the kernel, in wall clock time; 0: unknown */
} PeerDatagram;

gboolean peer_socket_open (PeerSocket *self, GError **error);
void peer_socket_close (PeerSocket *self);

/* The kernel records when each datagram arrived, whatever this thread was
 * doing. */
gboolean peer_socket_stamp (const PeerSocket *self, GError **error);
guint16 peer_socket_port (const PeerSocket *self);
/* Datagrams that arrived while the socket was full. */
guint32 peer_socket_n_dropped (const PeerSocket *self);

/* Sends all of it, and empties it. */
void peer_socket_flush (const PeerSocket *self, WhepOutbox *out);
/* Receives up to PEER_SOCKET_BATCH datagrams. Returns their number. */
guint peer_socket_receive (const PeerSocket *self, PeerDatagram *batch);

G_END_DECLS
