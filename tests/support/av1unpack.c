/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Depacketizes AV1: see av1unpack.h. */

#include "tests/support/av1unpack.h"

#define HAS_EXTENSION 0x04
#define HAS_SIZE 0x02

static gboolean
read_length (const guint8 *data, gsize size, gsize *at, gsize *length)
{
  *length = 0;
  for (guint i = 0; i < 4 && *at < size; i++) {
    guint8 byte = data[(*at)++];

    *length |= (gsize) (byte & 0x7f) << (7 * i);
    if ((byte & 0x80) == 0)
      return *length <= size - *at;
  }
  return FALSE;
}

/* Writes the open OBU with a size of five bytes of LEB128. */
static gboolean
close_obu (Av1Unpack *self)
{
  const guint8 *data = self->open->data;
  gsize n_header = self->open->len > 0 && (data[0] & HAS_EXTENSION) ? 2 : 1;
  guint8 header, length[5];
  gsize n_payload;

  if (self->open->len < n_header || (data[0] & HAS_SIZE) != 0)
    return FALSE;
  n_payload = self->open->len - n_header;
  header = data[0] | HAS_SIZE;
  g_byte_array_append (self->out, &header, 1);
  g_byte_array_append (self->out, data + 1, n_header - 1);
  for (guint i = 0; i < 5; i++)
    length[i] = (n_payload >> (7 * i) & 0x7f) | (i < 4 ? 0x80 : 0);
  g_byte_array_append (self->out, length, 5);
  g_byte_array_append (self->out, data + n_header, n_payload);
  g_clear_pointer (&self->open, g_byte_array_unref);
  return TRUE;
}

gboolean
av1_unpack (Av1Unpack *self, const guint8 *payload, gsize size)
{
  guint n_elements = size > 0 ? payload[0] >> 4 & 3 : 0;
  gsize at = 1;

  if (size < 2 || (self->open != NULL) != (payload[0] >> 7))
    return FALSE;
  for (guint i = 1; at < size; i++) {
    gsize length = size - at;

    if (i != n_elements && !read_length (payload, size, &at, &length))
      return FALSE;
    if (self->open == NULL)
      self->open = g_byte_array_new ();
    g_byte_array_append (self->open, payload + at, length);
    at += length;
    if (at == size && n_elements != 0 && i != n_elements)
      return FALSE;
    if ((at < size || (payload[0] & 0x40) == 0) && !close_obu (self))
      return FALSE;
  }
  return TRUE;
}

gboolean
av1_unpack_end (Av1Unpack *self)
{
  gboolean is_whole = self->open == NULL;

  g_clear_pointer (&self->open, g_byte_array_unref);
  return is_whole;
}
