/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Datagrams of all viewers of a media thread that are ready to be sent.
 *
 * Datagrams are stored back to back. Adjacent ones that go to the same address
 * and are equal in size (the last may be shorter) form a run, which is sent
 * with one sendmsg() and UDP_SEGMENT. A writer reserves room, writes the
 * datagram in place and commits it: nothing is copied on the way to the kernel.
 *
 * Owned by one thread; does no I/O. */

#pragma once

#include "ext/whep/viewer/address.h"

G_BEGIN_DECLS

/* Room for one turn of a media thread; small enough to stay in a core's
 * cache. */
#define WHEP_OUTBOX_BYTES (256 * 1024)
/* The maximum number of runs between two flushes. */
#define WHEP_OUTBOX_RUNS 512
/* UDP_MAX_SEGMENTS of Linux before 6.9, and the largest UDP payload. */
#define WHEP_RUN_MAX_SEGMENTS 64
#define WHEP_RUN_MAX_BYTES 65507
/* The largest datagram that we send: fits IPv6's 1280 with room for tunnels. */
#define WHEP_DATAGRAM_MAX 1500

typedef struct
{
  WhepAddress to;
  gsize offset;
  gsize size;
  guint16 segment_size;
  guint16 n_segments;
} WhepRun;

typedef struct
{
  guint8 bytes[WHEP_OUTBOX_BYTES];
  gsize size;
  WhepRun runs[WHEP_OUTBOX_RUNS];
  guint n_runs;
  gboolean is_last_run_closed;
  gint64 traces[WHEP_OUTBOX_RUNS];
  guint n_traces;
} WhepOutbox;

WhepOutbox *whep_outbox_new (void);
void whep_outbox_free (WhepOutbox *self);

/* Returns: (nullable): room for a datagram of up to @size bytes, or NULL if the
 * outbox must be flushed first. Reserving again without a commit returns the
 * same room. */
guint8 *whep_outbox_reserve (WhepOutbox *self, gsize size);

/* The reserved room now holds a datagram of @size bytes for @to. */
void whep_outbox_commit (WhepOutbox *self, const WhepAddress *to, gsize size);

/* A live frame that was pushed at @came_us ends here: its latency is known once
 * the outbox has been sent. Frames beyond WHEP_OUTBOX_RUNS are not traced. */
void whep_outbox_trace (WhepOutbox *self, gint64 came_us);

/* Makes the next datagram begin a new run, because the last run may already
 * have been handed to the kernel. */
void whep_outbox_close_run (WhepOutbox *self);

/* Discards all datagrams and traces, once they have been sent. */
void whep_outbox_flush (WhepOutbox *self);

G_END_DECLS
