/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The messages between an isolated decoder and its element: a header of fixed
 * size, then what its kind says. Both run on one machine, so that numbers have
 * its byte order. What the decoder sends is not trusted: a hostile stream may
 * have taken it over. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  WIRE_CAPS,    /* to the decoder: of the frames, as text */
  WIRE_FRAME,   /* to the decoder: a coded frame; back: a picture */
  WIRE_END,     /* to the decoder: there is no more; back: nor is there */
  WIRE_PICTURE, /* back: the format of the pictures from now on */
} WireKind;

/* A coded frame of 16 MiB is more than any level of any codec allows for. */
#define WIRE_MAX_FRAME (16 * 1024 * 1024)
/* A picture of 4096 × 2304 with 4:4:4 in 16 bits takes 57 MB, some of them
 * margins; max-picture-area may allow for more. */
#define WIRE_MAX_PICTURE (256 * 1024 * 1024)
#define WIRE_MAX_CAPS (64 * 1024)

typedef struct
{
  guint32 kind; /* a WireKind */
  guint32 size; /* of what follows */
  guint64 pts, dts, duration;
  guint32 flags; /* of the buffer */
  guint32 unused;
} WireHeader;

/* Of WIRE_PICTURE; the fields are those of GstVideoInfo. */
typedef struct
{
  guint32 format, interlace_mode;
  guint32 width, height;
  guint32 par_n, par_d, fps_n, fps_d;
  guint32 chroma_site, range, matrix, transfer, primaries;
} WirePicture;

/* The largest side, of any codec. */
#define WIRE_MAX_SIDE 16384

/* Returns whether the decoder may send this header. */
gboolean wire_is_reply (const WireHeader *self);
/* Returns whether the element may have sent this header. */
gboolean wire_is_request (const WireHeader *self);
/* Returns whether each number is within its limits; whether there is such a
 * format is up to the caller. */
gboolean wire_is_picture (const WirePicture *self);

G_END_DECLS
