/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Enhanced tag headers: see exheader.h. */

#include "gst/flv/exheader.h"

/* The same in audio and video. */
#define TYPE_MOD_EX 7

/* AvMultitrackType. */
#define ONE_TRACK 0
#define MANY_TRACKS 1
#define MANY_TRACKS_MANY_CODECS 2

/* Modifiers of one packet. One is defined; a sender with more than this many
 * wants us to spin. */
#define MOD_EX_LIMIT 8
/* A track's number is a byte. */
#define TRACKS_LIMIT 256

#define OUR_TRACK 0

typedef struct
{
  const guint8 *data;
  gsize size;
  gsize n_read;
} Cursor;

static gboolean
read_uint (Cursor *self, guint n_bytes, guint32 *number)
{
  if (self->size - self->n_read < n_bytes)
    return FALSE;

  *number = 0;
  for (guint i = 0; i < n_bytes; i++)
    *number = *number << 8 | self->data[self->n_read++];
  return TRUE;
}

static gboolean
skip (Cursor *self, gsize n_bytes)
{
  if (self->size - self->n_read < n_bytes)
    return FALSE;
  self->n_read += n_bytes;
  return TRUE;
}

/* Modifiers refine what we round to milliseconds anyway: skipped. */
static gboolean
skip_mod_ex (Cursor *cursor, guint *type)
{
  for (guint i = 0; *type == TYPE_MOD_EX; i++) {
    guint32 n_bytes, next;

    if (i == MOD_EX_LIMIT || !read_uint (cursor, 1, &n_bytes))
      return FALSE;
    n_bytes++;
    if (n_bytes == 256) {
      if (!read_uint (cursor, 2, &n_bytes))
        return FALSE;
      n_bytes++;
    }
    if (!skip (cursor, n_bytes) || !read_uint (cursor, 1, &next))
      return FALSE;
    *type = next & 0x0f;
  }
  return TRUE;
}

static void
take_body (FlvExHeader *self, const Cursor *cursor, gsize size)
{
  self->is_ours = TRUE;
  self->offset = cursor->n_read;
  self->size = size;
}

static gboolean
find_our_track (FlvExHeader *self, Cursor *cursor, guint multitrack)
{
  for (guint i = 0; i < TRACKS_LIMIT && cursor->n_read < cursor->size; i++) {
    guint32 codec = self->codec;
    guint32 track, size;

    if (multitrack == MANY_TRACKS_MANY_CODECS && !read_uint (cursor, 4, &codec))
      return FALSE;
    if (!read_uint (cursor, 1, &track))
      return FALSE;
    if (multitrack == ONE_TRACK)
      size = cursor->size - cursor->n_read;
    else if (!read_uint (cursor, 3, &size))
      return FALSE;

    if (size > cursor->size - cursor->n_read)
      return FALSE;
    if (track == OUR_TRACK) {
      self->codec = codec;
      take_body (self, cursor, size);
      return TRUE;
    }
    skip (cursor, size);
  }
  return TRUE;
}

gboolean
flv_ex_header_parse (FlvExHeader *self, const guint8 *data, gsize size,
    guint multitrack_type)
{
  Cursor cursor = { data, size, 1 };
  guint32 multitrack;

  *self = (FlvExHeader){ 0 };
  if (size < 1)
    return FALSE;
  self->type = data[0] & 0x0f;
  if (!skip_mod_ex (&cursor, &self->type))
    return FALSE;

  if (self->type != multitrack_type) {
    if (!read_uint (&cursor, 4, &self->codec))
      return FALSE;
    take_body (self, &cursor, size - cursor.n_read);
    return TRUE;
  }

  if (!read_uint (&cursor, 1, &multitrack))
    return FALSE;
  self->type = multitrack & 0x0f;
  multitrack >>= 4;
  if (multitrack > MANY_TRACKS_MANY_CODECS || self->type == multitrack_type)
    return FALSE;
  if (multitrack != MANY_TRACKS_MANY_CODECS &&
      !read_uint (&cursor, 4, &self->codec))
    return FALSE;
  return find_our_track (self, &cursor, multitrack);
}
