/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A lossy network in virtual time: see network.h. */

#include "tests/support/network.h"
#include "tests/support/virtualclock.h"

#include <string.h>

#define MAX_ENDS 8
/* An end that is due this often at one moment is in a busy loop. */
#define MAX_STEPS_AT_ONCE 10000
/* The additional delay of a reordered datagram. */
#define REORDER_US 20000

typedef struct
{
  const NetworkEndClass *class;
  gpointer end;
  NetworkPath path;
  guint16 port;
  gint64 newest_due_us;
} End;

typedef struct
{
  gint64 due_us;
  WhepAddress from; /* as the receiver sees it */
  guint to;
  gsize size;
  guint8 data[];
} Datagram;

struct _Network
{
  guint32 seed;
  GRand *rand;
  gint64 now_us;
  End ends[MAX_ENDS];
  guint n_ends;
  GSequence *under_way; /* of Datagram, by due_us */
  WhepOutbox *out;
  guint64 n_lost;
  guint n_steps_at_once;
};

Network *
network_new (guint32 seed)
{
  Network *self = g_new0 (Network, 1);

  self->seed = seed;
  self->rand = g_rand_new_with_seed (seed);
  self->now_us = NETWORK_START_US;
  self->under_way = g_sequence_new (g_free);
  self->out = whep_outbox_new ();
  virtual_clock_set (self->now_us + NETWORK_WALL_OFFSET_US);
  return self;
}

void
network_free (Network *self)
{
  g_rand_free (self->rand);
  g_sequence_free (self->under_way);
  whep_outbox_free (self->out);
  g_free (self);
}

guint
network_attach (Network *self, const NetworkEndClass *class, gpointer end)
{
  guint number = self->n_ends++;

  g_assert (number < MAX_ENDS);
  self->ends[number] =
      (End){ .class = class, .end = end, .port = 10000 + number };
  return number;
}

void
network_set_path (Network *self, guint end, const NetworkPath *path)
{
  self->ends[end].path = *path;
}

/* 10.0.0.1 is the first end's address, v4-mapped. */
static void
write_ip (guint end, guint8 ip[16])
{
  static const guint8 ten_net[16] = { [10] = 0xff, [11] = 0xff, [12] = 10 };

  memcpy (ip, ten_net, 16);
  ip[15] = end + 1;
}

WhepAddress
network_address (const Network *self, guint end)
{
  WhepAddress address = { .remote_port = self->ends[end].port };

  write_ip (end, address.remote_ip);
  return address;
}

void
network_move (Network *self, guint end)
{
  self->ends[end].port += MAX_ENDS;
}

static gboolean
find_end (const Network *self, const WhepAddress *to, guint *end)
{
  for (*end = 0; *end < self->n_ends; (*end)++) {
    WhepAddress address = network_address (self, *end);

    if (memcmp (address.remote_ip, to->remote_ip, 16) == 0 &&
        address.remote_port == to->remote_port)
      return TRUE;
  }
  return FALSE;
}

static WhepAddress
address_seen_by (const Network *self, guint from, guint to)
{
  WhepAddress address = network_address (self, from);

  write_ip (to, address.local_ip);
  return address;
}

static gint
compare_due (gconstpointer a, gconstpointer b, gpointer user_data)
{
  gint64 left = ((const Datagram *) a)->due_us;
  gint64 right = ((const Datagram *) b)->due_us;

  return (left > right) - (left < right);
}

static gboolean
happens (Network *self, guint permille)
{
  return (guint) g_rand_int_range (self->rand, 0, 1000) < permille;
}

static gint64
draw_due_us (Network *self, End *end)
{
  const NetworkPath *path = &end->path;
  gint64 due_us = self->now_us + path->delay_us;

  if (path->jitter_us > 0)
    due_us += g_rand_int_range (self->rand, 0, path->jitter_us);
  due_us = MAX (due_us, end->newest_due_us);
  end->newest_due_us = due_us;
  if (happens (self, path->reorder_permille))
    due_us += REORDER_US;
  return due_us;
}

