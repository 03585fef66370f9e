/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The packets of one track whose retransmission a viewer has requested, until
 * they are sent.
 *
 * A sequence number is queued once, however often it is requested, and is not
 * sent again before the last repair can have arrived, that is for one round
 * trip. Repairs are paid for by the bytes that were sent for the first time.
 * Embedded in the sender; pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Repairs per round trip, including those that wait for the pacer; a larger
 * loss is handled by a rewind. Each sequence number maps to one of the sets, so
 * that any run of WHEP_REPAIRS_MAX consecutive numbers fits. */
#define WHEP_REPAIRS_SETS 32
#define WHEP_REPAIRS_WAYS 4
#define WHEP_REPAIRS_MAX (WHEP_REPAIRS_SETS * WHEP_REPAIRS_WAYS)

/* The maximum credit for retransmissions, in bytes of payload: as many packets
 * as fit above. Each byte that is sent for the first time earns one, so repairs
 * at most double what a viewer costs; even a network that loses half of all
 * packets needs no more. */
#define WHEP_REPAIRS_BYTES (WHEP_REPAIRS_MAX * 1200)

/* Used before the first report that yields a round trip time. Most round trips
 * are shorter, and a browser that does not know its own either repeats a NACK
 * after 100 ms. */
#define WHEP_REPAIRS_DEFAULT_US (50 * 1000)
/* A browser looks for losses every 20 ms and gives up after about a second. The
 * round trip time follows from what the browser reports, so it is clamped to
 * these limits. */
#define WHEP_REPAIRS_MIN_US (10 * 1000)
#define WHEP_REPAIRS_MAX_US (500 * 1000)

typedef struct
{
  guint16 seq;
  guint8 is_known;
  guint8 is_waiting;
  guint32 since_ms; /* requested, or sent; wraps */
} WhepRepair;

typedef struct
{
  WhepRepair sets[WHEP_REPAIRS_SETS][WHEP_REPAIRS_WAYS];
  guint16 waiting[WHEP_REPAIRS_MAX]; /* sequence numbers, oldest first */
  guint n_waiting;
  guint32 round_trip_ms;
  gsize n_bytes_earned;
  guint n_asked;       /* since the last share */
  guint64 n_sent_then; /* at the last share */
} WhepRepairs;

void whep_repairs_init (WhepRepairs *self);

void whep_repairs_set_round_trip (WhepRepairs *self, gint64 round_trip_us);

/* @size bytes of payload were sent for the first time. */
void whep_repairs_earn (WhepRepairs *self, gsize size);

/* The viewer requests @seq, of @size bytes. Returns whether it was queued:
 * FALSE if it is queued already or was sent within the last round trip, or if
 * the viewer has no credit left; it may be requested again later. */
gboolean whep_repairs_ask (WhepRepairs *self, guint16 seq, gsize size,
    gint64 now_us);

/* Returns: the number of packets that were queued since the last call, as a
 * share of those that were sent since, of 256. @n_sent: so far, repairs
 * included. */
guint8 whep_repairs_take_share (WhepRepairs *self, guint64 n_sent);

/* Gets the next one to send. Returns FALSE if none is queued. */
gboolean whep_repairs_peek (const WhepRepairs *self, guint16 *seq);
/* Removes the one that peek returned, which is being sent. */
void whep_repairs_take (WhepRepairs *self, gint64 now_us);

/* Empties the queue. */
void whep_repairs_clear (WhepRepairs *self);

G_END_DECLS
