/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The chains of elements that convert a publisher's tracks to RTP: one table,
 * caps → chain. */

#pragma once

#include "gst/live/gstbframes.h"
#include "gst/live/picturesize.h"
#include "gst/live/transcodeslots.h"

#include <gst/gst.h>

G_BEGIN_DECLS

typedef struct
{
  const gchar *caps;
  const gchar *pad;   /* the whepsink pad template it is linked to */
  const gchar *chain; /* in gst-launch syntax, with jobs of
                       * gstalternatives.h */
  PictureCodec picture;
  gboolean transcodes_video; /* no browser supports the codec */
  const gchar *decoder;      /* for an H.264 rendition: a job; nullable */
} GstRecipe;

/* Returns: (nullable): the recipe, or NULL for a codec that WebRTC does not
 * support and that can't be converted. */
const GstRecipe *gst_recipe_find (const GstCaps *caps);

/* Returns: (nullable): the rows of the table, in order; NULL after the last. */
const GstRecipe *gst_recipe_at (guint index);

/* Returns: (nullable) (transfer floating): a bin with the pads sink and src, or
 * NULL if an element is missing. Frames that its payloader could not parse are
 * dropped. Its caps name the elements that convert the track, in a field
 * "via". */
GstElement *gst_recipe_make (const GstRecipe *self, GError **error);

/* Returns: (transfer full): the decoder, the encoder and the payloader of a
 * chain: "avdec_aac ! opusenc ! rtpopuspay". */
gchar *gst_recipe_dup_via (GstElement *chain);

/* The name of h264livepay in a chain. */
#define GST_RECIPE_H264_PAY "h264livepay"
/* The name of the audio encoder in a chain. */
#define GST_RECIPE_OPUS_ENCODER "opusenc"
/* Names in the transcoder: of the encoder, and of the queue for decoded
 * pictures. */
#define GST_RECIPE_PICTURES "pictures"
#define GST_RECIPE_ENCODER "encoder"

/* Returns: (nullable) (transfer floating): a bin from byte-stream H.264 to the
 * same without B-frames; NULL if an element is missing. */
GstElement *gst_recipe_make_transcoder (GError **error);

/* The name of the tee in a chain with a decoder, where a rendition branches
 * off. */
#define GST_RECIPE_TEE "tee"
/* The name of a rendition's bin in the chain, and of the queue in that bin. */
#define GST_RECIPE_RENDITION "rendition"
#define GST_RECIPE_QUEUE "queue"

/* Returns whether all elements are available. */
gboolean gst_recipe_has_rendition (const GstRecipe *self);
/* Returns: (nullable) (transfer floating): a bin from the tee's caps to RTP,
 * with the pads sink and src; NULL if an element is missing. */
GstElement *gst_recipe_make_rendition (const GstRecipe *self, GError **error);

/* Returns: (nullable) (transfer floating): the H.264 payloader. */
GstElement *gst_recipe_make_h264_pay (void);

/* Applies rtmpwebrtcsink's properties to a chain. @slots outlive it. */
void gst_recipe_set_up (GstElement *chain, GstRtmpWebrtcBFrames b_frames,
    guint max_area, TranscodeSlots *slots, guint opus_ms);

G_END_DECLS
