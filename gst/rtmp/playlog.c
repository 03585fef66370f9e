/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The recent tags of a stream: see playlog.h. */

#include "gst/rtmp/playlog.h"

#include "gst/rtmp/playclock.h"

/* The initial size of the ring: about half a second of video and audio. */
#define MIN_CAPACITY 64

struct _RtmpPlayLog
{
  RtmpPlayLimits limits;
  RtmpPlayClock clock;
  guint epoch;

  /* The place modulo the capacity, a power of two, is the index. */
  RtmpPlayEntry *ring;
  gsize capacity;
  guint64 tail, head;
  gsize n_bytes;

  gboolean has_video, has_audio; /* of this publisher */
  gboolean is_key;               /* the last video tag was a key frame */
  gboolean has_start;
  guint64 start;
  guint64 audio;         /* the place of the newest audio tag */
  GArray *headers;       /* of RtmpPlayEntry, by place */
  GArray *start_headers; /* likewise, as they were at the start */
};

static void
clear_entry (gpointer data)
{
  g_bytes_unref (((RtmpPlayEntry *) data)->tag);
}

static GArray *
new_headers (void)
{
  GArray *headers = g_array_new (FALSE, FALSE, sizeof (RtmpPlayEntry));

  g_array_set_clear_func (headers, clear_entry);
  return headers;
}

RtmpPlayLog *
rtmp_playlog_new (const RtmpPlayLimits *limits)
{
  RtmpPlayLog *self = g_new0 (RtmpPlayLog, 1);

  self->limits = *limits;
  self->headers = new_headers ();
  self->start_headers = new_headers ();
  return self;
}

static RtmpPlayEntry *
entry_at (const RtmpPlayLog *self, guint64 place)
{
  return &self->ring[place & (self->capacity - 1)];
}

static gsize
cost_of (const RtmpPlayEntry *entry)
{
  return g_bytes_get_size (entry->tag) + RTMP_PLAYLOG_TAG_COST_BYTES;
}

static void
drop_oldest (RtmpPlayLog *self)
{
  RtmpPlayEntry *entry = entry_at (self, self->tail);

  if (self->has_start && self->start == self->tail)
    self->has_start = FALSE;
  self->n_bytes -= cost_of (entry);
  g_clear_pointer (&entry->tag, g_bytes_unref);
  self->tail++;
}

static void
drop_all (RtmpPlayLog *self)
{
  while (self->tail < self->head)
    drop_oldest (self);
}

void
rtmp_playlog_free (RtmpPlayLog *self)
{
  if (self == NULL)
    return;
  drop_all (self);
  g_array_unref (self->headers);
  g_array_unref (self->start_headers);
  g_free (self->ring);
  g_free (self);
}

void
rtmp_playlog_interrupt (RtmpPlayLog *self)
{
  drop_all (self);
  self->is_key = FALSE;
  self->epoch++;
}

void
rtmp_playlog_begin (RtmpPlayLog *self)
{
  rtmp_playlog_interrupt (self);
  g_array_set_size (self->headers, 0);
  g_array_set_size (self->start_headers, 0);
  self->has_video = self->has_audio = FALSE;
  rtmp_playclock_begin (&self->clock);
}

static void
make_room (RtmpPlayLog *self)
{
  gsize capacity = MAX (2 * self->capacity, MIN_CAPACITY);
  RtmpPlayEntry *ring;

  if (self->head - self->tail < self->capacity)
    return;
  ring = g_new0 (RtmpPlayEntry, capacity);
  for (guint64 place = self->tail; place < self->head; place++)
    ring[place & (capacity - 1)] = *entry_at (self, place);
  g_free (self->ring);
  self->ring = ring;
  self->capacity = capacity;
}

static void
append (GArray *headers, const RtmpPlayEntry *entry)
{
  g_array_append_val (headers, *entry);
  g_bytes_ref (entry->tag);
}

static void
keep_header (RtmpPlayLog *self, const RtmpPlayEntry *entry)
{
  guint i = 0;

  if (g_bytes_get_size (entry->tag) > RTMP_PLAYLOG_MAX_HEADER_BYTES)
    return;
  while (i < self->headers->len &&
      g_array_index (self->headers, RtmpPlayEntry, i).what.slot !=
          entry->what.slot)
    i++;
  if (i < self->headers->len)
    g_array_remove_index (self->headers, i);
  if (self->headers->len < RTMP_PLAYLOG_MAX_HEADERS)
    append (self->headers, entry);
}

