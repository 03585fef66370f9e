/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The packets of one track that a viewer asks for again, until they are sent.
 *
 * A number waits once, however often it is asked for, and is not sent again
 * before the viewer can have had the last repair: a round trip later. All that
 * is sent again has been earned by what was sent at first. Embedded in the
 * sender; pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Repairs in a round trip, those that wait for the pacer among them; a loss of
 * more is a rewind's work. A number has its place in one of the sets, so that
 * any run of so many fits. */
#define WHEP_REPAIRS_SETS 32
#define WHEP_REPAIRS_WAYS 4
#define WHEP_REPAIRS_MAX (WHEP_REPAIRS_SETS * WHEP_REPAIRS_WAYS)

/* What may be sent again at once, in bytes of payload: as many as fit above.
 * Each byte that is sent at first earns one, so repairs at most double what a
 * viewer costs; a network that loses half of all needs no more than that. */
#define WHEP_REPAIRS_BYTES (WHEP_REPAIRS_MAX * 1200)

/* Before the first report that tells the round trip. Most are shorter, and a
 * browser that doesn't know either asks again after 100 ms. */
#define WHEP_REPAIRS_DEFAULT_US (50 * 1000)
/* A browser looks for losses each 20 ms, and gives up after a second or so;
 * what it says of the round trip is its own affair between these. */
#define WHEP_REPAIRS_MIN_US (10 * 1000)
#define WHEP_REPAIRS_MAX_US (500 * 1000)

typedef struct
{
  guint16 seq;
  guint8 is_known;
  guint8 is_waiting;
  guint32 since_ms; /* asked for, or sent; wraps */
} WhepRepair;

typedef struct
{
  WhepRepair sets[WHEP_REPAIRS_SETS][WHEP_REPAIRS_WAYS];
  guint16 waiting[WHEP_REPAIRS_MAX]; /* sequence numbers, oldest first */
  guint n_waiting;
  guint32 round_trip_ms;
  gsize n_bytes_earned;
} WhepRepairs;

void whep_repairs_init (WhepRepairs *self);

void whep_repairs_set_round_trip (WhepRepairs *self, gint64 round_trip_us);

/* @size bytes of payload were sent at first. */
void whep_repairs_earn (WhepRepairs *self, gsize size);

/* The viewer lacks @seq, of @size bytes. Returns whether it waits from now on:
 * FALSE if it does already, or was sent within the last round trip, or if the
 * viewer has asked for too much; it may ask again. */
gboolean whep_repairs_ask (WhepRepairs *self, guint16 seq, gsize size,
    gint64 now_us);

/* Which one to send next. Returns FALSE if none waits. */
gboolean whep_repairs_peek (const WhepRepairs *self, guint16 *seq);
/* What peek showed is sent now. */
void whep_repairs_take (WhepRepairs *self, gint64 now_us);

/* None waits any more. */
void whep_repairs_clear (WhepRepairs *self);

G_END_DECLS
