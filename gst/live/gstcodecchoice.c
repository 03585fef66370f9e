/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The choice of codecs: see gstcodecchoice.h. */

#include "gst/live/gstcodecchoice.h"

void
gst_codec_choice_clear (GstCodecChoice *self)
{
  g_clear_pointer (&self->decoder, g_free);
  g_clear_pointer (&self->encoder, g_free);
  gst_clear_caps (&self->caps);
}
