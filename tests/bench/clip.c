/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An FLV file as messages: see clip.h. */

#include "tests/bench/clip.h"

#include "gst/flv/flvreader.h"
#include "tests/bench/frametimes.h"

/* video_file_format_spec_v10_1, annex E.4 */
#define TAG_AUDIO 8
#define TAG_VIDEO 9
#define AVC_HEADER_BYTES 5
#define NAL_LENGTH_BYTES 4
#define NAL_SLICE 1
#define NAL_IDR 5

static guint32
read_u32 (const guint8 *data)
{
  return (guint32) data[0] << 24 | data[1] << 16 | data[2] << 8 | data[3];
}

static gboolean
is_slice (guint8 header)
{
  return (header & 0x1f) == NAL_SLICE || (header & 0x1f) == NAL_IDR;
}

/* The key of the frame's last slice. Trailing zeroes are not transmitted. */
static guint64
find_key (const guint8 *body, gsize size)
{
  guint64 key = 0;
  gsize at = AVC_HEADER_BYTES;

  while (at + NAL_LENGTH_BYTES < size) {
    gsize length = read_u32 (body + at);
    const guint8 *nal = body + at + NAL_LENGTH_BYTES;

    at += NAL_LENGTH_BYTES + length;
    if (length == 0 || at > size)
      break;
    while (nal[length - 1] == 0 && length > 1)
      length--;
    if (is_slice (nal[0]))
      key = frame_key (nal, length);
  }
  return key;
}

static void
add_tag (Clip *self, guint8 type, guint32 time_ms, const guint8 *body,
    gsize size)
{
  ClipTag tag = { .type = type,
    .time_ms = time_ms,
    .body = body,
    .size = size,
    .is_header = size > 1 && body[1] == 0 };

  if (type == TAG_VIDEO && !tag.is_header)
    tag.key = find_key (body, size);
  g_array_append_val (self->tags, tag);
  if (type == TAG_VIDEO)
    self->duration_ms = MAX (self->duration_ms, time_ms);
}

Clip *
clip_load (const gchar *path)
{
  Clip *self = g_new0 (Clip, 1);
  FlvReader reader = { 0 };
  g_autoptr (GError) error = NULL;
  gchar *file;
  gsize size;
  FlvPiece piece;

  if (!g_file_get_contents (path, &file, &size, &error))
    g_error ("%s", error->message);
  self->file = g_bytes_new_take (file, size);
  self->tags = g_array_new (FALSE, FALSE, sizeof (ClipTag));
  for (const guint8 *at = (guint8 *) file, *end = at + size; at < end;
       at += piece.size) {
    if (flv_reader_look (&reader, at, end - at, &piece) != FLV_LOOK_PIECE ||
        piece.size > (gsize) (end - at))
      break;
    flv_reader_advance (&reader, &piece);
    if (piece.kind == FLV_PIECE_AUDIO || piece.kind == FLV_PIECE_VIDEO)
      add_tag (self, piece.kind == FLV_PIECE_VIDEO ? TAG_VIDEO : TAG_AUDIO,
          piece.time_ms, at + piece.offset, piece.size - piece.offset);
  }
  if (self->tags->len < 2)
    g_error ("%s contains no video and no audio", path);
  /* The last frame lasts as long as the others. */
  self->duration_ms += 33;
  return self;
}

void
clip_free (Clip *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->tags);
  g_bytes_unref (self->file);
  g_free (self);
}
