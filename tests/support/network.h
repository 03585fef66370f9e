/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A lossy network in virtual time, for the pure ends of a protocol.
 *
 * Ends are attached to it. It carries the datagrams that they leave in their
 * outbox, loses, delays, duplicates and reorders them by a seed, and advances
 * the clock to whatever is due next. Nothing sleeps, and one seed gives one
 * run. */

#pragma once

#include "ext/whep/viewer/outbox.h"

G_BEGIN_DECLS

/* The start of every test's clock: not 0, which may mean "never". */
#define NETWORK_START_US (1000 * G_USEC_PER_SEC)
/* The time of day at monotonic 0: 2026-01-01. */
#define NETWORK_WALL_OFFSET_US (1767225600 * (gint64) G_USEC_PER_SEC)

/* The functions of one end. Each leaves its output in @out. */
typedef struct
{
  void (*receive) (gpointer end, const guint8 *data, gsize size,
      const WhepAddress *from, gint64 now_us, WhepOutbox *out);
  void (*tick) (gpointer end, gint64 now_us, WhepOutbox *out);
  gint64 (*deadline_us) (gpointer end, gint64 now_us);
} NetworkEndClass;

/* What happens to the datagrams that one end sends. */
typedef struct
{
  gint64 delay_us;
  gint64 jitter_us; /* up to this much more; the order is kept */
  guint loss_permille;
  guint duplicate_permille;
  guint reorder_permille; /* these arrive after their successors */
} NetworkPath;

typedef struct _Network Network;

Network *network_new (guint32 seed);
void network_free (Network *self);

/* Returns the end's number, from 0. @end must outlive the network. */
guint network_attach (Network *self, const NetworkEndClass *class,
    gpointer end);
void network_set_path (Network *self, guint end, const NetworkPath *path);

/* The address at which others reach @end. */
WhepAddress network_address (const Network *self, guint end);
/* From now on @end sends from, and is reached at, another port. */
void network_move (Network *self, guint end);

/* @end receives @data at once, as if @from had sent it. */
void network_inject (Network *self, guint end, guint from, const guint8 *data,
    gsize size);
/* Sends datagrams that the test itself made for @end. */
void network_send (Network *self, guint end, const WhepOutbox *out);

gint64 network_now_us (const Network *self);
void network_run_for (Network *self, gint64 duration_us);
/* Runs until @claim holds; returns FALSE if it didn't within @limit_us. */
gboolean network_run_until (Network *self,
    gboolean (*claim) (gconstpointer data), gconstpointer data,
    gint64 limit_us);

/* Counts of what the network has done. */
guint64 network_n_lost (const Network *self);

G_END_DECLS
