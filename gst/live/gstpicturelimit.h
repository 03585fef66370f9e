/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Limits the size of pictures before a decoder has to allocate them. */

#pragma once

#include "gst/live/picturesize.h"

#include <gst/gst.h>

G_BEGIN_DECLS

/* 4096 × 2304, the largest of H.264's levels 5.1 and 5.2. */
#define GST_PICTURE_DEFAULT_MAX_AREA (4096 * 2304)

typedef enum
{
  GST_PICTURE_FITS,
  GST_PICTURE_UNKNOWN, /* no frame had a size yet */
  GST_PICTURE_TOO_LARGE,
} GstPictureVerdict;

/* To be embedded; initialised with the codec and the area. */
typedef struct
{
  PictureCodec codec;
  guint64 max_area;
  PictureSize size; /* the last size in a frame */
  gboolean is_over; /* posted that the chain gets no more frames */
} GstPictureLimit;

/* Checks the size of pictures from @frame on. */
GstPictureVerdict gst_picture_limit_check (GstPictureLimit *self,
    GstBuffer *frame);
/* Posts a warning and the message "track-unplayable" about the size. */
void gst_picture_limit_post (const GstPictureLimit *self, GstElement *element);

/* Drops the frames of @chain until one has a size. If that is too large, all
 * frames are dropped, and the chain posts a warning and "track-unplayable".
 * Guards @encoder. */
void gst_picture_limit_add (GstElement *chain, PictureCodec codec,
    const gchar *encoder, guint64 max_area);

/* Makes the encoder of that name in @bin report an error instead of taking
 * larger pictures, in case a decoder outputs some nevertheless. */
void gst_picture_limit_guard (GstBin *bin, const gchar *encoder,
    guint64 max_area);

/* The property "max-picture-area". */
GParamSpec *gst_picture_limit_param_spec (void);

G_END_DECLS
