/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The network between a viewer and its peer, for runs of days: a datagram of
 * the viewer arrives at once or is lost, one of the peer takes a round trip,
 * and the losses are recorded so that the peer can ask for them. Embedded in
 * the test. */

#pragma once

#include "ext/whep/viewer/viewer.h"
#include "whepbench/peer.h"

G_BEGIN_DECLS

/* The number of losses that a browser keeps a record of. */
#define LOSSY_LINK_MAX_LOST 1000

typedef struct
{
  WhepTrackKind kind;
  guint16 seq;
  guint n_asks;
} LossyLinkLoss;

typedef struct
{
  GRand *rand; /* not owned */
  guint loss_permille;
  gint64 round_trip_us;
  guint8 pts[WHEP_N_TRACKS]; /* of packets that can be asked for */
  WhepAddress server;
  WhepAddress peer;
  GQueue uplink;
  LossyLinkLoss losses[LOSSY_LINK_MAX_LOST];
  guint n_losses;
  gint64 ask_us;
  guint64 n_lost;
} LossyLink;

/* Forgets the losses and drops the datagrams in flight. */
void lossy_link_cut (LossyLink *self);

/* Empties both outboxes: the datagrams of the viewer in @out go to @peer, which
 * may reply into @said, and those replies go to the viewer. */
void lossy_link_carry (LossyLink *self, WhepOutbox *out, Peer *peer,
    WhepOutbox *said, gint64 now_us);
/* Delivers to the viewer the datagrams that have arrived. */
void lossy_link_receive (LossyLink *self, WhepViewer *viewer, gint64 now_us,
    WhepOutbox *out);

/* The peer asks for each loss several times, once that is due, in one NACK per
 * track; tests/support/sealed.h is notified. */
void lossy_link_ask (LossyLink *self, Peer *peer, gint64 now_us,
    WhepOutbox *said);
void lossy_link_nack (Peer *peer, WhepTrackKind kind, const guint16 *seqs,
    guint n_seqs, WhepOutbox *said);

/* When the next datagram arrives at the viewer, or the next NACK is due. */
gint64 lossy_link_deadline_us (const LossyLink *self);

G_END_DECLS
