/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files of fragmented MP4: see cutter.h. Boxes are those of ISO/IEC 14496-12.
 */

#include "gst/record/cutter.h"

#include <string.h>

#define BOX_HEADER_BYTES 8
#define FULL_BOX_BYTES 4
#define NS_PER_S G_GUINT64_CONSTANT (1000000000)
#define MIN_TIMESCALE 1

/* A part of a box, or of all: what is left to read. */
typedef struct
{
  const guint8 *data;
  gsize size;
} Span;

static guint32
read_u32 (const guint8 *at)
{
  guint32 number;

  memcpy (&number, at, sizeof number);
  return GUINT32_FROM_BE (number);
}

static guint64
read_u64 (const guint8 *at)
{
  return (guint64) read_u32 (at) << 32 | read_u32 (at + 4);
}

static void
write_u32 (guint8 *at, guint32 number)
{
  number = GUINT32_TO_BE (number);
  memcpy (at, &number, sizeof number);
}

/* Takes the next box. Returns FALSE at the end, or if the box is malformed. */
static gboolean
next_box (Span *from, guint32 *type, Span *content)
{
  guint32 size;

  if (from->size < BOX_HEADER_BYTES)
    return FALSE;
  size = read_u32 (from->data);
  if (size < BOX_HEADER_BYTES || size > from->size)
    return FALSE;
  *type = read_u32 (from->data + 4);
  content->data = from->data + BOX_HEADER_BYTES;
  content->size = size - BOX_HEADER_BYTES;
  from->data += size;
  from->size -= size;
  return TRUE;
}

static guint32
box_type (const gchar *name)
{
  return read_u32 ((const guint8 *) name);
}

static gboolean
find_box (Span in, const gchar *name, Span *content)
{
  guint32 type;

  while (next_box (&in, &type, content))
    if (type == box_type (name))
      return TRUE;
  return FALSE;
}

/* Reads the number after the two times, which are 32 or 64 bits long. */
static gboolean
read_after_times (Span box, guint32 *number)
{
  gsize at = FULL_BOX_BYTES;

  if (box.size < FULL_BOX_BYTES)
    return FALSE;
  at += box.data[0] == 1 ? 16 : 8;
  if (box.size < at + 4)
    return FALSE;
  *number = read_u32 (box.data + at);
  return TRUE;
}

static gboolean
read_track (Span trak, RecordTrack *track)
{
  Span tkhd, mdia, mdhd;

  return find_box (trak, "tkhd", &tkhd) && find_box (trak, "mdia", &mdia) &&
      find_box (mdia, "mdhd", &mdhd) && read_after_times (tkhd, &track->id) &&
      read_after_times (mdhd, &track->timescale) &&
      track->timescale >= MIN_TIMESCALE;
}

gboolean
record_cutter_take_init (RecordCutter *self, const guint8 *data, gsize size)
{
  Span all = { data, size }, moov, box;
  guint32 type;

  self->n_tracks = 0;
  self->has_new_init = TRUE;
  if (!find_box (all, "moov", &moov))
    return FALSE;
  while (self->n_tracks < RECORD_CUTTER_MAX_TRACKS &&
      next_box (&moov, &type, &box))
    if (type == box_type ("trak") &&
        read_track (box, &self->tracks[self->n_tracks]))
      self->n_tracks++;
  return self->n_tracks > 0;
}

void
record_cutter_end_file (RecordCutter *self)
{
  self->has_file = FALSE;
  self->duration_ns = self->n_bytes = 0;
}

static const RecordTrack *
find_track (const RecordCutter *self, guint32 id)
{
  for (guint i = 0; i < self->n_tracks; i++)
    if (self->tracks[i].id == id)
      return &self->tracks[i];
  return NULL;
}

/* The place of a fragment's time. */
typedef struct
{
  const RecordTrack *track;
  guint8 *at; /* 64 or 32 bits */
  gboolean is_long;
  guint64 ticks;
} Time;

