/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The recent RTP packets of one track: see log.h. */

#include "ext/whep/stream/log.h"

/* Slots of a new ring, which doubles as needed. */
#define INITIAL_SLOTS 256

#define NO_PLACE G_MAXUINT64
/* Former key frames are removed from the list together. */
#define MAX_FORMER_KEYS 1024

struct _WhepLog
{
  WhepPacket **slots; /* a place's slot is place % n_slots */
  guint n_slots;      /* a power of two */
  guint64 head;
  guint64 tail;
  guint64 newest_key; /* NO_PLACE: none in the log */
  gsize n_key_bytes;  /* since the last key frame */
  GArray *keys;       /* the places of all key frames in the log, and before
                       * them former_keys that are not any more */
  guint n_former_keys;
  gboolean has_key; /* seen one, dropped or not */
  gint64 key_us;    /* when the last one was due */
  gint64 gop_us;
  gsize n_bytes;
  gsize limit_bytes;
  gint64 limit_us;
  gint64 rewind_us;
  gboolean is_cut; /* the limits have dropped what a viewer can need */
};

WhepPacket *
whep_packet_new (gsize size)
{
  WhepPacket *self = g_malloc (sizeof (WhepPacket) + size);

  g_assert (size <= G_MAXUINT16);
  *self = (WhepPacket){ .ref_count = 1, .size = size };
  return self;
}

WhepPacket *
whep_packet_ref (WhepPacket *self)
{
  g_atomic_int_inc (&self->ref_count);
  return self;
}

void
whep_packet_unref (WhepPacket *self)
{
  if (g_atomic_int_dec_and_test (&self->ref_count))
    g_free (self);
}

WhepLog *
whep_log_new (gsize limit_bytes, gint64 limit_us)
{
  WhepLog *self = g_new0 (WhepLog, 1);

  self->n_slots = INITIAL_SLOTS;
  self->slots = g_new (WhepPacket *, self->n_slots);
  self->newest_key = NO_PLACE;
  self->keys = g_array_new (FALSE, FALSE, sizeof (guint64));
  self->limit_bytes = limit_bytes;
  self->limit_us = limit_us;
  return self;
}

void
whep_log_free (WhepLog *self)
{
  if (self == NULL)
    return;
  whep_log_restart (self);
  g_array_unref (self->keys);
  g_free (self->slots);
  g_free (self);
}

void
whep_log_set_rewind (WhepLog *self, gsize rewind_bytes, gint64 rewind_us)
{
  self->limit_bytes += rewind_bytes;
  self->limit_us += rewind_us;
  self->rewind_us = rewind_us;
}

static WhepPacket **
slot (const WhepLog *self, guint64 place)
{
  return &self->slots[place & (self->n_slots - 1)];
}

static guint64
key_at (const WhepLog *self, guint index)
{
  return g_array_index (self->keys, guint64, index);
}

static void
forget_oldest_key (WhepLog *self)
{
  if (self->tail == self->newest_key)
    self->newest_key = NO_PLACE;
  if (++self->n_former_keys < MAX_FORMER_KEYS &&
      self->n_former_keys < self->keys->len)
    return;
  g_array_remove_range (self->keys, 0, self->n_former_keys);
  self->n_former_keys = 0;
}

static void
drop_oldest (WhepLog *self)
{
  WhepPacket *packet = *slot (self, self->tail);

  if (packet->starts_key_frame)
    forget_oldest_key (self);
  self->n_bytes -= packet->size;
  self->tail++;
  whep_packet_unref (packet);
}

static void
grow (WhepLog *self)
{
  guint n_slots = self->n_slots * 2;
  WhepPacket **slots = g_new (WhepPacket *, n_slots);

  for (guint64 place = self->tail; place < self->head; place++)
    slots[place & (n_slots - 1)] = *slot (self, place);
  g_free (self->slots);
  self->slots = slots;
  self->n_slots = n_slots;
}

/* The age of packets that viewers may still be sent: those before the newest
 * key frame for repairs, or the last GOP that a viewer behind live may be in,
 * and then its repairs. */
