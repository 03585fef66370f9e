/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Boxes of the ISO base media file format: see box.h. */

#include "gst/mp4/box.h"

#include <string.h>

void
mp4_put_bytes (GByteArray *out, gconstpointer bytes, gsize size)
{
  g_byte_array_append (out, bytes, size);
}

void
mp4_put_zeros (GByteArray *out, gsize size)
{
  guint at = out->len;

  g_byte_array_set_size (out, at + size);
  memset (out->data + at, 0, size);
}

void
mp4_put_u8 (GByteArray *out, guint8 value)
{
  mp4_put_bytes (out, &value, sizeof value);
}

void
mp4_put_u16 (GByteArray *out, guint16 value)
{
  guint16 bytes = GUINT16_TO_BE (value);

  mp4_put_bytes (out, &bytes, sizeof bytes);
}

void
mp4_put_u24 (GByteArray *out, guint32 value)
{
  mp4_put_u8 (out, value >> 16);
  mp4_put_u16 (out, value);
}

void
mp4_put_u32 (GByteArray *out, guint32 value)
{
  guint32 bytes = GUINT32_TO_BE (value);

  mp4_put_bytes (out, &bytes, sizeof bytes);
}

void
mp4_put_u64 (GByteArray *out, guint64 value)
{
  guint64 bytes = GUINT64_TO_BE (value);

  mp4_put_bytes (out, &bytes, sizeof bytes);
}

void
mp4_put_unity_matrix (GByteArray *out)
{
  static const guint32 matrix[] = { 0x10000, 0, 0, 0, 0x10000, 0, 0, 0,
    0x40000000 };

  for (guint i = 0; i < G_N_ELEMENTS (matrix); i++)
    mp4_put_u32 (out, matrix[i]);
}

gsize
mp4_box_begin (GByteArray *out, const gchar *type)
{
  gsize begin = out->len;

  mp4_put_u32 (out, 0);
  mp4_put_bytes (out, type, 4);
  return begin;
}

gsize
mp4_full_box_begin (GByteArray *out, const gchar *type, guint8 version,
    guint32 flags)
{
  gsize begin = mp4_box_begin (out, type);

  mp4_put_u8 (out, version);
  mp4_put_u24 (out, flags);
  return begin;
}

void
mp4_box_end (GByteArray *out, gsize begin)
{
  guint32 size = GUINT32_TO_BE (out->len - begin);

  memcpy (out->data + begin, &size, sizeof size);
}
