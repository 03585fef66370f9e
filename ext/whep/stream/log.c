/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The recent RTP packets of one track: see log.h. */

#include "ext/whep/stream/log.h"

/* Slots of a new ring, which doubles as needed. */
#define INITIAL_SLOTS 256

#define NO_PLACE G_MAXUINT64

struct _WhepLog
{
  WhepPacket **slots; /* a place's slot is place % n_slots */
  guint n_slots;      /* a power of two */
  guint64 head;
  guint64 tail;
  guint64 newest_key; /* NO_PLACE: none in the log */
  gsize n_key_bytes;  /* since the last key frame */
  gboolean has_key;   /* seen one, dropped or not */
  gint64 key_us;      /* when the last one was due */
  gint64 gop_us;
  gsize n_bytes;
  gsize limit_bytes;
  gint64 limit_us;
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
  g_free (self->slots);
  g_free (self);
}

static WhepPacket **
slot (const WhepLog *self, guint64 place)
{
  return &self->slots[place & (self->n_slots - 1)];
}

static void
drop_oldest (WhepLog *self)
{
  WhepPacket *packet = *slot (self, self->tail);

  if (self->tail == self->newest_key)
    self->newest_key = NO_PLACE;
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

/* Whether no viewer can need the oldest packet any more: it is too old for
 * repairs, and viewers do not start before the newest key frame. */
static gboolean
is_oldest_useless (const WhepLog *self, gint64 now_us)
{
  gint64 age_us = now_us - (*slot (self, self->tail))->media_us;

  if (age_us > self->limit_us || self->n_bytes > self->limit_bytes)
    return TRUE;
  if (self->newest_key != NO_PLACE && self->tail >= self->newest_key)
    return FALSE;
  return age_us > WHEP_LOG_REPAIR_US;
}

static void
note_key (WhepLog *self, const WhepPacket *packet)
{
  if (self->has_key)
    self->gop_us = packet->media_us - self->key_us;
  self->has_key = TRUE;
  self->key_us = packet->media_us;
  self->newest_key = self->head;
  self->n_key_bytes = 0;
}

void
whep_log_add (WhepLog *self, WhepPacket *packet)
{
  gint64 now_us = packet->media_us;

  if (self->head - self->tail == WHEP_LOG_MAX_PACKETS)
    drop_oldest (self);
  if (self->head - self->tail == self->n_slots)
    grow (self);

  *slot (self, self->head) = packet;
  self->n_bytes += packet->size;
  if (packet->starts_key_frame)
    note_key (self, packet);
  self->n_key_bytes += packet->size;
  self->head++;

  /* The newest packet is kept whatever its size, so the loop ends. */
  while (self->tail + 1 < self->head && is_oldest_useless (self, now_us))
    drop_oldest (self);
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
whep_log_newest_key (const WhepLog *self, guint64 *place)
{
  if (self->newest_key == NO_PLACE)
    return FALSE;
  *place = self->newest_key;
  return TRUE;
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
  self->gop_us = 0;
  while (self->tail < self->head)
    drop_oldest (self);
}
