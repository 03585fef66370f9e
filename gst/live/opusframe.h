/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How long an Opus packet lasts (RFC 6716 section 3). Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Whatever an encoder was fed, Opus counts time by this clock. */
#define OPUS_FRAME_RATE 48000
/* Of 120 ms. */
#define OPUS_FRAME_MAX_SAMPLES 5760

/* Returns: the number of samples per channel; 0 if the packet is malformed. */
guint opus_frame_samples (const guint8 *data, gsize size);

G_END_DECLS
