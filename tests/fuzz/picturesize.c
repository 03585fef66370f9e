/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A size can be read from any bytes, and what follows a size in a byte stream
 * never makes it smaller. The first byte selects the codec. */

#include "gst/live/picturesize.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  static const guint8 unit[] = { 0, 0, 1, 0xff, 0xff };
  PictureSize picture = { 0 }, again = { 0 };
  g_autofree guint8 *longer = NULL;
  PictureCodec codec;

  if (size == 0)
    return 0;
  codec = data[0] % (PICTURE_VP6 + 1);
  if (!picture_size_read (&picture, codec, data + 1, size - 1)) {
    g_assert (picture.width == 0);
    return 0;
  }
  g_assert (codec != PICTURE_NONE);
  g_assert (picture_size_area (&picture) > 0);
  if (codec != PICTURE_H264 && codec != PICTURE_H265 && codec != PICTURE_MPEG4)
    return 0;
  longer = g_malloc (2 * size + sizeof unit);
  memcpy (longer, data + 1, size - 1);
  memcpy (longer + size - 1, unit, sizeof unit);
  memcpy (longer + size - 1 + sizeof unit, data + 1, size - 1);
  g_assert (
      picture_size_read (&again, codec, longer, 2 * (size - 1) + sizeof unit));
  g_assert (picture_size_area (&again) >= picture_size_area (&picture));
  return 0;
}
