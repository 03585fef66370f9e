/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* FLV for tests: see flvfile.h. */

#include "tests/support/flvfile.h"

#include <string.h>

#define FILE_HEADER_BYTES 13
#define TAG_HEADER_BYTES 11
#define BACK_POINTER_BYTES 4

GBytes *
flv_file_load (const gchar *name)
{
  g_autofree gchar *path =
      g_build_filename (g_getenv ("SUPPORT_DIR"), "flv", name, NULL);
  g_autoptr (GError) error = NULL;
  gchar *data;
  gsize size;

  if (!g_file_get_contents (path, &data, &size, &error))
    g_error ("%s", error->message);
  return g_bytes_new_take (data, size);
}

GstBuffer *
flv_file_cut (GBytes *file, gsize offset, gsize size)
{
  g_autoptr (GBytes) part = g_bytes_new_from_bytes (file, offset,
      MIN (size, g_bytes_get_size (file) - offset));

  return gst_buffer_new_wrapped_bytes (part);
}

GstBuffer *
flv_file_next_tag (GBytes *file, gsize *offset)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (file, &size);
  gsize start = MAX (*offset, FILE_HEADER_BYTES);
  gsize tag_size;

  if (start + TAG_HEADER_BYTES > size)
    return NULL;
  tag_size = TAG_HEADER_BYTES + BACK_POINTER_BYTES +
      (data[start + 1] << 16 | data[start + 2] << 8 | data[start + 3]);
  *offset = start + tag_size;
  return flv_file_cut (file, start, tag_size);
}

GstBuffer *
flv_tag_new (guint8 type, guint32 time_ms, const void *body, gsize size)
{
  gsize tag_size = TAG_HEADER_BYTES + size + BACK_POINTER_BYTES;
  guint8 *tag = g_malloc0 (tag_size);

  tag[0] = type;
  for (guint i = 0; i < 3; i++) {
    tag[1 + i] = size >> 8 * (2 - i);
    tag[4 + i] = time_ms >> 8 * (2 - i);
  }
  tag[7] = time_ms >> 24;
  memcpy (tag + TAG_HEADER_BYTES, body, size);
  for (guint i = 0; i < BACK_POINTER_BYTES; i++)
    tag[TAG_HEADER_BYTES + size + i] = (TAG_HEADER_BYTES + size) >> 8 * (3 - i);
  return gst_buffer_new_wrapped (tag, tag_size);
}
