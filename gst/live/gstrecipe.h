/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What makes RTP of a publisher's track: one table, caps → chain. */

#pragma once

#include "gst/live/picturesize.h"

#include <gst/gst.h>

G_BEGIN_DECLS

typedef struct
{
  const gchar *caps;
  const gchar *pad;   /* whepsink's template that the chain ends at */
  const gchar *chain; /* as for gst-launch */
  PictureCodec picture;
  gboolean transcodes_video; /* no browser plays the codec */
  const gchar *decoder; /* of a codec that some browsers lack, for a rendition
                         * in H.264; nullable */
  const gchar *decoder_threads; /* a property of it; nullable */
} GstRecipe;

/* Returns: (nullable): the recipe, or NULL for a codec that WebRTC can't
 * carry and nobody here can change. */
const GstRecipe *gst_recipe_find (const GstCaps *caps);

/* Returns: (nullable) (transfer floating): a bin with the pads sink and src, or
 * NULL if an element is missing. Frames that its payloader could not read are
 * left out. */
GstElement *gst_recipe_make (const GstRecipe *self, GError **error);

/* The name of h264livepay in a chain. */
#define GST_RECIPE_H264_PAY "h264livepay"
/* The name of the encoder of sound in a chain. */
#define GST_RECIPE_OPUS_ENCODER "opusenc"
/* The names, in the transcoder, of the encoder and of the queue that the
 * decoder's pictures come to. */
#define GST_RECIPE_PICTURES "pictures"
#define GST_RECIPE_ENCODER "encoder"

/* Returns: (nullable) (transfer floating): H.264 in a byte stream in, such
 * without B-frames out; NULL if an element is missing. */
GstElement *gst_recipe_make_transcoder (GError **error);

/* The name of the tee in a chain with a decoder, which the rendition starts
 * at. */
#define GST_RECIPE_TEE "tee"
/* The name of a rendition's bin in the chain, and of the queue in it. */
#define GST_RECIPE_RENDITION "rendition"
#define GST_RECIPE_QUEUE "queue"

/* Whether all elements are there. */
gboolean gst_recipe_has_rendition (const GstRecipe *self);
/* Returns: (nullable) (transfer floating): from what the tee has to RTP, as a
 * bin with the pads sink and src; NULL if an element is missing. */
GstElement *gst_recipe_make_rendition (const GstRecipe *self, GError **error);

/* Returns: (nullable) (transfer floating): the payloader of H.264. */
GstElement *gst_recipe_make_h264_pay (void);

G_END_DECLS
