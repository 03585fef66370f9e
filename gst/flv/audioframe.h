/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The frames of sound in a tag's payload, and how long each lasts, by what
 * their codec writes into them. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What the sequence header and the tag say; zeroes for what they don't. */
typedef struct
{
  guint rate;
  guint n_channels;
  guint n_samples; /* of each frame */
} FlvAudioFormat;

typedef struct
{
  /* What a decoder wants, from the start of the payload. */
  gsize offset;
  gsize size;
  gsize end;       /* where the next frame begins */
  guint n_samples; /* a channel; 0 if nobody knows */
  guint rate;
} FlvAudioFrame;

/* The first frame of the payload, or several that no decoder needs apart.
 * @size isn't 0. */
void flv_audio_frame_parse (FlvAudioFrame *frame, guint32 codec,
    const FlvAudioFormat *format, const guint8 *data, gsize size);

G_END_DECLS
