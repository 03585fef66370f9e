/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A record of all that is sealed as SRTP, kept before it is sealed: by SSRC and
 * index, so that a nonce that is used for two contents is found, and a repair
 * that is not the packet that was lost.
 *
 * Stands before whep_srtp_seal_rtp() by the linker's --wrap, so it sees what no
 * network carries, too. The payloads are those of irregular.h. One at a time;
 * counts what is wrong and says the first of it. */

#pragma once

#include "tests/support/irregular.h"

G_BEGIN_DECLS

typedef struct
{
  guint32 ssrc;
  guint32 rtx_ssrc; /* 0: repairs are the same packet again */
} SealedSource;

typedef struct
{
  guint64 n_first; /* packets that were sealed once */
  guint64 n_again; /* repairs by the same packet, bit for bit */
  guint64 n_rtx;   /* repairs on a stream of their own */
  guint64 n_rollovers;
  guint64 n_asked;
  /* What must stay 0. */
  guint64 n_reused;      /* an index with two contents */
  guint64 n_wrong;       /* repairs that are not what was lost */
  guint64 n_unasked;     /* repairs that nobody asked for */
  guint64 n_out_of_turn; /* packets that can't follow their predecessor */
  guint64 n_back;        /* RTP times that went back */
} SealedCounts;

/* Begins a record of a viewer with these two sources, video and audio; what is
 * wrong is said with @seed. The counts go on until sealed_reset(). */
void sealed_begin (const SealedSource sources[WHEP_N_TRACKS], guint32 seed);
void sealed_reset (void);

/* Picks a number from the last @n_newest that the source had, as a viewer that
 * lost the packet asks for it. Returns FALSE if it had none yet. */
gboolean sealed_pick (WhepTrackKind kind, guint n_newest, GRand *rand,
    guint16 *seq);
/* The viewer asks for @seq: a repair of it is expected. */
void sealed_ask (WhepTrackKind kind, guint16 seq);

const SealedCounts *sealed_counts (void);
/* Nothing is wrong; dies with the first that is. */
void sealed_check (void);

G_END_DECLS