/* Some encoders divide a picture into several tags with the same timestamp: a
 * decoder begins with the first of them. */
static void
note_key (RtmpPlayLog *self, const RtmpPlayEntry *entry)
{
  const RtmpPlayEntry *start =
      self->has_start ? entry_at (self, self->start) : NULL;

  if (start != NULL && self->is_key && start->time_ms == entry->time_ms)
    return;
  self->has_start = TRUE;
  self->start = entry->place;
  g_array_set_size (self->start_headers, 0);
  for (guint i = 0; i < self->headers->len; i++)
    append (self->start_headers,
        &g_array_index (self->headers, RtmpPlayEntry, i));
}

static void
note (RtmpPlayLog *self, const RtmpPlayEntry *entry)
{
  switch (entry->what.kind) {
    case RTMP_PLAYTAG_METADATA:
    case RTMP_PLAYTAG_HEADER:
      keep_header (self, entry);
      return;
    case RTMP_PLAYTAG_AUDIO:
      self->has_audio = TRUE;
      self->audio = entry->place;
      return;
    case RTMP_PLAYTAG_KEY:
      note_key (self, entry);
      self->has_video = self->is_key = TRUE;
      return;
    case RTMP_PLAYTAG_VIDEO:
      self->has_video = TRUE;
      self->is_key = FALSE;
      return;
    case RTMP_PLAYTAG_DATA:
      return;
  }
}

static gboolean
is_oldest_too_old (const RtmpPlayLog *self, gint64 now_us)
{
  gint64 age_us = now_us - entry_at (self, self->tail)->since_us;

  if (self->n_bytes > self->limits.bytes || age_us > self->limits.time_us)
    return TRUE;
  return self->has_start && self->tail < self->start &&
      age_us > self->limits.behind_us;
}

/* Encoders may give headers any timestamp, even 0 in the middle of a stream. */
static guint64
time_of (RtmpPlayLog *self, const RtmpPlayTag *what, const guint8 *tag,
    gint64 now_us)
{
  if (what->kind == RTMP_PLAYTAG_METADATA || what->kind == RTMP_PLAYTAG_HEADER)
    return self->clock.time_ms;
  return rtmp_playclock_map (&self->clock, rtmp_playtag_time_ms (tag), now_us);
}

void
rtmp_playlog_add (RtmpPlayLog *self, GBytes *tag, gint64 now_us)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (tag, &size);
  RtmpPlayEntry entry = {
    .tag = g_bytes_ref (tag),
    .place = self->head,
    .since_us = now_us,
  };

  rtmp_playtag_read (&entry.what, data, size);
  entry.time_ms = time_of (self, &entry.what, data, now_us);
  make_room (self);
  *entry_at (self, self->head++) = entry;
  self->n_bytes += cost_of (&entry);
  note (self, &entry);
  while (self->head - self->tail > 1 && is_oldest_too_old (self, now_us))
    drop_oldest (self);
}

guint
rtmp_playlog_epoch (const RtmpPlayLog *self)
{
  return self->epoch;
}

guint64
rtmp_playlog_tail (const RtmpPlayLog *self)
{
  return self->tail;
}

guint64
rtmp_playlog_head (const RtmpPlayLog *self)
{
  return self->head;
}

guint64
rtmp_playlog_time_ms (const RtmpPlayLog *self)
{
  return self->clock.time_ms;
}

gsize
rtmp_playlog_size (const RtmpPlayLog *self)
{
  return self->n_bytes;
}

const RtmpPlayEntry *
rtmp_playlog_get (const RtmpPlayLog *self, guint64 place)
{
  if (place < self->tail || place >= self->head)
    return NULL;
  return entry_at (self, place);
}

gboolean
rtmp_playlog_find_start (const RtmpPlayLog *self, guint64 *place)
{
  if (self->has_video) {
    *place = self->start;
    return self->has_start;
  }
  *place = self->audio;
  return self->has_audio && self->audio >= self->tail;
}

const RtmpPlayEntry *
rtmp_playlog_next_header (const RtmpPlayLog *self, guint64 place)
{
  const GArray *headers = self->has_start ? self->start_headers : self->headers;

  for (guint i = 0; i < headers->len; i++) {
    const RtmpPlayEntry *entry = &g_array_index (headers, RtmpPlayEntry, i);

    if (entry->place >= place)
      return entry;
  }
  return NULL;
}
