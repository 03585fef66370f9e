/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The elements that convert a track, as a field "via" of its caps: whepsink
 * shows it in its list of streams. */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* Returns: (transfer full): the decoder, the encoder and the payloader of a
 * chain: "avdec_aac ! opusenc ! rtpopuspay". */
gchar *gst_via_dup (GstElement *chain);

/* For a probe of events: if this one has caps without the field, it gets
 * caps with it. @via: (nullable): NULL to leave it as it is. */
void gst_via_say (GstPadProbeInfo *info, const gchar *via);

G_END_DECLS
