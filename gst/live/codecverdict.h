/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is known of a codec that needs a device: the result of its last trial,
 * for as long as it counts, and whether one is under way. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A result is that old when the next question leads to another trial: a device
 * may come back, and an encoder's last session may become free. */
#define CODEC_VERDICT_EXPIRY_US (60 * G_USEC_PER_SEC)
/* A trial that takes longer counts as failed until it ends: the driver hangs.
 * Each of its steps has a shorter limit where it can have one. */
#define CODEC_VERDICT_PATIENCE_US (10 * G_USEC_PER_SEC)

typedef enum
{
  CODEC_UNKNOWN, /* there will be an answer soon */
  CODEC_WORKS,
  CODEC_FAILS,
} CodecAnswer;

/* To be embedded, zero at first. */
typedef struct
{
  CodecAnswer last;  /* of the last trial */
  gint64 since_us;   /* when that ended */
  gboolean is_tried; /* now */
  gint64 trial_us;   /* when that began */
} CodecVerdict;

/* @begins: (out): whether the caller has to begin a trial; there is one at a
 * time. Until it ends, an old success counts; after an old failure, there is no
 * answer. */
CodecAnswer codec_verdict_ask (CodecVerdict *self, gint64 now_us,
    gboolean *begins);
/* The trial has ended. */
void codec_verdict_note (CodecVerdict *self, gboolean works, gint64 now_us);

G_END_DECLS
