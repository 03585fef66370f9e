/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The chains of elements that convert a publisher's tracks to RTP: one table,
 * caps → chain. */

#pragma once

#include "gst/live/gstcodecchoice.h"
#include "gst/live/gstevensound.h"
#include "gst/live/gstbframes.h"
#include "gst/live/gsth264encoders.h"
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
  /* Of sound that is forwarded as it is: see gstevensound.h; nullable. */
  GstEvenSoundSamples samples;
  guint sample_rate;
} GstRecipe;

/* Returns: (nullable): the recipe, or NULL for a codec that WebRTC does not
 * support and that can't be converted. */
const GstRecipe *gst_recipe_find (const GstCaps *caps);

/* Returns: (nullable): the rows of the table, in order; NULL after the last. */
const GstRecipe *gst_recipe_at (guint index);

/* Returns: (nullable) (transfer floating): a bin with the pads sink and src, or
 * NULL if an element is missing, or is still being tried (gstalternatives.h).
 * Frames that its payloader could not parse are dropped, and sound has even
 * timestamps. Its caps name the elements that convert the track, in a field
 * "via". @choice: nullable. */
GstElement *gst_recipe_make (const GstRecipe *self,
    const GstCodecChoice *choice, GError **error);

/* The name of h264livepay in a chain. */
#define GST_RECIPE_H264_PAY "h264livepay"
/* The name of the audio encoder in a chain. */
#define GST_RECIPE_OPUS_ENCODER "opusenc"
/* Names in the transcoder: of the encoder, and of the queue for decoded
 * pictures. */
#define GST_RECIPE_PICTURES "pictures"
#define GST_RECIPE_ENCODER GST_H264_ENCODERS_NAME

/* Returns: (nullable) (transfer floating): a bin from byte-stream H.264 to the
 * same without B-frames; NULL if an element is missing, or is still being
 * tried. @choice: nullable. */
GstElement *gst_recipe_make_transcoder (const GstCodecChoice *choice,
    GError **error);

/* Begins to try the encoder that a transcoder would have. */
void gst_recipe_try_encoders (const GstCodecChoice *choice);

/* The name of the tee in a chain with a decoder, where a rendition branches
 * off. */
#define GST_RECIPE_TEE "tee"
/* The name of a rendition's bin in the chain, and of the queue in that bin. */
#define GST_RECIPE_RENDITION "rendition"
#define GST_RECIPE_QUEUE "queue"

/* Returns whether all elements are available. @choice: nullable. */
gboolean gst_recipe_has_rendition (const GstRecipe *self,
    const GstCodecChoice *choice);
/* Returns: (nullable) (transfer floating): a bin from the tee's caps to RTP,
 * with the pads sink and src; NULL if an element is missing, or is still being
 * tried. @choice: nullable. */
GstElement *gst_recipe_make_rendition (const GstRecipe *self,
    const GstCodecChoice *choice, GError **error);
/* From now on, the caps of @chain name the elements of @rendition, too, or no
 * longer if that is NULL. For the streaming thread. */
void gst_recipe_note_rendition (GstElement *chain, GstElement *rendition);

/* Returns: (transfer floating): the H.264 payloader. */
GstElement *gst_recipe_make_h264_pay (void);

/* rtmpwebrtcsink's properties as far as a chain needs them. */
typedef struct
{
  GstRtmpWebrtcBFrames b_frames;
  guint max_area;
  TranscodeSlots *slots; /* not owned; outlive the chain */
  guint opus_ms;
  guint datagram_bytes;
  GstCodecChoice choice;
} GstRecipeSettings;

/* Applies the settings to a chain. */
void gst_recipe_set_up (GstElement *chain, const GstRecipeSettings *settings);
/* Frees the contents. */
void gst_recipe_settings_clear (GstRecipeSettings *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GstRecipeSettings, gst_recipe_settings_clear)

G_END_DECLS
