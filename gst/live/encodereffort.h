/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How much of a machine a codec in software may use. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How much an encoder searches for a better picture of the same size. */
typedef enum
{
  ENCODER_EFFORT_LEAST,
  ENCODER_EFFORT_LESS,
  ENCODER_EFFORT_MORE,
  ENCODER_N_EFFORTS,
} EncoderEffortLevel;

typedef struct
{
  EncoderEffortLevel level;
  guint encoder_threads;
  guint decoder_threads;
} EncoderEffort;

EncoderEffort encoder_effort (guint n_cores);

G_END_DECLS
