/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finds out whether an element that needs a device can be used here. What can't
 * is said once in the life of the process, by a warning of @element (nullable),
 * or else in the log. For any thread. */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* Returns whether such an element can be started. */
gboolean gst_codec_trial_starts (GstElementFactory *factory,
    GstElement *element);

/* Returns whether the encoder, as it is set up here, can encode a picture. It
 * is tried once in the life of the process. */
gboolean gst_codec_trial_encodes (GstElementFactory *factory,
    GstElement *element);

/* There is no element of that name, which was asked for. */
void gst_codec_trial_note_missing (const gchar *name, GstElement *element);

G_END_DECLS