static gint64
useful_us (const WhepLog *self)
{
  return self->rewind_us == 0
      ? WHEP_LOG_REPAIR_US
      : self->rewind_us + MAX (self->gop_us, 0) + WHEP_LOG_REPAIR_US;
}

static gint64
oldest_us (const WhepLog *self)
{
  return (*slot (self, self->tail))->media_us;
}

/* Whether no viewer can need the oldest packet any more. */
static gboolean
is_oldest_useless (const WhepLog *self, gint64 now_us)
{
  if (self->newest_key != NO_PLACE && self->tail >= self->newest_key)
    return FALSE;
  return now_us - oldest_us (self) > useful_us (self);
}

static gboolean
is_over_limits (const WhepLog *self, gint64 now_us)
{
  return now_us - oldest_us (self) > self->limit_us ||
      self->n_bytes > self->limit_bytes;
}

/* The oldest packet has to go, whether it is of use or not. */
static void
cut (WhepLog *self, gint64 now_us)
{
  if (!is_oldest_useless (self, now_us))
    self->is_cut = TRUE;
  drop_oldest (self);
}

static void
note_key (WhepLog *self, const WhepPacket *packet)
{
  if (self->has_key)
    self->gop_us = packet->media_us - self->key_us;
  self->has_key = TRUE;
  self->key_us = packet->media_us;
  self->newest_key = self->head;
  g_array_append_val (self->keys, self->head);
  self->n_key_bytes = 0;
}

void
whep_log_add (WhepLog *self, WhepPacket *packet)
{
  gint64 now_us = packet->media_us;

  if (self->head - self->tail == WHEP_LOG_MAX_PACKETS)
    cut (self, now_us);
  if (self->head - self->tail == self->n_slots)
    grow (self);

  *slot (self, self->head) = packet;
  self->n_bytes += packet->size;
  if (packet->starts_key_frame)
    note_key (self, packet);
  self->n_key_bytes += packet->size;
  self->head++;

  /* The newest packet is kept whatever its size, so the loop ends. */
  while (self->tail + 1 < self->head &&
      (is_over_limits (self, now_us) || is_oldest_useless (self, now_us)))
    cut (self, now_us);
}

const WhepPacket *
whep_log_get (const WhepLog *self, guint64 place)
{
  if (place < self->tail || place >= self->head)
    return NULL;
  return *slot (self, place);
}

guint64
whep_log_head (const WhepLog *self)
{
  return self->head;
}

guint64
whep_log_tail (const WhepLog *self)
{
  return self->tail;
}

gboolean
whep_log_has_begun (const WhepLog *self)
{
  return self->has_key;
}

gboolean
whep_log_newest_key (const WhepLog *self, guint64 *place)
{
  if (self->newest_key == NO_PLACE)
    return FALSE;
  *place = self->newest_key;
  return TRUE;
}

gboolean
whep_log_key_before (const WhepLog *self, guint64 place, guint64 *key)
{
  guint low = self->n_former_keys, high = self->keys->len;

  while (low < high) {
    guint middle = low + (high - low) / 2;

    if (key_at (self, middle) < place)
      low = middle + 1;
    else
      high = middle;
  }
  if (low == self->n_former_keys)
    return FALSE;
  *key = key_at (self, low - 1);
  return TRUE;
}

gboolean
whep_log_is_cut (const WhepLog *self)
{
  return self->is_cut;
}

gint64
whep_log_reach_us (const WhepLog *self)
{
  gint64 kept_us;

  if (!self->is_cut)
    return G_MAXINT64;
  kept_us = whep_log_get (self, self->head - 1)->media_us - oldest_us (self);
  return MAX (kept_us - self->gop_us - WHEP_LOG_REPAIR_US, 0);
}

gsize
whep_log_key_bytes (const WhepLog *self)
{
  return self->newest_key == NO_PLACE ? 0 : self->n_key_bytes;
}

gint64
whep_log_gop_us (const WhepLog *self)
{
  return self->gop_us;
}

void
whep_log_restart (WhepLog *self)
{
  self->has_key = FALSE;
  self->is_cut = FALSE;
  self->gop_us = 0;
  while (self->tail < self->head)
    drop_oldest (self);
}
