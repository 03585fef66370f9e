/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The viewers of one media thread, found by ICE ufrag, by address and by the
 * soonest deadline. Pure; owned by the thread. */

#pragma once

#include "ext/whep/media/tally.h"

G_BEGIN_DECLS

/* Addresses that a viewer's checks came from and that are remembered. A browser
 * checks from a few; one that comes with more starts the list anew. */
#define WHEP_SEAT_MAX_ADDRESSES 8

typedef struct
{
  WhepViewer *viewer; /* owned */
  WhepStream *stream;
  gint64 deadline_us;
  guint heap_index;
  WhepAddress addresses[WHEP_SEAT_MAX_ADDRESSES];
  guint n_addresses;
  gboolean is_connected; /* and others know */
} WhepSeat;

typedef struct _WhepSeats WhepSeats;

WhepSeats *whep_seats_new (void);
void whep_seats_free (WhepSeats *self);
guint whep_seats_count (const WhepSeats *self);
/* In no order, and only until something changes. */
WhepSeat *whep_seats_get (const WhepSeats *self, guint index);

/* Adds all viewers to @tally. */
void whep_seats_tally (const WhepSeats *self, WhepTally *tally);

/* Takes the viewer; its first deadline is "now". */
WhepSeat *whep_seats_add (WhepSeats *self, WhepViewer *viewer,
    WhepStream *stream);
/* Frees seat and viewer. */
void whep_seats_remove (WhepSeats *self, WhepSeat *seat);

WhepSeat *whep_seats_by_ufrag (const WhepSeats *self, const gchar *ufrag);
WhepSeat *whep_seats_by_address (const WhepSeats *self,
    const WhepAddress *address);

/* The viewer restarts ICE: it is found by the new ufrag, too. */
void whep_seats_restart_ice (WhepSeats *self, WhepSeat *seat,
    const WhepIceCredentials *credentials);

/* Datagrams from @address are this viewer's from now on. */
void whep_seats_learn (WhepSeats *self, WhepSeat *seat,
    const WhepAddress *address);

/* Of a WhepAddress, for a table of them. */
guint whep_seats_hash_address (gconstpointer address);

void whep_seats_set_deadline (WhepSeats *self, WhepSeat *seat,
    gint64 deadline_us);
/* Returns: (nullable): the seat with the soonest deadline. */
WhepSeat *whep_seats_soonest (const WhepSeats *self);

G_END_DECLS
