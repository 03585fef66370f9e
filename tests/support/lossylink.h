/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The way between a viewer and its peer, for runs of days: what goes down
 * arrives at once or is lost, what comes up takes a round trip, and the losses
 * are remembered so that the peer can ask for them. Embedded in the test. */

#pragma once

#include "ext/whep/viewer/viewer.h"
#include "tests/support/peer.h"

G_BEGIN_DECLS

/* What a browser remembers of the losses that it asks for. */
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
  guint8 pts[WHEP_N_TRACKS]; /* of packets that are asked for */
  WhepAddress server;
  WhepAddress peer;
  GQueue uplink;
  LossyLinkLoss losses[LOSSY_LINK_MAX_LOST];
  guint n_losses;
  gint64 ask_us;
  guint64 n_lost;
} LossyLink;

/* Forgets the losses and what is under way. */
void lossy_link_cut (LossyLink *self);

/* Empties both outboxes: what the viewer left in @out goes down to @peer, which
 * may answer into @said, and that comes up. */
void lossy_link_carry (LossyLink *self, WhepOutbox *out, Peer *peer,
    WhepOutbox *said, gint64 now_us);
/* The viewer gets what has come up. */
void lossy_link_receive (LossyLink *self, WhepViewer *viewer, gint64 now_us,
    WhepOutbox *out);

/* Of each loss the peer asks some times, in one NACK a track, once that is due;
 * tells tests/support/sealed.h. */
void lossy_link_ask (LossyLink *self, Peer *peer, gint64 now_us,
    WhepOutbox *said);
void lossy_link_nack (Peer *peer, WhepTrackKind kind, const guint16 *seqs,
    guint n_seqs, WhepOutbox *said);

/* When something comes up, or is asked for. */
gint64 lossy_link_deadline_us (const LossyLink *self);

G_END_DECLS
