/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The messages of an isolated decoder: see wire.h. */

#include "gst/isolation/wire.h"

/* More than any enumeration of these has. */
#define MAX_ENUM 64
/* Of a GstFraction: a frame rate may be 10000000/333667. */
#define MAX_RATIO G_MAXINT32

gboolean
wire_is_reply (const WireHeader *self)
{
  switch (self->kind) {
    case WIRE_FRAME:
      return self->size > 0 && self->size <= WIRE_MAX_PICTURE;
    case WIRE_END:
      return self->size == 0;
    case WIRE_PICTURE:
      return self->size == sizeof (WirePicture);
    default:
      return FALSE;
  }
}

gboolean
wire_is_request (const WireHeader *self)
{
  switch (self->kind) {
    case WIRE_CAPS:
      return self->size > 0 && self->size <= WIRE_MAX_CAPS;
    case WIRE_FRAME:
      return self->size > 0 && self->size <= WIRE_MAX_FRAME;
    case WIRE_END:
      return self->size == 0;
    default:
      return FALSE;
  }
}

static gboolean
is_ratio (guint32 n, guint32 d)
{
  return n <= MAX_RATIO && d > 0 && d <= MAX_RATIO;
}

gboolean
wire_is_picture (const WirePicture *self)
{
  return self->width > 0 && self->width <= WIRE_MAX_SIDE && self->height > 0 &&
      self->height <= WIRE_MAX_SIDE && self->par_n > 0 &&
      is_ratio (self->par_n, self->par_d) &&
      is_ratio (self->fps_n, self->fps_d) && self->interlace_mode < MAX_ENUM &&
      self->chroma_site < MAX_ENUM && self->range < MAX_ENUM &&
      self->matrix < MAX_ENUM && self->transfer < MAX_ENUM &&
      self->primaries < MAX_ENUM;
}
