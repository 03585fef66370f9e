/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Enhanced tag headers: see exheader.h. */

#include "gst/flv/exheader.h"

/* The same in audio and video. */
#define TYPE_MOD_EX 7

/* AvMultitrackType. */
#define ONE_TRACK 0
#define MANY_TRACKS 1
#define MANY_TRACKS_MANY_CODECS 2

/* Modifiers per packet. One is defined; a sender of more than this many is
 * malicious. */
#define MOD_EX_LIMIT 8
/* A track ID is a byte. */
#define TRACKS_LIMIT 256

static gboolean
read_uint (FlvExHeader *self, guint n_bytes, guint32 *number)
{
  if (self->size - self->n_read < n_bytes)
    return FALSE;

  *number = 0;
  for (guint i = 0; i < n_bytes; i++)
    *number = *number << 8 | self->data[self->n_read++];
  return TRUE;
}

static gboolean
skip (FlvExHeader *self, gsize n_bytes)
{
  if (self->size - self->n_read < n_bytes)
    return FALSE;
  self->n_read += n_bytes;
  return TRUE;
}

/* Modifiers refine times that are rounded to milliseconds anyway: skipped. */
static gboolean
skip_mod_ex (FlvExHeader *self)
{
  for (guint i = 0; self->type == TYPE_MOD_EX; i++) {
    guint32 n_bytes, next;

    if (i == MOD_EX_LIMIT || !read_uint (self, 1, &n_bytes))
      return FALSE;
    n_bytes++;
    if (n_bytes == 256) {
      if (!read_uint (self, 2, &n_bytes))
        return FALSE;
      n_bytes++;
    }
    if (!skip (self, n_bytes) || !read_uint (self, 1, &next))
      return FALSE;
    self->type = next & 0x0f;
  }
  return TRUE;
}

static gboolean
read_layout (FlvExHeader *self, guint multitrack_type)
{
  guint32 layout;

  if (!read_uint (self, 1, &layout))
    return FALSE;
  self->is_multitrack = TRUE;
  self->type = layout & 0x0f;
  self->layout = layout >> 4;
  return self->layout <= MANY_TRACKS_MANY_CODECS &&
      self->type != multitrack_type;
}

gboolean
flv_ex_header_parse (FlvExHeader *self, const guint8 *data, gsize size,
    guint multitrack_type)
{
  *self = (FlvExHeader){ .data = data, .size = size, .n_read = 1 };
  if (size < 1)
    return FALSE;
  self->type = data[0] & 0x0f;
  if (!skip_mod_ex (self))
    return FALSE;
  if (self->type == multitrack_type && !read_layout (self, multitrack_type))
    return FALSE;
  return self->layout == MANY_TRACKS_MANY_CODECS ||
      read_uint (self, 4, &self->codec);
}

static gboolean
read_track (FlvExHeader *self, FlvExTrack *track)
{
  guint32 id = 0;
  guint32 n_left;

  track->codec = self->codec;
  if (self->layout == MANY_TRACKS_MANY_CODECS &&
      !read_uint (self, 4, &track->codec))
    return FALSE;
  if (self->is_multitrack && !read_uint (self, 1, &id))
    return FALSE;
  n_left = self->size - self->n_read;
  if (self->layout != ONE_TRACK && !read_uint (self, 3, &n_left))
    return FALSE;
  track->id = id;
  track->offset = self->n_read;
  track->size = n_left;
  return skip (self, n_left);
}

FlvExNext
flv_ex_header_next (FlvExHeader *self, FlvExTrack *track)
{
  if (self->n_tracks > 0 && self->n_read == self->size)
    return FLV_EX_END;
  if (self->n_tracks == TRACKS_LIMIT)
    return FLV_EX_BROKEN;
  self->n_tracks++;
  return read_track (self, track) ? FLV_EX_TRACK : FLV_EX_BROKEN;
}

FlvExNext
flv_ex_header_find (FlvExHeader *self, guint id, FlvExTrack *track)
{
  FlvExNext next;

  while ((next = flv_ex_header_next (self, track)) == FLV_EX_TRACK) {
    if (track->id == id)
      return FLV_EX_TRACK;
  }
  return next;
}

FlvExNext
flv_ex_header_begin_packet (FlvExHeader *self, const guint8 *data, gsize size,
    guint multitrack_type, FlvPacket *packet)
{
  FlvExTrack track;
  FlvExNext next;

  if (!flv_ex_header_parse (self, data, size, multitrack_type))
    return FLV_EX_BROKEN;
  next = flv_ex_header_find (self, FLV_EX_FIRST_TRACK, &track);
  if (next != FLV_EX_TRACK)
    return next;
  packet->codec = track.codec;
  packet->offset = track.offset;
  packet->size = track.size;
  if (self->type == FLV_EX_SEQUENCE_START)
    packet->kind = FLV_PACKET_CONFIG;
  return FLV_EX_TRACK;
}
