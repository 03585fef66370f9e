/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Gives sound that is forwarded as it is even timestamps: see evensteps.h. */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* Returns: the number of samples per channel; 0: unknown. */
typedef guint (*GstEvenSoundSamples) (const guint8 *data, gsize size);

/* For what passes @pad from now on. */
void gst_even_sound_add (GstPad *pad, GstEvenSoundSamples samples, guint rate);

G_END_DECLS
