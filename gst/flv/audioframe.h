/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The audio frames in a tag's payload, and their durations according to the
 * codec's own headers. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The format according to the sequence header and the tag; unknown fields are
 * zero. */
typedef struct
{
  guint rate;
  guint n_channels;
  guint n_samples; /* of each frame */
} FlvAudioFormat;

typedef struct
{
  /* Start of the decoder's input, from the start of the payload. */
  gsize offset;
  gsize size;
  gsize end;       /* start of the next frame */
  guint n_samples; /* per channel; 0 if unknown */
  guint rate;
} FlvAudioFrame;

/* Parses the first frame of the payload, or several that need not be split for
 * decoders. @size isn't 0. */
void flv_audio_frame_parse (FlvAudioFrame *frame, guint32 codec,
    const FlvAudioFormat *format, const guint8 *data, gsize size);

G_END_DECLS
