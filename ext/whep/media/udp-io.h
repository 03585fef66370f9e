/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The UDP socket: datagrams in by recvmmsg(), an outbox out by sendmmsg() with
 * UDP_SEGMENT, so that a run of datagrams passes the kernel as one. Each
 * datagram goes out from the address that its peer reached. */

#pragma once

#include "ext/whep/viewer/outbox.h"

G_BEGIN_DECLS

/* Datagrams that one call to whep_udp_receive() takes at the most. */
#define WHEP_UDP_BATCH 32

typedef struct
{
  WhepAddress from;
  gsize size;
  guint8 data[WHEP_DATAGRAM_MAX];
} WhepDatagram;

typedef struct _WhepUdp WhepUdp;

/* Binds @port (0: any) on @address; "::" takes IPv4, too, and where the system
 * has no IPv6 it falls back to all of IPv4. */
WhepUdp *whep_udp_new (const gchar *address, guint16 port, GError **error);
/* Another socket on the address and port of @first: the kernel deals the peers
 * out among all that share. Nobody else can join them by a whep_udp_new(). */
WhepUdp *whep_udp_new_beside (WhepUdp *first, GError **error);
void whep_udp_free (WhepUdp *self);

int whep_udp_fd (const WhepUdp *self);
guint16 whep_udp_port (const WhepUdp *self);

/* Fills @batch, of WHEP_UDP_BATCH, with what waits. Returns how many. Datagrams
 * longer than WHEP_DATAGRAM_MAX are nobody's and are dropped. */
guint whep_udp_receive (WhepUdp *self, WhepDatagram *batch);

/* Sends all runs. Returns FALSE if the kernel has no room for some of them: the
 * next call, once the socket is writable, goes on there. Until then @out may be
 * added to, but not be flushed. What can't be sent at all is lost, as on any
 * network. */
gboolean whep_udp_send (WhepUdp *self, WhepOutbox *out);

/* Runs that could not be sent, so far. */
guint64 whep_udp_n_refused (const WhepUdp *self);

G_END_DECLS
