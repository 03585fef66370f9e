/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A record of all packets that are encrypted as SRTP, taken before encryption:
 * by SSRC and index, so that a nonce used for two contents is found, and a
 * repair that is not the packet that was lost.
 *
 * It is called in place of whep_srtp_seal_rtp() by the linker's --wrap, so it
 * also sees packets that no network carries. The payloads are those of
 * irregular.h. One instance; it counts the faults and reports the first. */

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
  guint64 n_first; /* packets that were encrypted once */
  guint64 n_again; /* repairs with the same packet, bit for bit */
  guint64 n_rtx;   /* repairs on a stream of their own */
  guint64 n_rollovers;
  guint64 n_asked;
  /* Faults: each must stay 0. */
  guint64 n_reused;      /* an index with two contents */
  guint64 n_wrong;       /* repairs that are not what was lost */
  guint64 n_unasked;     /* repairs that were not asked for */
  guint64 n_out_of_turn; /* packets that cannot follow their predecessor */
  guint64 n_back;        /* RTP times that went back */
} SealedCounts;

/* Begins the record of a viewer with these two sources, video and audio; faults
 * are reported with @seed. The counts continue until sealed_reset(). */
void sealed_begin (const SealedSource sources[WHEP_N_TRACKS], guint32 seed);
void sealed_reset (void);

/* Picks one of the last @n_newest sequence numbers of the source, as a viewer
 * that lost the packet asks for it. Returns FALSE if there is none yet. */
gboolean sealed_pick (WhepTrackKind kind, guint n_newest, GRand *rand,
    guint16 *seq);
/* The viewer asks for @seq: a repair of it is expected. */
void sealed_ask (WhepTrackKind kind, guint16 seq);

const SealedCounts *sealed_counts (void);
/* Aborts with the first fault, if there is one. */
void sealed_check (void);

G_END_DECLS
