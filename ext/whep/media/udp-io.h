/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The UDP socket: receives datagrams with recvmmsg() and sends an outbox with
 * sendmmsg() and UDP_SEGMENT, so that a run of datagrams passes through the
 * kernel as one. Each datagram is sent from the local address that its peer
 * contacted. */

#pragma once

#include "ext/whep/viewer/outbox.h"

G_BEGIN_DECLS

/* The maximum number of datagrams per whep_udp_receive(). */
#define WHEP_UDP_BATCH 32

typedef struct
{
  WhepAddress from;
  gsize size;
  guint8 data[WHEP_DATAGRAM_MAX];
} WhepDatagram;

typedef struct _WhepUdp WhepUdp;

/* Binds @port (0: any) on @address; "::" includes IPv4, and falls back to all
 * of IPv4 if the system has no IPv6. */
WhepUdp *whep_udp_new (const gchar *address, guint16 port, GError **error);
/* Opens another socket on the address and port of @first: the kernel
 * distributes the peers among all sockets that share them. A whep_udp_new() of
 * another process cannot join them. */
WhepUdp *whep_udp_new_beside (WhepUdp *first, GError **error);
void whep_udp_free (WhepUdp *self);

int whep_udp_fd (const WhepUdp *self);
guint16 whep_udp_port (const WhepUdp *self);

/* Fills @batch, which has room for WHEP_UDP_BATCH, with waiting datagrams.
 * Returns their number. Datagrams longer than WHEP_DATAGRAM_MAX are not from
 * viewers and are dropped. */
guint whep_udp_receive (WhepUdp *self, WhepDatagram *batch);

/* Sends all runs. Returns FALSE if the kernel has no room for some of them: the
 * next call, once the socket is writable, continues there. Until then,
 * datagrams may be added to @out, but it must not be flushed. What cannot be
 * sent at all counts as lost in the network. */
gboolean whep_udp_send (WhepUdp *self, WhepOutbox *out);

/* The number of runs that could not be sent so far. */
guint64 whep_udp_n_refused (const WhepUdp *self);

G_END_DECLS
