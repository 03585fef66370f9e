/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How large the pictures of a codec are, as coded, from what its frames say
 * before any decoder gets them. Pure. */

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

/* Reads the largest size that @data speaks of, cropping not regarded. Returns
 * FALSE if it speaks of none: it goes on with the last. */
gboolean picture_size_read (PictureSize *self, PictureCodec codec,
    const guint8 *data, gsize size);

/* Of a size that is zero, 0. */
guint64 picture_size_area (const PictureSize *self);

G_END_DECLS
