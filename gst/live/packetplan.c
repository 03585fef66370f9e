/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Divides access units into RTP packets: see packetplan.h. */

#include "gst/live/packetplan.h"

/* What sending costs, in nanoseconds per viewer: a run of datagrams beyond its
 * datagrams, and a datagram beyond its bytes, each of which costs 0.4 ns
 * (tests/bench/limit.c, with 1 to 20 packets of 575 and 1150 bytes). */
#define RUN_NS 3300
#define PACKET_NS 700
/* The size that all packets are to have is searched between the limit and half
 * of it, in steps of this many bytes: two packets of less than half could be
 * one. */
#define SIZE_STEP 16
/* RFC 6184 section 5.7.1, RFC 7798 section 4.4.2. */
#define LENGTH_BYTES 2

/* What a byte is said to cost: what it does, and then more and more, until
 * padding stays within PACKET_PLAN_PADDING_SHARE. At the last price, no padding
 * is worth the run that it saves. */
static const guint byte_prices_ns[] = { 1, 2, 3, 4, 6, 8, 12, 16, 32,
  RUN_NS + 1 };

/* Whether the next packet may continue the run of the last one. */
typedef enum
{
  RUN_OPEN,
  RUN_CLOSED,
  N_RUN_STATES,
} RunState;

/* The cheapest way in which the units up to a place can be sent, and what was
 * done last. */
typedef struct
{
  guint64 cost;
  guint n_units;
  RunState came_from;
} Step;

typedef struct
{
  const NalPacketFormat *format;
  const NalUnit *units;
  guint n_units;
  guint byte_ns;
  gsize size; /* of the packets that continue a run */
  Step steps[PACKET_PLAN_MAX_UNITS + 1][N_RUN_STATES];
} Search;

/* Adds @n_units from @at on, which need @n_packets of @n_bytes in all. */
static void
offer_step (Search *self, guint at, guint n_units, RunState becomes,
    guint n_packets, gsize n_bytes)
{
  Step *to = &self->steps[at + n_units][becomes];
  guint64 own =
      (guint64) n_packets * PACKET_NS + (guint64) n_bytes * self->byte_ns;

  for (RunState from = 0; from < N_RUN_STATES; from++) {
    guint64 before = self->steps[at][from].cost;
    guint64 cost;

    if (before == G_MAXUINT64)
      continue;
    cost = before + own + (from == RUN_CLOSED ? RUN_NS : 0);
    if (cost < to->cost)
      *to = (Step){ cost, n_units, from };
  }
}

static void
try_whole_units (Search *self, guint at)
{
  guint max = MIN (self->n_units - at, NAL_PACKET_MAX_UNITS);
  gsize n_bytes = 0;

  for (guint n = 1; n <= max; n++) {
    gsize size;

    n_bytes += self->units[at + n - 1].size;
    size = n == 1 ? n_bytes
                  : self->format->aggregate_header + n * LENGTH_BYTES + n_bytes;
    if (size > self->size)
      return;
    if (self->size - size <= NAL_PACKET_MAX_PADDING)
      offer_step (self, at, n, RUN_OPEN, 1, self->size);
    offer_step (self, at, n, RUN_CLOSED, 1, size);
  }
}

static gsize
fragment_room (const Search *self)
{
  return self->size - self->format->fragment_header;
}

static guint
count_fragments (const Search *self, guint at)
{
  gsize room = fragment_room (self);

  return (self->units[at].size - self->format->unit_header + room - 1) / room;
}

/* The padding that makes all of them equal. */
static gsize
missing_bytes (const Search *self, guint at)
{
  return count_fragments (self, at) * fragment_room (self) -
      (self->units[at].size - self->format->unit_header);
}

static gboolean
is_fragmented (const Search *self, guint at)
{
  return self->units[at].size > self->size;
}

static void
try_fragments (Search *self, guint at)
{
  guint n_fragments = count_fragments (self, at);
  gsize n_missing = missing_bytes (self, at);

  if (n_missing <= (gsize) n_fragments * NAL_PACKET_MAX_PADDING)
    offer_step (self, at, 1, RUN_OPEN, n_fragments, n_fragments * self->size);
  offer_step (self, at, 1, RUN_CLOSED, n_fragments,
      n_fragments * self->size - n_missing);
}

/* Returns: what it costs to send all units. */
static guint64
search_size (Search *self, gsize size)
{
  const Step *end = self->steps[self->n_units];

  self->size = size;
  for (guint i = 0; i <= self->n_units; i++)
    for (guint run = 0; run < N_RUN_STATES; run++)
      self->steps[i][run].cost = G_MAXUINT64;
  self->steps[0][RUN_CLOSED].cost = 0;
  for (guint at = 0; at < self->n_units; at++) {
    if (is_fragmented (self, at))
      try_fragments (self, at);
    else
      try_whole_units (self, at);
  }
  return MIN (end[RUN_OPEN].cost, end[RUN_CLOSED].cost);
}

