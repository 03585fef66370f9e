/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The coded size of pictures, from the headers in their frames, before a
 * decoder gets them. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  PICTURE_NONE, /* not video, or of a codec that is never decoded here */
  PICTURE_H264, /* a byte stream */
  PICTURE_H265, /* a byte stream */
  PICTURE_AV1,  /* a temporal unit */
  PICTURE_VP8,
  PICTURE_VP9,
  PICTURE_MPEG4,
  PICTURE_SORENSON,
  PICTURE_VP6,
} PictureCodec;

typedef struct
{
  guint width, height;
} PictureSize;

/* Reads the largest size in @data, ignoring cropping. Returns FALSE if @data
 * has none: the last size still applies. */
gboolean picture_size_read (PictureSize *self, PictureCodec codec,
    const guint8 *data, gsize size);

/* Returns 0 if the size is zero. */
guint64 picture_size_area (const PictureSize *self);

G_END_DECLS
