/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The retransmissions that a viewer requests: see repairs.h. */

#include "ext/whep/viewer/repairs.h"

#include <string.h>

void
whep_repairs_init (WhepRepairs *self)
{
  memset (self, 0, sizeof (*self));
  whep_repairs_set_round_trip (self, WHEP_REPAIRS_DEFAULT_US);
}

void
whep_repairs_set_round_trip (WhepRepairs *self, gint64 round_trip_us)
{
  self->round_trip_ms =
      CLAMP (round_trip_us, WHEP_REPAIRS_MIN_US, WHEP_REPAIRS_MAX_US) / 1000;
}

void
whep_repairs_earn (WhepRepairs *self, gsize size)
{
  self->n_bytes_earned = MIN (self->n_bytes_earned + size, WHEP_REPAIRS_BYTES);
}

static guint32
ms (gint64 time_us)
{
  return time_us / 1000;
}

/* Whether the packet is queued, or was sent less than a round trip ago. */
static gboolean
is_on_its_way (const WhepRepairs *self, const WhepRepair *repair, gint64 now_us)
{
  if (repair->is_waiting)
    return TRUE;
  return repair->is_known &&
      ms (now_us) - repair->since_ms < self->round_trip_ms;
}

/* Returns: (nullable): the slot for @seq, or NULL if it may not be sent. */
static WhepRepair *
find_room (WhepRepairs *self, guint16 seq, gint64 now_us)
{
  WhepRepair *set = self->sets[seq % WHEP_REPAIRS_SETS];
  WhepRepair *room = NULL;

  for (guint i = 0; i < WHEP_REPAIRS_WAYS; i++) {
    gboolean is_busy = is_on_its_way (self, &set[i], now_us);

    if (is_busy && set[i].seq == seq)
      return NULL;
    if (!is_busy)
      room = &set[i];
  }
  return room;
}

gboolean
whep_repairs_ask (WhepRepairs *self, guint16 seq, gsize size, gint64 now_us)
{
  WhepRepair *room = find_room (self, seq, now_us);

  if (room == NULL || size > self->n_bytes_earned)
    return FALSE;

  g_assert (self->n_waiting < WHEP_REPAIRS_MAX);
  *room = (WhepRepair){ .seq = seq,
    .is_known = TRUE,
    .is_waiting = TRUE,
    .since_ms = ms (now_us) };
  self->n_bytes_earned -= size;
  self->waiting[self->n_waiting++] = seq;
  self->n_asked++;
  return TRUE;
}

/* A repair that is sent in the stream itself counts as received (RFC 3550
 * appendix A.3), so a report may show no loss on a network that loses half of
 * all packets. The rate of requests, repeated ones included, shows it. */
guint8
whep_repairs_take_share (WhepRepairs *self, guint64 n_sent)
{
  guint64 n_since = n_sent - self->n_sent_then;
  guint64 share = n_since == 0 ? 0 : (guint64) self->n_asked * 256 / n_since;

  self->n_asked = 0;
  self->n_sent_then = n_sent;
  return MIN (share, G_MAXUINT8);
}

gboolean
whep_repairs_peek (const WhepRepairs *self, guint16 *seq)
{
  *seq = self->waiting[0];
  return self->n_waiting > 0;
}

static WhepRepair *
find_waiting (WhepRepairs *self, guint16 seq)
{
  WhepRepair *set = self->sets[seq % WHEP_REPAIRS_SETS];

  for (guint i = 0; i < WHEP_REPAIRS_WAYS; i++)
    if (set[i].is_waiting && set[i].seq == seq)
      return &set[i];
  g_assert_not_reached ();
}

void
whep_repairs_take (WhepRepairs *self, gint64 now_us)
{
  WhepRepair *repair;

  g_assert (self->n_waiting > 0);

  repair = find_waiting (self, self->waiting[0]);
  repair->is_waiting = FALSE;
  repair->since_ms = ms (now_us);
  self->n_waiting--;
  memmove (&self->waiting[0], &self->waiting[1],
      self->n_waiting * sizeof (self->waiting[0]));
}

void
whep_repairs_clear (WhepRepairs *self)
{
  for (guint i = 0; i < self->n_waiting; i++)
    find_waiting (self, self->waiting[i])->is_waiting = FALSE;
  self->n_waiting = 0;
}