static gboolean
fits_one_packet (const Search *self, gsize limit)
{
  gsize size = self->format->aggregate_header;

  for (guint i = 0; i < self->n_units; i++)
    size += LENGTH_BYTES + self->units[i].size;
  return self->n_units <= NAL_PACKET_MAX_UNITS && size <= limit;
}

/* Leaves the steps for the best size; of equal ones that is the largest. */
static void
search_all (Search *self, gsize limit)
{
  gboolean is_simple = self->n_units == 1 || fits_one_packet (self, limit);
  gsize min_size = is_simple ? limit : limit / 2;
  guint64 best_cost = G_MAXUINT64;
  gsize best_size = limit;

  for (gsize size = limit; size >= min_size; size -= SIZE_STEP) {
    guint64 cost = search_size (self, size);

    if (cost < best_cost) {
      best_cost = cost;
      best_size = size;
    }
  }
  if (self->size != best_size)
    search_size (self, best_size);
}

/* The last fragments have the padding, as much as a packet can have. */
static void
add_fragments (const Search *self, guint at, RunState becomes, GArray *packets)
{
  guint n_fragments = count_fragments (self, at);
  gsize n_missing = missing_bytes (self, at);
  gsize n_padding = becomes == RUN_OPEN ? n_missing : 0;
  gsize offset = self->format->unit_header;

  for (guint left = n_fragments; left > 0; left--) {
    gsize n_after = (left - 1) * NAL_PACKET_MAX_PADDING;
    NalPacket packet = { .first = at, .n_units = 1, .offset = offset };

    packet.n_padding = n_padding > n_after ? n_padding - n_after : 0;
    n_padding -= packet.n_padding;
    packet.n_bytes = MIN (fragment_room (self) - packet.n_padding,
        self->units[at].size - offset);
    offset += packet.n_bytes;
    g_array_append_val (packets, packet);
  }
}

static void
add_whole_units (const Search *self, guint at, guint n_units, RunState becomes,
    GArray *packets)
{
  NalPacket packet = { .first = at, .n_units = n_units };

  for (guint i = 0; i < n_units; i++)
    packet.n_bytes += self->units[at + i].size;
  if (becomes == RUN_OPEN)
    packet.n_padding = self->size - nal_packet_size (&packet, self->format);
  g_array_append_val (packets, packet);
}

/* The steps lead back from the last unit. */
static void
add_packets (const Search *self, GArray *packets)
{
  struct
  {
    guint n_units;
    RunState becomes;
  } path[PACKET_PLAN_MAX_UNITS];
  guint n_path = 0, at = self->n_units;
  RunState state =
      self->steps[at][RUN_OPEN].cost < self->steps[at][RUN_CLOSED].cost
      ? RUN_OPEN
      : RUN_CLOSED;

  while (at > 0) {
    const Step *step = &self->steps[at][state];

    path[n_path].n_units = step->n_units;
    path[n_path++].becomes = state;
    at -= step->n_units;
    state = step->came_from;
  }
  while (n_path-- > 0) {
    if (is_fragmented (self, at))
      add_fragments (self, at, path[n_path].becomes, packets);
    else
      add_whole_units (self, at, path[n_path].n_units, path[n_path].becomes,
          packets);
    at += path[n_path].n_units;
  }
}

static gboolean
is_within_share (const Search *self, const GArray *packets)
{
  gsize n_padding = 0, n_bytes = 0;

  for (guint i = 0; i < packets->len; i++)
    n_padding += g_array_index (packets, NalPacket, i).n_padding;
  for (guint i = 0; i < self->n_units; i++)
    n_bytes += self->units[i].size;
  return n_padding * PACKET_PLAN_PADDING_SHARE <= n_bytes;
}

void
packet_plan_make (GArray *packets, const NalPacketFormat *format,
    const NalUnit *units, guint n_units, gsize limit)
{
  Search self = { .format = format, .units = units, .n_units = n_units };

  g_assert (n_units <= PACKET_PLAN_MAX_UNITS);
  g_assert (limit >= PACKET_PLAN_MIN_LIMIT);

  for (guint i = 0; i < G_N_ELEMENTS (byte_prices_ns); i++) {
    self.byte_ns = byte_prices_ns[i];
    search_all (&self, limit);
    g_array_set_size (packets, 0);
    add_packets (&self, packets);
    if (is_within_share (&self, packets))
      return;
  }
}
