/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* VP9 frames: see vp9frame.h. */

#include "gst/live/vp9frame.h"

#include "gst/bitstream/bitreader.h"

/* Sections 6.2 and 7.2. */
#define FRAME_MARKER 2
#define SYNC_CODE 0x498342
#define CS_RGB 7
#define N_REFS 3
#define SIZE_BITS 16

/* Annex B: the last byte of a superframe, which is also the first byte of its
 * index. */
#define INDEX_MARKER_MASK 0xe0
#define INDEX_MARKER 0xc0
#define INDEX_MAX_FRAMES 8

/* The longest key frame header, as far as it is read here, has 14 bytes, and an
 * arithmetically coded part follows. */
#define KEY_MIN_BYTES 16
#define MIN_BYTES 3

typedef struct
{
  gboolean is_key;
  gboolean shows_existing;
  guint width, height;
} Header;

static guint
read_profile (BitReader *reader)
{
  guint low = bit_reader_read (reader, 1);
  guint profile = bit_reader_read (reader, 1) << 1 | low;

  /* A reserved bit. */
  if (profile == 3)
    bit_reader_skip (reader, 1);
  return profile;
}

/* Section 7.2.2. */
static void
skip_color_config (BitReader *reader, guint profile)
{
  gboolean has_subsampling = profile == 1 || profile == 3;

  if (profile >= 2)
    bit_reader_skip (reader, 1);
  if (bit_reader_read (reader, 3) != CS_RGB) {
    bit_reader_skip (reader, 1);
    if (has_subsampling)
      bit_reader_skip (reader, 3);
  } else if (has_subsampling) {
    bit_reader_skip (reader, 1);
  }
}

static void
read_size (Header *self, BitReader *reader)
{
  self->width = bit_reader_read (reader, SIZE_BITS) + 1;
  self->height = bit_reader_read (reader, SIZE_BITS) + 1;
  /* The display size. */
  if (bit_reader_read (reader, 1))
    bit_reader_skip (reader, 2 * SIZE_BITS);
}

/* An inter frame has the size of a reference frame, or its own. */
static void
read_inter (Header *self, BitReader *reader)
{
  bit_reader_skip (reader, 8 + N_REFS * (3 + 1));
  for (guint i = 0; i < N_REFS; i++) {
    if (bit_reader_read (reader, 1))
      return;
  }
  read_size (self, reader);
}

static gboolean
read_intra_only (Header *self, BitReader *reader, guint profile)
{
  if (bit_reader_read (reader, 24) != SYNC_CODE)
    return FALSE;
  if (profile > 0)
    skip_color_config (reader, profile);
  bit_reader_skip (reader, 8);
  read_size (self, reader);
  return TRUE;
}

static gboolean
read_header (Header *self, const guint8 *data, gsize size)
{
  gboolean is_shown, is_resilient, is_intra;
  BitReader reader;
  guint profile;

  *self = (Header){ 0 };
  bit_reader_init (&reader, data, size);
  if (bit_reader_read (&reader, 2) != FRAME_MARKER)
    return FALSE;
  profile = read_profile (&reader);
  self->shows_existing = bit_reader_read (&reader, 1);
  if (self->shows_existing) {
    bit_reader_skip (&reader, 3);
    return !bit_reader_is_past_end (&reader);
  }
  self->is_key = bit_reader_read (&reader, 1) == 0;
  if (size < (self->is_key ? KEY_MIN_BYTES : MIN_BYTES))
    return FALSE;
  is_shown = bit_reader_read (&reader, 1);
  is_resilient = bit_reader_read (&reader, 1);
  if (self->is_key) {
    if (bit_reader_read (&reader, 24) != SYNC_CODE)
      return FALSE;
    skip_color_config (&reader, profile);
    read_size (self, &reader);
    return !bit_reader_is_past_end (&reader);
  }
  is_intra = is_shown ? FALSE : bit_reader_read (&reader, 1);
  if (!is_resilient)
    bit_reader_skip (&reader, 2);
  if (!is_intra)
    read_inter (self, &reader);
  else if (!read_intra_only (self, &reader, profile))
    return FALSE;
  return !bit_reader_is_past_end (&reader);
}

typedef struct
{
  guint n_frames;
  gsize sizes[INDEX_MAX_FRAMES];
} Index;

/* Without an index there is one frame. Sizes that don't fit are truncated. */
static void
read_index (Index *self, const guint8 *data, gsize size)
{
  guint8 marker = data[size - 1];
  guint n_frames = (marker & 0x07) + 1;
  guint n_size_bytes = (marker >> 3 & 0x03) + 1;
  gsize n_index = 2 + n_frames * n_size_bytes;
  const guint8 *at;
  gsize n_left;

  *self = (Index){ .n_frames = 1, .sizes = { size } };
  if ((marker & INDEX_MARKER_MASK) != INDEX_MARKER || n_index >= size ||
      data[size - n_index] != marker)
    return;
  at = data + size - n_index + 1;
  n_left = size - n_index;
  self->n_frames = n_frames;
  for (guint i = 0; i < n_frames; i++) {
    gsize n_bytes = 0;

    for (guint b = 0; b < n_size_bytes; b++)
      n_bytes |= (gsize) *at++ << (8 * b);
    self->sizes[i] = MIN (n_bytes, n_left);
    n_left -= self->sizes[i];
  }
}

static void
take_size (Vp9Frame *self, const Header *header)
{
  if ((guint64) header->width * header->height <=
      (guint64) self->width * self->height)
    return;
  self->width = header->width;
  self->height = header->height;
}

gboolean
vp9_frame_read (Vp9Frame *self, const guint8 *data, gsize size)
{
  Index index;

  *self = (Vp9Frame){ 0 };
  if (size == 0)
    return FALSE;
  read_index (&index, data, size);
  for (guint i = 0; i < index.n_frames; i++) {
    Header header;

    /* Section B.3: an empty frame is skipped, unless it is the first. */
    if (i > 0 && index.sizes[i] == 0)
      continue;
    if (!read_header (&header, data, index.sizes[i]))
      return FALSE;
    if (i == 0) {
      self->is_key = header.is_key;
      self->shows_existing = header.shows_existing;
    }
    take_size (self, &header);
    data += index.sizes[i];
  }
  return TRUE;
}
