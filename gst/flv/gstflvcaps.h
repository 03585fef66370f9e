/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Caps for the codecs of FLV: one table, one row per codec. */

#pragma once

#include "gst/flv/audioframe.h"
#include "gst/flv/packet.h"

#include <gst/gst.h>

G_BEGIN_DECLS

typedef struct
{
  guint32 codec;
  const gchar *caps;
  gboolean has_config;   /* a sequence header comes first */
  gboolean is_in_nalus;  /* frames consist of NAL units: see gstflvpicture.h */
  gboolean has_channels; /* the tags have the number of channels */
  guint n_skip;          /* bytes to remove from the start of each frame */
  gboolean is_for_viewers; /* audio that browsers play without transcoding */
  /* Adds the fields that the sequence header determines. Returns: (nullable):
   * NULL, or the reason why no decoder could use it, as text for viewers. */
  const gchar *(*refine) (GstCaps *caps, GstBuffer *config);
} FlvCodec;

/* Returns: (nullable): NULL if the table has no row for the codec. */
const FlvCodec *flv_codec_find (guint32 codec);

/* Returns: the common name of the codec, whether it has a row or not. */
gchar *flv_codec_dup_name (guint32 codec);

/* For codecs whose frames consist of NAL units.
 *
 * Returns: (transfer full) (nullable): the valid parts of the sequence header
 * @raw; NULL if there are none. */
GstBuffer *flv_codec_mend_config (const FlvCodec *self, GstBuffer *raw,
    guint *n_length_bytes);

/* @config: (nullable): the sequence header; NULL if the codec has none or the
 * stream contains it.
 *
 * Returns: (transfer full) (nullable): NULL if no decoder could use @config;
 * @why is then set to the reason. */
GstCaps *flv_codec_caps (const FlvCodec *self, const FlvPacket *packet,
    GstBuffer *config, const gchar **why);

/* The audio format in a sequence header that flv_codec_caps() has accepted. */
void flv_codec_audio_format (const FlvCodec *self, const FlvPacket *packet,
    GstBuffer *config, FlvAudioFormat *format);

G_END_DECLS
