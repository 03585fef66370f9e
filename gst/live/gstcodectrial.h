/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finds out whether an element that needs a device can be used here, without
 * keeping anybody waiting: it is tried in a thread of its own, once for all who
 * ask, and again after codecverdict.h's expiry. What can't be used is said once
 * until it can, by a warning of @element (nullable), or else in the log. For
 * any thread. */

#pragma once

#include "gst/live/codecverdict.h"

#include <gst/gst.h>

G_BEGIN_DECLS

/* Returns whether such an element can be started and, if it encodes H.264,
 * encodes a picture as it is set up here. */
CodecAnswer gst_codec_trial_ask (GstElementFactory *factory,
    GstElement *element);

/* There is no element of that name, which was asked for. */
void gst_codec_trial_note_missing (const gchar *name, GstElement *element);

G_END_DECLS
