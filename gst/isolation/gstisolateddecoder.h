/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* isolateddecoder: a decoder in a process of its own. A stream that kills it
 * costs that stream a second, and the gateway nothing. It is registered for
 * this process alone. */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

#define GST_TYPE_ISOLATED_DECODER (gst_isolated_decoder_get_type ())
G_DECLARE_FINAL_TYPE (GstIsolatedDecoder, gst_isolated_decoder, GST,
    ISOLATED_DECODER, GstElement)

/* Returns: (nullable) (transfer full): the element around @chain, in gst-launch
 * syntax; NULL if the program that it starts is not installed. */
gchar *gst_isolated_decoder_dup_chain (const gchar *chain);

/* Returns: (transfer full): the name of the decoder in it. */
gchar *gst_isolated_decoder_dup_name (GstIsolatedDecoder *self);

G_END_DECLS
