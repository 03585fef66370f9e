/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads MP4's boxes back: see boxes.h. */

#include "tests/support/boxes.h"

#include <string.h>

#define HEAD_BYTES 8

guint64
boxes_number (const guint8 *bytes, guint n)
{
  guint64 number = 0;

  for (guint i = 0; i < n; i++)
    number = number << 8 | bytes[i];
  return number;
}

static gboolean
contains_boxes (const guint8 *type)
{
  static const gchar *const types[] = { "moov", "trak", "mdia", "minf", "dinf",
    "stbl", "mvex", "moof", "traf" };

  for (guint i = 0; i < G_N_ELEMENTS (types); i++) {
    if (memcmp (type, types[i], 4) == 0)
      return TRUE;
  }
  return FALSE;
}

gboolean
boxes_are_whole (const guint8 *data, gsize size)
{
  while (size > 0) {
    gsize box = size >= HEAD_BYTES ? boxes_number (data, 4) : 0;

    if (box < HEAD_BYTES || box > size)
      return FALSE;
    if (contains_boxes (data + 4) &&
        !boxes_are_whole (data + HEAD_BYTES, box - HEAD_BYTES))
      return FALSE;
    data += box;
    size -= box;
  }
  return TRUE;
}

const guint8 *
boxes_find (const guint8 *data, gsize size, const gchar *path, gsize *body_size)
{
  while (size >= HEAD_BYTES) {
    gsize box = boxes_number (data, 4);

    if (box < HEAD_BYTES || box > size)
      return NULL;
    if (memcmp (data + 4, path, 4) == 0 && path[4] == '/')
      return boxes_find (data + HEAD_BYTES, box - HEAD_BYTES, path + 5,
          body_size);
    if (memcmp (data + 4, path, 4) == 0) {
      *body_size = box - HEAD_BYTES;
      return data + HEAD_BYTES;
    }
    data += box;
    size -= box;
  }
  return NULL;
}