/* Returns FALSE if there is none, or if the track is unknown. */
static gboolean
find_time (const RecordCutter *self, guint8 *head, gsize size, Time *time)
{
  Span all = { head, MIN (size, RECORD_CUTTER_MAX_HEAD_BYTES) };
  Span moof, traf, tfhd, tfdt;

  if (!find_box (all, "moof", &moof) || !find_box (moof, "traf", &traf) ||
      !find_box (traf, "tfhd", &tfhd) || !find_box (traf, "tfdt", &tfdt) ||
      tfhd.size < FULL_BOX_BYTES + 4 || tfdt.size < FULL_BOX_BYTES + 4)
    return FALSE;
  time->track = find_track (self, read_u32 (tfhd.data + FULL_BOX_BYTES));
  time->is_long = tfdt.data[0] == 1;
  time->at = head + (tfdt.data - head) + FULL_BOX_BYTES;
  if (time->track == NULL || (time->is_long && tfdt.size < FULL_BOX_BYTES + 8))
    return FALSE;
  time->ticks = time->is_long ? read_u64 (time->at) : read_u32 (time->at);
  return TRUE;
}

/* The time may be any; a product of 64 bits would overflow after half a year.
 */
static guint64
to_ns (guint64 ticks, guint32 timescale)
{
  return ticks / timescale * NS_PER_S +
      ticks % timescale * NS_PER_S / timescale;
}

static guint64
to_ticks (guint64 ns, guint32 timescale)
{
  return ns / NS_PER_S * timescale + ns % NS_PER_S * timescale / NS_PER_S;
}

static void
write_time (const Time *time, guint64 ticks)
{
  if (time->is_long)
    write_u32 (time->at, ticks >> 32);
  write_u32 (time->is_long ? time->at + 4 : time->at, ticks);
}

/* Returns: (nullable): why the file has to end before this key frame. */
static const gchar *
why_cut (const RecordCutter *self, guint64 time_ns, gsize n_bytes,
    const RecordLimits *limits)
{
  if (self->has_new_init)
    return "the stream has other parameters";
  if (time_ns < self->base_ns)
    return "the stream's times went back";
  if (limits->duration_ns > 0 && time_ns - self->base_ns >= limits->duration_ns)
    return "its duration is reached";
  if (limits->bytes > 0 && self->n_bytes + n_bytes > limits->bytes)
    return "its size is reached";
  return NULL;
}

static RecordCut
begin_file (RecordCutter *self, guint64 time_ns, const gchar *why)
{
  self->has_file = TRUE;
  self->has_new_init = FALSE;
  self->base_ns = time_ns;
  self->duration_ns = self->n_bytes = 0;
  self->why = why;
  return RECORD_CUT_BEGIN;
}

RecordCut
record_cutter_take (RecordCutter *self, guint8 *head, gsize size, gsize n_bytes,
    gboolean is_key, const RecordLimits *limits)
{
  RecordCut cut = RECORD_CUT_CONTINUE;
  Time time;
  guint64 time_ns, base;

  if (!find_time (self, head, size, &time))
    return RECORD_CUT_SKIP;
  time_ns = to_ns (time.ticks, time.track->timescale);
  if (is_key && !self->has_file)
    cut = begin_file (self, time_ns, NULL);
  else if (is_key && why_cut (self, time_ns, n_bytes, limits) != NULL)
    cut = begin_file (self, time_ns, why_cut (self, time_ns, n_bytes, limits));
  base = to_ticks (self->base_ns, time.track->timescale);
  /* Audio that precedes the first picture. */
  if (!self->has_file || self->has_new_init || time.ticks < base)
    return RECORD_CUT_SKIP;
  write_time (&time, time.ticks - base);
  self->n_bytes += n_bytes;
  self->duration_ns =
      MAX (self->duration_ns, time_ns - MIN (time_ns, self->base_ns));
  return cut;
}