static void
carry (Network *self, guint from, const WhepAddress *to, const guint8 *data,
    gsize size)
{
  Datagram *datagram;
  guint receiver;

  if (!find_end (self, to, &receiver))
    return;
  if (happens (self, self->ends[from].path.loss_permille)) {
    self->n_lost++;
    return;
  }
  datagram = g_malloc (sizeof (Datagram) + size);
  datagram->due_us = draw_due_us (self, &self->ends[from]);
  datagram->from = address_seen_by (self, from, receiver);
  datagram->to = receiver;
  datagram->size = size;
  memcpy (datagram->data, data, size);
  g_sequence_insert_sorted (self->under_way, datagram, compare_due, NULL);
}

void
network_send (Network *self, guint end, const WhepOutbox *out)
{
  for (guint i = 0; i < out->n_runs; i++) {
    const WhepRun *run = &out->runs[i];

    for (gsize at = 0; at < run->size; at += run->segment_size) {
      const guint8 *data = out->bytes + run->offset + at;
      gsize size = MIN (run->segment_size, run->size - at);

      carry (self, end, &run->to, data, size);
      if (happens (self, self->ends[end].path.duplicate_permille))
        carry (self, end, &run->to, data, size);
    }
  }
}

static void
send_outbox (Network *self, guint end)
{
  network_send (self, end, self->out);
  whep_outbox_flush (self->out);
}

void
network_inject (Network *self, guint end, guint from, const guint8 *data,
    gsize size)
{
  WhepAddress address = address_seen_by (self, from, end);
  End *to = &self->ends[end];

  to->class->receive (to->end, data, size, &address, self->now_us, self->out);
  send_outbox (self, end);
}

gint64
network_now_us (const Network *self)
{
  return self->now_us;
}

guint64
network_n_lost (const Network *self)
{
  return self->n_lost;
}

static const Datagram *
next_datagram (const Network *self)
{
  GSequenceIter *first = g_sequence_get_begin_iter (self->under_way);

  return g_sequence_iter_is_end (first) ? NULL : g_sequence_get (first);
}

static void
deliver_next (Network *self)
{
  GSequenceIter *first = g_sequence_get_begin_iter (self->under_way);
  const Datagram *datagram = g_sequence_get (first);
  End *to = &self->ends[datagram->to];

  to->class->receive (to->end, datagram->data, datagram->size, &datagram->from,
      self->now_us, self->out);
  send_outbox (self, datagram->to);
  g_sequence_remove (first);
}

static gint64
earliest_deadline_us (const Network *self, guint *end)
{
  gint64 earliest_us = G_MAXINT64;

  for (guint i = 0; i < self->n_ends; i++) {
    const End *candidate = &self->ends[i];
    gint64 deadline_us =
        candidate->class->deadline_us (candidate->end, self->now_us);

    if (deadline_us < earliest_us) {
      earliest_us = deadline_us;
      *end = i;
    }
  }
  return earliest_us;
}

static void
advance (Network *self, gint64 to_us)
{
  if (to_us <= self->now_us) {
    if (++self->n_steps_at_once > MAX_STEPS_AT_ONCE)
      g_error ("seed %u: an end is always due at %" G_GINT64_FORMAT, self->seed,
          self->now_us);
    return;
  }
  self->n_steps_at_once = 0;
  self->now_us = to_us;
  virtual_clock_set (to_us + NETWORK_WALL_OFFSET_US);
}

/* Runs the one event that is due next. Returns FALSE if that is not before
 * @until_us, and sets the clock to that time. */
static gboolean
step (Network *self, gint64 until_us)
{
  const Datagram *datagram = next_datagram (self);
  guint end = 0;
  gint64 deadline_us = earliest_deadline_us (self, &end);
  gint64 due_us = datagram == NULL ? G_MAXINT64 : datagram->due_us;

  if (MIN (due_us, deadline_us) > until_us) {
    advance (self, until_us);
    return FALSE;
  }
  advance (self, MIN (due_us, deadline_us));
  if (due_us <= deadline_us) {
    deliver_next (self);
    return TRUE;
  }
  self->ends[end].class->tick (self->ends[end].end, self->now_us, self->out);
  send_outbox (self, end);
  return TRUE;
}

void
network_run_for (Network *self, gint64 duration_us)
{
  gint64 until_us = self->now_us + duration_us;

  while (step (self, until_us))
    continue;
}

gboolean
network_run_until (Network *self, gboolean (*claim) (gconstpointer data),
    gconstpointer data, gint64 limit_us)
{
  gint64 until_us = self->now_us + limit_us;

  while (!claim (data))
    if (!step (self, until_us))
      return claim (data);
  return TRUE;
}
