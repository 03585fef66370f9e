/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Pictures up to an area, before a decoder has to find room for them. */

#pragma once

#include "gst/live/picturesize.h"

#include <gst/gst.h>

G_BEGIN_DECLS

/* 4096 × 2304, the largest of H.264's levels 5.1 and 5.2. */
#define GST_PICTURE_DEFAULT_MAX_AREA (4096 * 2304)

typedef enum
{
  GST_PICTURE_FITS,
  GST_PICTURE_UNKNOWN, /* no frame has said a size yet */
  GST_PICTURE_TOO_LARGE,
} GstPictureVerdict;

/* To be embedded; starts with the codec and the area. */
typedef struct
{
  PictureCodec codec;
  guint64 max_area;
  PictureSize size; /* the last that a frame has said */
  gboolean is_over; /* it has been said that the chain gets nothing more */
} GstPictureLimit;

/* Of the pictures from @frame on. */
GstPictureVerdict gst_picture_limit_check (GstPictureLimit *self,
    GstBuffer *frame);
/* A warning and the message "track-unplayable" about a size that is too large.
 */
void gst_picture_limit_post (const GstPictureLimit *self, GstElement *element);

/* Has @chain get no frame before one has said a size. If it is too large, none
 * at all: the chain warns and posts "track-unplayable". Guards @encoder. */
void gst_picture_limit_add (GstElement *chain, PictureCodec codec,
    const gchar *encoder, guint64 max_area);

/* Has the encoder of that name in @bin report an error in place of taking
 * pictures that are larger, should a decoder make some all the same. */
void gst_picture_limit_guard (GstBin *bin, const gchar *encoder,
    guint64 max_area);

/* Of a property "max-picture-area". */
GParamSpec *gst_picture_limit_param_spec (void);

G_END_DECLS
