/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finds the start of key frames in RTP payloads, because some payloaders (those
 * of VP8, VP9 and H.265 in GStreamer 1.22) flag their packets wrongly or not at
 * all. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Whether the payload is the first one of a key frame. */
typedef gboolean (*WhepKeyframeTest) (const guint8 *payload, gsize size);

/* Returns: (nullable): the test for the codec, or NULL if its packets are
 * flagged. */
WhepKeyframeTest whep_keyframe_test (const gchar *encoding_name);

G_END_DECLS
